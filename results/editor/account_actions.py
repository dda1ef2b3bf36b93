"""Views of one account's credentials: a new pass or link, revoke, deactivate, reactivate."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy
from django_stubs_ext import StrOrPromise

from results import desk
from results.desk.accounts import revoke_credentials, set_active
from results.desk.changes import change_of
from results.editor.admin_page import admin_page
from results.editor.annotations import Context
from results.editor.base import editor_of
from results.editor.invitations import invitation_sheet
from results.editor.passes import pass_sheet
from results.editor.phone_address import (
    PhoneAddressField,
    phone_address,
    store_phone_address,
)
from results.editor.roles import role_name
from results.models import Invitation, ReporterPass, ReviewItem
from results.words.user_names import user_name


@dataclass(frozen=True, slots=True)
class AccountAction:
    """An action on an account: the texts of its page, and the function that performs it."""

    title: StrOrPromise
    #: Effects of the action, as sentences.
    effects: tuple[StrOrPromise, ...]
    button: StrOrPromise
    done: StrOrPromise
    perform: Callable[[User, User], object]


def _deactivate(user: User, by: User) -> None:
    set_active(user, False, by=by)


def _reactivate(user: User, by: User) -> None:
    set_active(user, True, by=by)


def _revoke(user: User, by: User) -> None:
    with transaction.atomic():
        revoke_credentials(user)
        what = _("passes and links revoked")
        desk.record_action(by, what, about=user.get_username(), change=change_of(user))


ACTIONS = {
    "deactivate": AccountAction(
        gettext_lazy("Deactivate %(name)s"),
        (
            gettext_lazy("They are signed out everywhere, and cannot sign in again."),
            gettext_lazy("Their passes and links end. What their phone has not sent stays on it."),
            gettext_lazy("What they published stays, under their name."),
            gettext_lazy("It can be undone: “Reactivate”, then a new pass or link."),
        ),
        gettext_lazy("Deactivate"),
        gettext_lazy("%(name)s is deactivated."),
        _deactivate,
    ),
    "reactivate": AccountAction(
        gettext_lazy("Reactivate %(name)s"),
        (
            gettext_lazy("They may sign in again, with the role and the counts that they had."),
            gettext_lazy("Their earlier passes and links stay ended: give them a new one."),
        ),
        gettext_lazy("Reactivate"),
        gettext_lazy("%(name)s may sign in again. Give them a new pass or link."),
        _reactivate,
    ),
    "revoke": AccountAction(
        gettext_lazy("Revoke the passes and links of %(name)s"),
        (
            gettext_lazy("A phone that is signed in by a pass is signed out at once."),
            gettext_lazy("Links that nobody has used end. A password still opens the account."),
            gettext_lazy("It cannot be undone, but a new pass or link can be made at any time."),
        ),
        gettext_lazy("Revoke"),
        gettext_lazy("The passes and links of %(name)s have ended."),
        _revoke,
    ),
}


def account_for(request: HttpRequest, pk: int) -> User:
    """The account, if the user may change it. Raises PermissionDenied and Http404.

    Only administrators change accounts of staff.
    """
    if not request.user.has_perm("auth.change_user"):
        raise PermissionDenied
    users = User.objects.all()
    if not getattr(request.user, "is_superuser", False):
        users = users.filter(is_staff=False, is_superuser=False)
    return get_object_or_404(users, pk=pk)


def action_view(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Ask for a confirmation, then carry the action out."""
    user, by = account_for(request, pk), editor_of(request)
    action = ACTIONS[name]
    words = {"name": user_name(user)}
    page = reverse("admin:auth_user_change", args=[user.pk])
    if name == "deactivate" and user == by:
        messages.error(request, _("You cannot deactivate yourself: ask another administrator."))
        return HttpResponseRedirect(page)
    if request.method == "POST":
        action.perform(user, by)
        messages.success(request, str(action.done) % words)
        return HttpResponseRedirect(page)
    waiting = ReviewItem.objects.filter(by=user, state=ReviewItem.State.WAITING).count()
    context: Context = {
        "title": str(action.title) % words,
        "action": action,
        "person": user,
        "role": role_name(user),
        "waiting": waiting,
        "user_page": page,
    }
    return admin_page(request, "editor/account_action.html", context)


class NewCredentialsForm(forms.Form):
    phone_address = PhoneAddressField()


def new_credentials_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a pass for a reporter, or for staff a link to choose a password; show its sheet once."""
    user = account_for(request, pk)
    if not user.is_staff and not request.user.has_perm("results.add_reporterpass"):
        raise PermissionDenied
    initial = {"phone_address": phone_address(request)}
    form = NewCredentialsForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid() and user.is_active:
        store_phone_address(form.cleaned_data["phone_address"], by=editor_of(request))
        return issue_credentials(request, user)
    title = _("A new link for %(name)s") if user.is_staff else _("A new pass for %(name)s")
    context: Context = {
        "title": title % {"name": user_name(user)},
        "form": form,
        "person": user,
        "role": role_name(user),
        "user_page": reverse("admin:auth_user_change", args=[user.pk]),
    }
    return admin_page(request, "editor/new_credentials.html", context)


def issue_credentials(request: HttpRequest, user: User) -> HttpResponse:
    """Issue a pass to a reporter or an invitation to staff, and show its sheet."""
    by = editor_of(request)
    with transaction.atomic():
        if user.is_staff:
            what, new = _("link to choose a password: issued"), Invitation.issue(user, by=by)
        else:
            what, issued = _("pass: issued"), ReporterPass.issue(user, by=by)
        desk.record_action(by, what, about=user.get_username(), change=change_of(user))
    return invitation_sheet(request, new) if user.is_staff else pass_sheet(request, issued)
