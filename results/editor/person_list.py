"""Columns of the list of editors and reporters. They read what the list's query prefetches."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.timesince import timesince
from django.utils.translation import gettext, gettext_lazy as _
from django_stubs_ext import StrOrPromise

from results.desk.accounts import published_by_program
from results.desk.second_factor import needs_second_factor
from results.editor.roles import REPORTER, role_name, role_of
from results.models import Phone
from results.words.user_names import user_name

JUST_NOW = timedelta(minutes=2)
#: Largest number of contests that the list names.
LISTED = 3


@admin.display(description=_("who"), ordering="last_name")
def who(user: User) -> str:
    name, username = user_name(user), user.get_username()
    if name == username:
        return username
    return format_html('{} <span class="quiet">{}</span>', name, username)


@admin.display(description=_("role"))
def role(user: User) -> str:
    return gettext("Program") if published_by_program(user) else role_name(user)


@admin.display(description=_("last seen"), ordering="last_login")
def last_seen(user: User) -> str:
    """Time since the last sign-in, use of a pass, or request from the phone.

    A sign-in is named as one: what an editor asks for after it is recorded nowhere.
    """
    phone: Phone | None = getattr(user, "phone", None)
    times: list[datetime | None] = [user.last_login, phone.seen_at if phone else None]
    times += [reporter_pass.last_used_at for reporter_pass in user.passes.all()]
    known = [each for each in times if each is not None]
    if not known:
        return gettext("Never")
    newest = max(known)
    signed_in = newest == user.last_login
    if timezone.now() - newest < JUST_NOW:
        return gettext("Signed in just now") if signed_in else gettext("Just now")
    ago = gettext("Signed in %(time)s ago") if signed_in else gettext("%(time)s ago")
    return ago % {"time": timesince(newest, depth=1)}


@admin.display(description=_("second factor"))
def second_factor_set(user: User) -> str:
    if role_of(user) == REPORTER:
        return gettext("Not needed")
    devices: Any = user.totpdevice_set  # type: ignore[attr-defined]  # of django-otp
    if any(device.confirmed for device in devices.all()):
        return gettext("Set up")
    if needs_second_factor(user):
        return format_html('<span class="overdue">{}</span>', gettext("Not set up"))
    return gettext("Not asked for")


@admin.display(description=_("reports from"), empty_value="–")
def reports_from(user: User) -> str | None:
    names = [assignment.contest.full_name for assignment in user.assignments.all()]
    more = len(names) - LISTED
    text = ", ".join(names[:LISTED])
    return (f"{text} +{more}" if more > 0 else text) or None


def credentials_of(user: User) -> str:
    """Present credentials of the account."""
    if published := published_by_program(user):
        return gettext("Nobody signs in: %(published)s") % {"published": published}
    if not user.is_active:
        return gettext("Deactivated")
    parts = []
    if user.has_usable_password():
        parts.append(gettext("Password"))
    live = [reporter_pass for reporter_pass in user.passes.all() if reporter_pass.is_live]
    if any(reporter_pass.phone_hash for reporter_pass in live):
        parts.append(gettext("Pass, on a phone"))
    if any(not reporter_pass.phone_hash for reporter_pass in live):
        parts.append(gettext("Pass, not used yet"))
    if any(invitation.is_open for invitation in user.invitations.all()):
        parts.append(gettext("Link, not used yet"))
    return ", ".join(parts) or gettext("None: make a pass or a link")


def action_links(user: User) -> Iterator[tuple[str, StrOrPromise]]:
    """(address, label) of what can be done about an account's credentials."""
    if published_by_program(user):
        return
    if not user.is_active:
        yield reverse("admin:account_reactivate", args=[user.pk]), _("Reactivate…")
        return
    new = _("New link…") if user.is_staff else _("New pass…")
    yield reverse("admin:new_credentials", args=[user.pk]), new
    yield reverse("admin:account_revoke", args=[user.pk]), _("Revoke…")
    yield reverse("admin:account_deactivate", args=[user.pk]), _("Deactivate…")


@admin.display(description=_("signs in with"))
def signs_in_only(user: User) -> str:
    """Column of the credentials without actions, for users who may only view accounts."""
    return credentials_of(user)


@admin.display(description=_("signs in with"))
def signs_in(user: User) -> str:
    links = format_html_join(" · ", '<a href="{}">{}</a>', action_links(user))
    return format_html('{}<span class="action-links">{}</span>', credentials_of(user), links)
