"""Admin of editors and reporters: one list, one page to add somebody; admin of assignments.

An account that has published something cannot be deleted, only deactivated.
"""

from collections.abc import Callable
from functools import partial

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django_otp import user_has_device
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_stubs_ext import StrOrPromise

from results.desk import throttle
from results.editor import account_actions, person_list
from results.editor.annotations import Context, Fieldsets, InlineFormSet
from results.editor.audited_admin import AuditedAdminMixin
from results.editor.base import DeskAdmin, editor_of
from results.editor.bulk_reporters import bulk_reporters_view
from results.editor.deletion import DeletionMixin
from results.editor.person_forms import AssignmentsForm, NewPersonForm, PersonForm
from results.editor.phone_address import phone_address, store_phone_address
from results.editor.roles import ADMINISTRATOR, REPORTER, ROLE_WORDS, ROLES
from results.editor.second_factor_reset import reset_view
from results.models import Assignment, Bulletin, Declaration, IdempotencyRecord

admin.site.unregister(User)
# django-otp's own admin would change a second factor without an audit entry.
admin.site.unregister([TOTPDevice, StaticDevice])


class RoleFilter(admin.SimpleListFilter):
    title = _("role")
    parameter_name = "role"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[User]
    ) -> list[tuple[str, StrOrPromise]]:
        if not getattr(request.user, "is_superuser", False):
            return []
        return [(role, words[0]) for role, words in ROLE_WORDS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        role = self.value()
        if role == ADMINISTRATOR:
            return queryset.filter(is_superuser=True)
        if role == REPORTER:
            return queryset.filter(is_superuser=False, is_staff=False)
        if role in ROLES:
            return queryset.filter(is_superuser=False, is_staff=True, groups__name=role)
        return queryset


@admin.register(User)
class DeskUserAdmin(DeletionMixin[User], AuditedAdminMixin[User], UserAdmin[User]):
    """Admin of editors and reporters, by role. Nobody types a password for somebody else."""

    form = PersonForm
    add_form = NewPersonForm
    add_form_template = None
    change_user_password_template = None
    list_display = ("who", "role", "signs_in", "last_seen", "second_factor_set", "reports_from")
    list_filter = (RoleFilter, "is_active")
    ordering = ("last_name", "first_name", "username")
    filter_horizontal = ()
    readonly_fields = ("username", "credentials", "locked", "second_factor", "seen")
    fieldsets = (
        (None, {"fields": ("username", "first_name", "last_name", "email")}),
        (_("Role"), {"fields": ("role",)}),
        (_("At the counts"), {"fields": ("contests", "trusted")}),
        (_("Signing in"), {"fields": ("credentials", "second_factor", "locked", "seen")}),
    )
    add_fieldsets = (
        (None, {"fields": ("name", "username", "role")}),
        (_("At the counts"), {"fields": ("contests", "trusted")}),
        (
            _("Signing in"),
            {
                "fields": ("phone_address",),
                "description": _(
                    "Saving makes a sheet with a link and a QR code, shown once. A reporter signs "
                    "in with it. An editor chooses a password with it, and sets up the second "
                    "factor."
                ),
            },
        ),
    )

    # --- The list -----------------------------------------------------------------------------

    who = staticmethod(person_list.who)
    role = staticmethod(person_list.role)
    last_seen = staticmethod(person_list.last_seen)
    second_factor_set = staticmethod(person_list.second_factor_set)
    reports_from = staticmethod(person_list.reports_from)
    signs_in = staticmethod(person_list.signs_in)
    signs_in_only = staticmethod(person_list.signs_in_only)
    seen = staticmethod(person_list.last_seen)

    def get_list_display(self, request: HttpRequest) -> list[str | Callable[[User], str | bool]]:
        """Replace the column of actions for users who may only view accounts."""
        may = self.has_change_permission(request)
        shown = super().get_list_display(request)
        return ["signs_in_only" if name == "signs_in" and not may else name for name in shown]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Administrators see everybody; others see reporters."""
        assignments = Prefetch("assignments", Assignment.objects.select_related("contest"))
        users = super().get_queryset(request).select_related("phone")
        users = users.prefetch_related(
            assignments, "groups", "passes", "invitations", "totpdevice_set"
        )
        return users if _is_administrator(request) else users.filter(is_staff=False)

    def changelist_view(
        self, request: HttpRequest, extra_context: Context | None = None
    ) -> HttpResponse:
        title = {"title": _("Editors and reporters")}
        return super().changelist_view(request, title | (extra_context or {}))

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Context | None = None
    ) -> HttpResponse:
        title = {"title": _("Add an editor or a reporter"), "show_save_and_continue": False}
        title |= {"show_save_and_add_another": False}
        return super().add_view(request, form_url, title | (extra_context or {}))

    # --- One account --------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        actions = [
            path(
                f"<int:pk>/{name}/",
                wrap(partial(account_actions.action_view, name=name)),
                name=f"account_{name}",
            )
            for name in account_actions.ACTIONS
        ]
        return [
            path("several/", wrap(bulk_reporters_view), name="several_reporters"),
            path("<int:pk>/second-factor/", wrap(reset_view), name="reset_second_factor"),
            path(
                "<int:pk>/new-credentials/",
                wrap(account_actions.new_credentials_view),
                name="new_credentials",
            ),
            *actions,
            *super().get_urls(),
        ]

    def user_change_password(
        self,
        request: HttpRequest,
        id: str,  # noqa: A002
        form_url: str = "",
    ) -> HttpResponse:
        """Redirect to the account: users choose their passwords themselves, by a link."""
        return HttpResponseRedirect(reverse("admin:auth_user_change", args=[id]))

    def get_form(
        self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: object
    ) -> type[forms.ModelForm[User]]:
        form = super().get_form(request, obj, change=change, **kwargs)
        if issubclass(form, (NewPersonForm, PersonForm)):
            form.may_appoint = _is_administrator(request)
        if issubclass(form, NewPersonForm):
            form.known_address = phone_address(request)
        return form

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Fieldsets:
        """Hide the role and the second factor from everybody but administrators."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or _is_administrator(request):
            return fieldsets
        hidden = {"role", "second_factor"}
        if not self.has_change_permission(request):
            hidden |= {"credentials"}
        shown = [
            (title, options, [name for name in options["fields"] if name not in hidden])
            for title, options in fieldsets
        ]
        return [(title, {**options, "fields": names}) for title, options, names in shown if names]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        return [*super().get_readonly_fields(request, obj)] if obj else []

    @admin.display(description=_("lock"))
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

    @admin.display(description=_("signs in with"))
    def credentials(self, user: User) -> str:
        """The account's credentials, and links to the actions on them."""
        links = person_list.action_links(user)
        items = format_html_join(" · ", '<a href="{}">{}</a>', links)
        return format_html("{}<br>{}", person_list.credentials_of(user), items)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and has_published(obj))

    # --- Saving -------------------------------------------------------------------------------

    def save_related(
        self,
        request: HttpRequest,
        form: AssignmentsForm,
        formsets: list[InlineFormSet],
        change: bool,
    ) -> None:
        super().save_related(request, form, formsets, change)
        form.assign(form.instance)
        if not change:
            address = form.cleaned_data["phone_address"]
            store_phone_address(address, by=editor_of(request))

    def response_add(
        self, request: HttpRequest, obj: User, post_url_continue: str | None = None
    ) -> HttpResponse:
        return account_actions.issue_credentials(request, obj)


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


def _is_administrator(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))


def has_published(user: User) -> bool:
    """Whether the record refers to this user."""
    return (
        Bulletin.objects.filter(by=user).exists()
        or Declaration.objects.filter(by=user).exists()
        or IdempotencyRecord.objects.filter(by=user).exists()
    )
