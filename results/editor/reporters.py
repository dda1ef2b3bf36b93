"""People who sign in: reporters with their counts on one page, and editors.

Whoever has published something stays in the record; they can be made inactive.
"""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Permission, User
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django_otp import user_has_device
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from results.desk import throttle
from results.editor.audited_admin import AuditedAdminMixin
from results.editor.autocomplete import MultipleAutocomplete
from results.editor.base import DeskAdmin
from results.editor.bulk_reporters import bulk_reporters_view
from results.editor.second_factor_reset import reset_view
from results.models import (
    PUBLISH_UNREVIEWED,
    Assignment,
    Bulletin,
    Contest,
    Declaration,
    IdempotencyRecord,
)


class WithContests(forms.ModelForm):  # type: ignore[type-arg]
    """The counts that someone reports from, chosen by typing a part of their names."""

    contests = forms.ModelMultipleChoiceField(
        Contest.objects.select_related("election"),
        required=False,
        label=_("Reports from"),
        help_text=_("They may enter figures for these counts, and for no others."),
        widget=MultipleAutocomplete(
            Assignment._meta.get_field("contest"), admin.site, attrs={"data-width": "100%"}
        ),
    )

    trusted = forms.BooleanField(
        required=False,
        label=_("Trusted"),
        help_text=_("Quotes and photos go straight out. Otherwise the desk approves them first."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "trusted" in self.fields:
            self.fields["trusted"].initial = self.instance.user_permissions.filter(
                codename=PUBLISH_UNREVIEWED
            ).exists()
        if self.instance.pk and "contests" in self.fields:
            sent = Contest.objects.filter(assignments__reporter=self.instance)
            self.fields["contests"].initial = list(sent.values_list("pk", flat=True))

    def assign(self, reporter: User) -> None:
        """Let the reporter's contests be those chosen, and leave alone what is so already."""
        if "trusted" in self.changed_data:
            trust = Permission.objects.get(codename=PUBLISH_UNREVIEWED)
            change = reporter.user_permissions
            (change.add if self.cleaned_data["trusted"] else change.remove)(trust)
        if "contests" not in self.cleaned_data:
            return
        chosen = {contest.pk for contest in self.cleaned_data["contests"]}
        assignments = Assignment.objects.filter(reporter=reporter)
        assignments.exclude(contest__in=chosen).delete()
        already = set(assignments.values_list("contest_id", flat=True))
        Assignment.objects.bulk_create(
            Assignment(reporter=reporter, contest_id=contest) for contest in chosen - already
        )


class NewUserForm(WithContests, AdminUserCreationForm):  # type: ignore[type-arg]
    pass


class UserForm(WithContests, UserChangeForm):  # type: ignore[type-arg]
    pass


admin.site.unregister(User)
# Their pages of django-otp's would change a second factor without a word on the record.
admin.site.unregister([TOTPDevice, StaticDevice])


@admin.register(User)
class DeskUserAdmin(AuditedAdminMixin, UserAdmin):  # type: ignore[type-arg]
    """A reporter is a user with contests; an editor is a user with the run of this desk."""

    form = UserForm
    add_form = NewUserForm
    add_form_template = None
    list_display = ("username", "first_name", "last_name", "reports_from", "is_staff", "is_active")
    list_filter = ("is_staff", "is_active", "groups")
    fieldsets = (
        (None, {"fields": ("username", "password", "locked")}),
        (_("Name"), {"fields": ("first_name", "last_name", "email")}),
        (_("At the counts"), {"fields": ("contests", "trusted", "ways_in")}),
        (
            _("Permissions"),
            {
                "fields": (
                    "is_active",
                    "is_staff",
                    "is_superuser",
                    "groups",
                    "user_permissions",
                    "second_factor",
                )
            },
        ),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "first_name", "last_name", "contests", "trusted")}),
        (
            _("Signing in"),
            {
                "fields": ("usable_password", "password1", "password2"),
                "description": _("A reporter who signs in with a pass needs no password."),
            },
        ),
    )

    @admin.display(description=_("reports from"), empty_value="–")
    def reports_from(self, user: Any) -> str | None:
        names = [assignment.contest.name for assignment in user.assignments.all()]
        more = len(names) - 3
        shown = ", ".join(names[:3])
        return (f"{shown} +{more}" if more > 0 else shown) or None

    readonly_fields = ("ways_in", "locked", "second_factor")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """All for who has the run of the desk; for others those at the counts."""
        sent = Prefetch("assignments", Assignment.objects.select_related("contest"))
        users = super().get_queryset(request).prefetch_related(sent)
        return users if request.user.is_superuser else users.filter(is_staff=False)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Only who has the run of the desk gives rights to others, or to themselves."""
        sets = super().get_fieldsets(request, obj)
        if request.user.is_superuser or obj is None:
            return sets
        rights = {"is_staff", "is_superuser", "groups", "user_permissions", "second_factor"}
        return [
            (title, {**options, "fields": [f for f in options["fields"] if f not in rights]})
            for title, options in sets
        ]

    def get_urls(self) -> list[URLPattern]:
        several = self.admin_site.admin_view(bulk_reporters_view)
        reset = self.admin_site.admin_view(reset_view)
        return [
            path("several/", several, name="several_reporters"),
            path("<int:pk>/second-factor/", reset, name="reset_second_factor"),
            *super().get_urls(),
        ]

    @admin.display(description=_("sign-in"))
    def locked(self, user: Any) -> str:
        """Say whether wrong tries lock this account out somewhere, and link to unlocking it."""
        closed = throttle.locked_until(user.get_username())
        if closed is None:
            return str(_("Not locked"))
        address = f"{reverse('admin:results_signinthrottle_changelist')}?q={user.get_username()}"
        words = _("Locked until %(until)s: unlock") % {"until": closed.clock}
        return format_html('<a href="{}">{}</a>', address, words)

    @admin.display(description=_("second factor"))
    def second_factor(self, user: Any) -> str:
        if not user_has_device(user):
            return str(_("None"))
        address = reverse("admin:reset_second_factor", args=[user.pk])
        return format_html('{} · <a href="{}">{}</a>', _("Set up"), address, _("Reset"))

    @admin.display(description=_("pass"))
    def ways_in(self, user: Any) -> str:
        """Where a link, a picture of it and a code for this reporter are made, and revoked."""
        if user.is_staff:
            return str(_("Signs in with a password."))
        add, listed = (
            reverse("admin:results_reporterpass_add"),
            reverse("admin:results_reporterpass_changelist"),
        )
        return format_html(
            '<a href="{}?reporter={}">{}</a> · <a href="{}?q={}">{}</a>',
            add,
            user.pk,
            _("New pass"),
            listed,
            user.get_username(),
            _("Passes so far"),
        )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_delete_permission(request, obj)
        return allowed and not (obj and is_in_the_record(obj))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        form.assign(form.instance)


@admin.register(Assignment)
class AssignmentAdmin(DeskAdmin[Assignment]):
    list_display = ("reporter", "contest", "election")
    list_filter = (("contest__election", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("reporter", "contest__election")
    search_fields = ("reporter__username", "reporter__last_name", "contest__name")
    autocomplete_fields = ("reporter", "contest")

    @admin.display(description=_("election"), ordering="contest__election")
    def election(self, assignment: Assignment) -> str:
        return str(assignment.contest.election)


def is_in_the_record(user: User) -> bool:
    return (
        Bulletin.objects.filter(by=user).exists()
        or Declaration.objects.filter(by=user).exists()
        or IdempotencyRecord.objects.filter(by=user).exists()
    )
