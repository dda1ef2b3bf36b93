"""Forms of the admin's editors and reporters: their names, roles and counts, and no password."""

from typing import Unpack

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import gettext as _, gettext_lazy

from results.desk.accounts import is_too_long, set_full_name, set_trusted
from results.editor.annotations import CleanedData, FormData, FormFiles, ModelFormOptions
from results.editor.autocomplete import MultipleAutocomplete
from results.editor.phone_address import PhoneAddressField
from results.editor.roles import ADMINISTRATOR, NO_ROLE, REPORTER, ROLE_WORDS, role_of, set_role
from results.forms import VisibleTextField, WholeSlugField
from results.models import PUBLISH_UNREVIEWED, Assignment, Contest

#: Characters of a person's name that the pages have room for.
MAX_NAME = 120


class AssignmentsForm(forms.ModelForm[User]):
    """Fields for the contests that a user reports from, and for whether they are trusted."""

    contests = forms.ModelMultipleChoiceField(
        Contest.objects.select_related("election"),
        required=False,
        label=gettext_lazy("Reports from"),
        help_text=gettext_lazy("They may enter figures for these counts, and for no others."),
        widget=MultipleAutocomplete(
            Assignment._meta.get_field("contest"), admin.site, attrs={"data-width": "100%"}
        ),
    )

    trusted = forms.BooleanField(
        required=False,
        label=gettext_lazy("Trusted"),
        help_text=gettext_lazy(
            "Quotes and photos go straight out. Otherwise the desk approves them first."
        ),
    )

    def __init__(
        self,
        data: FormData | None = None,
        files: FormFiles | None = None,
        **options: Unpack[ModelFormOptions[User]],
    ) -> None:
        super().__init__(data, files, **options)
        if self.instance.pk and "trusted" in self.fields:
            self.fields["trusted"].initial = self.instance.user_permissions.filter(
                codename=PUBLISH_UNREVIEWED
            ).exists()
        if self.instance.pk and "contests" in self.fields:
            assigned = Contest.objects.filter(assignments__reporter=self.instance)
            self.fields["contests"].initial = list(assigned.values_list("pk", flat=True))

    def assign(self, reporter: User) -> None:
        """Store the chosen contests and whether the reporter is trusted."""
        if "trusted" in self.changed_data:
            set_trusted(reporter, self.cleaned_data["trusted"])
        if "contests" not in self.cleaned_data:
            return
        chosen = {contest.pk for contest in self.cleaned_data["contests"]}
        assignments = Assignment.objects.filter(reporter=reporter)
        assignments.exclude(contest__in=chosen).delete()
        existing = set(assignments.values_list("contest_id", flat=True))
        Assignment.objects.bulk_create(
            Assignment(reporter=reporter, contest_id=contest) for contest in chosen - existing
        )


def _role_choices(*roles: str) -> list[tuple[str, SafeString]]:
    return [
        (role, format_html("<strong>{}</strong> – {}", *words))
        for role, words in ROLE_WORDS.items()
        if role in roles
    ]


class RoleField(forms.ChoiceField):
    """Choice of the account's role, in words; the permissions follow from it."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Role"),
            choices=_role_choices(*ROLE_WORDS),
            widget=forms.RadioSelect,
            initial=REPORTER,
        )


class NewPersonForm(AssignmentsForm):
    """A new account: a name, a role, counts. Its pass or invitation is made when it is saved.

    `may_appoint` is whether the user of the form may give roles other than a reporter's;
    `known_address` is where phones reach this desk, as far as is known.
    """

    may_appoint = False
    known_address = ""

    name = VisibleTextField(
        label=gettext_lazy("Name"),
        max_length=MAX_NAME,
        widget=forms.TextInput(attrs={"size": 40, "autocomplete": "off"}),
        help_text=gettext_lazy("First name and last name, as colleagues know them."),
        error_messages={"required": gettext_lazy("Give their name.")},
    )
    username = WholeSlugField(
        label=gettext_lazy("User name"),
        required=False,
        max_length=150,
        widget=forms.TextInput(attrs={"size": 40, "autocomplete": "off", "autocapitalize": "none"}),
        help_text=gettext_lazy("Empty: made of the name, as “ann-smith”."),
    )
    role = RoleField()
    phone_address = PhoneAddressField()

    class Meta:
        model = User
        fields = ()

    def __init__(
        self,
        data: FormData | None = None,
        files: FormFiles | None = None,
        **options: Unpack[ModelFormOptions[User]],
    ) -> None:
        super().__init__(data, files, **options)
        self.fields["phone_address"].initial = self.known_address
        role = self.fields.get("role")
        if not self.may_appoint and isinstance(role, forms.ChoiceField):
            role.choices = _role_choices(REPORTER)

    def clean(self) -> CleanedData:
        data = super().clean() or {}
        name = data.get("name", "")
        username = data.get("username") or slugify(name)
        data["username"] = username
        if not name or "username" in self.errors:
            return data
        if not username:
            self.add_error("username", _("Give a user name of letters a to z and digits."))
        elif is_too_long(username, name):
            self.add_error("name", _("The name is too long: shorten it."))
        elif User.objects.filter(username__iexact=username).exists():
            text = _("There is an account “%(name)s”: choose another user name.")
            self.add_error("username", text % {"name": username})
        if data.get("role") not in (REPORTER, None) and data.get("contests"):
            self.add_error(
                "contests", _("Only reporters are sent to counts: editors see all of them.")
            )
        return data

    def _post_clean(self) -> None:
        self.instance.username = self.cleaned_data.get("username", "")
        self.instance.set_unusable_password()
        super()._post_clean()  # type: ignore[misc]  # not in stubs

    def assign(self, reporter: User) -> None:
        set_full_name(reporter, self.cleaned_data["name"])
        set_role(reporter, self.cleaned_data["role"])
        super().assign(reporter)


class PersonForm(AssignmentsForm):
    """An account: name and counts, and the role if the form's user `may_appoint`."""

    may_appoint = False
    role = RoleField()

    class Meta:
        model = User
        fields = ("first_name", "last_name", "email")

    def __init__(
        self,
        data: FormData | None = None,
        files: FormFiles | None = None,
        **options: Unpack[ModelFormOptions[User]],
    ) -> None:
        super().__init__(data, files, **options)
        role = self.fields["role"]
        if not self.may_appoint:
            # Hiding the field is not enough: a posted value must be ignored as well.
            del self.fields["role"]
        elif isinstance(role, forms.ChoiceField):
            role.initial = role_of(self.instance)
            if role.initial == NO_ROLE:
                role.required = False

    def clean_role(self) -> str:
        role: str = self.cleaned_data["role"]
        administrators = User.objects.filter(is_superuser=True, is_active=True)
        others = administrators.exclude(pk=self.instance.pk)
        if self.instance.is_superuser and role != ADMINISTRATOR and not others.exists():
            raise forms.ValidationError(
                _("This is the only administrator: make somebody else one first.")
            )
        return role

    def assign(self, reporter: User) -> None:
        if "role" in self.changed_data and self.cleaned_data.get("role"):
            set_role(reporter, self.cleaned_data["role"])
        super().assign(reporter)
