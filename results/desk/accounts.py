"""Accounts that programs publish under, and accounts of reporters."""

from django.contrib.auth.models import Permission, User
from django.db import transaction
from django.utils.translation import gettext as _, gettext_lazy
from django_stubs_ext import StrOrPromise

from results.desk.audit import record_action
from results.desk.changes import change_of
from results.models import PUBLISH_UNREVIEWED, Invitation, ReporterPass

#: Most characters of a username and of each part of a name, as Django's columns have them.
MAX_NAME = 150

#: What is published under each program's account. Newsrooms' have names that begin as `NEWSROOM`.
PROGRAMS = {
    "wire": gettext_lazy("what files say that are loaded"),
    "clock": gettext_lazy("the close of poll"),
    "rehearsal": gettext_lazy("the invented results of rehearsals"),
    "demo": gettext_lazy("Islington’s results, in the demo"),
}
NEWSROOM = "api-"


def system_user(username: str) -> User:
    """Return the account that a program publishes under; nobody can sign in with it."""
    user, created = User.objects.get_or_create(username=username, defaults={"is_active": False})
    if created:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user


def published_by_program(user: User) -> StrOrPromise:
    """Return what a program publishes under this account; "" for the account of a person.

    Reads the passes that are prefetched: a program has none.
    """
    if user.is_active or user.is_staff or user.has_usable_password() or user.passes.all():
        return ""
    if user.username.startswith(NEWSROOM):
        return gettext_lazy("what a newsroom sends to the API")
    return PROGRAMS.get(user.username, "")


def find_or_create_reporter(username: str, name: str = "") -> User:
    """Return a reporter's account; a new one is called `name` and has no password."""
    user, created = User.objects.get_or_create(username=username)
    if created:
        user.set_unusable_password()
        set_full_name(user, name)
    return user


def set_full_name(user: User, name: str) -> None:
    """Set and save a full name: “Ann Mary Smith” is first name “Ann Mary” and last name “Smith”."""
    user.first_name, user.last_name = _parts(name)
    user.save()


def is_too_long(username: str, name: str = "") -> bool:
    """Whether these are too long for an account: SQLite would store them, PostgreSQL fails."""
    return any(len(text) > MAX_NAME for text in (username, *_parts(name)))


def _parts(name: str) -> tuple[str, str]:
    first, _blank, last = name.rpartition(" ")
    return first, last


def set_trusted(user: User, trusted: bool) -> None:
    """Grant or revoke the permission of `user` to publish quotes and photos without review."""
    permission = Permission.objects.get(codename=PUBLISH_UNREVIEWED)
    if trusted:
        user.user_permissions.add(permission)
    else:
        user.user_permissions.remove(permission)


# --- Access -----------------------------------------------------------------------------------


def set_active(user: User, active: bool, *, by: User) -> None:
    """Activate an account, or deactivate it, which ends its sessions and credentials.

    An account that is active again needs a new pass or a new link.
    """
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        if not active:
            revoke_credentials(user)
        user.is_active = active
        user.save(update_fields=["is_active"])
        what = _("account reactivated") if active else _("account deactivated")
        record_action(by, what, about=user.get_username(), change=change_of(user))


def revoke_credentials(user: User) -> int:
    """End the passes and the open invitations of an account; return how many there were."""
    passes = ReporterPass.objects.filter(reporter=user, revoked_at=None)
    revoked = 0
    for reporter_pass in passes:
        revoked += reporter_pass.is_live
        reporter_pass.revoke()
    return revoked + Invitation.revoke_all(user)
