"""Admin of users: reporters with their contests, and editors; admin of assignments.

A user who has published something cannot be deleted, only made inactive.
"""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import User
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django_otp import user_has_device
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from results.desk import throttle
from results.desk.accounts import set_trusted
from results.editor.annotations import InlineFormSet
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


class AssignmentsForm(forms.ModelForm[User]):
    """Fields for the contests that a user reports from, and for whether they are trusted."""

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


class NewUserForm(AssignmentsForm, AdminUserCreationForm[User]):
    pass


class UserForm(AssignmentsForm, UserChangeForm[User]):
    pass


admin.site.unregister(User)
# django-otp's own admin would change a second factor without an audit entry.
admin.site.unregister([TOTPDevice, StaticDevice])


@admin.register(User)
class DeskUserAdmin(AuditedAdminMixin[User], UserAdmin[User]):
    """Admin of users. Reporters are users with contests, editors are staff."""

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
    def reports_from(self, user: User) -> str | None:
        names = [assignment.contest.full_name for assignment in user.assignments.all()]
        more = len(names) - 3
        text = ", ".join(names[:3])
        return (f"{text} +{more}" if more > 0 else text) or None

    readonly_fields = ("ways_in", "locked", "second_factor")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Superusers see all users; others see reporters."""
        assignments = Prefetch("assignments", Assignment.objects.select_related("contest"))
        users = super().get_queryset(request).prefetch_related(assignments)
        return users if request.user.is_superuser else users.filter(is_staff=False)

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Hide the fields that grant permissions from everybody but superusers."""
        fieldsets = super().get_fieldsets(request, obj)
        if request.user.is_superuser or obj is None:
            return fieldsets
        permissions = {"is_staff", "is_superuser", "groups", "user_permissions", "second_factor"}
        return [
            (title, {**options, "fields": [f for f in options["fields"] if f not in permissions]})
            for title, options in fieldsets
        ]

    def get_urls(self) -> list[URLPattern]:
        bulk = self.admin_site.admin_view(bulk_reporters_view)
        reset = self.admin_site.admin_view(reset_view)
        return [
            path("several/", bulk, name="several_reporters"),
            path("<int:pk>/second-factor/", reset, name="reset_second_factor"),
            *super().get_urls(),
        ]

    @admin.display(description=_("sign-in"))
    def locked(self, user: User) -> str:
        """Show whether the account is locked out, with a link to unlock it."""
        closed = throttle.locked_until(user.get_username())
        if closed is None:
            return str(_("Not locked"))
        url = f"{reverse('admin:results_signinthrottle_changelist')}?q={user.get_username()}"
        text = _("Locked until %(until)s: unlock") % {"until": closed.clock}
        return format_html('<a href="{}">{}</a>', url, text)

    @admin.display(description=_("second factor"))
    def second_factor(self, user: User) -> str:
        if not user_has_device(user):
            return str(_("None"))
        url = reverse("admin:reset_second_factor", args=[user.pk])
        return format_html('{} · <a href="{}">{}</a>', _("Set up"), url, _("Reset"))

    @admin.display(description=_("pass"))
    def ways_in(self, user: User) -> str:
        """Link to issuing a pass for this reporter, and to the passes issued so far."""
        if user.is_staff:
            return str(_("Signs in with a password."))
        return format_html(
            '<a href="{}?reporter={}">{}</a> · <a href="{}?q={}">{}</a>',
            reverse("admin:results_reporterpass_add"),
            user.pk,
            _("New pass"),
            reverse("admin:results_reporterpass_changelist"),
            user.get_username(),
            _("Passes so far"),
        )

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and has_published(obj))

    def save_related(
        self,
        request: HttpRequest,
        form: AssignmentsForm,
        formsets: list[InlineFormSet],
        change: bool,
    ) -> None:
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


def has_published(user: User) -> bool:
    """Whether the record refers to this user."""
    return (
        Bulletin.objects.filter(by=user).exists()
        or Declaration.objects.filter(by=user).exists()
        or IdempotencyRecord.objects.filter(by=user).exists()
    )
