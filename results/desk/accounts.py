"""Accounts that programs publish under, and accounts of reporters."""

from django.contrib.auth.models import Permission, User
from django.db import transaction
from django.utils.translation import gettext as _

from results.desk.audit import record_action
from results.models import PUBLISH_UNREVIEWED, Invitation, ReporterPass

#: Characters of a username, and of each part of a person's name: the columns of Django's users.
MAX_NAME = 150


def system_user(username: str) -> User:
    """Return the account that a program publishes under; nobody can sign in with it."""
    user, created = User.objects.get_or_create(username=username, defaults={"is_active": False})
    if created:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user


def find_or_create_reporter(username: str, name: str = "") -> User:
    """Return a reporter's account; a new one is called `name` and has no password."""
    user, created = User.objects.get_or_create(username=username)
    if created:
        user.set_unusable_password()
        set_full_name(user, name)
    return user


def set_full_name(user: User, name: str) -> None:
    """Store “Ann Mary Smith” as first name “Ann Mary” and last name “Smith”."""
    user.first_name, user.last_name = _parts(name)
    user.save()


def is_too_long(username: str, name: str = "") -> bool:
    """Whether an account has no room for these. SQLite would store them, PostgreSQL fails."""
    return any(len(text) > MAX_NAME for text in (username, *_parts(name)))


def _parts(name: str) -> tuple[str, str]:
    first, _blank, last = name.rpartition(" ")
    return first, last


def set_trusted(user: User, trusted: bool) -> None:
    """Let quotes and photos of `user` be published without review, or no longer."""
    permission = Permission.objects.get(codename=PUBLISH_UNREVIEWED)
    if trusted:
        user.user_permissions.add(permission)
    else:
        user.user_permissions.remove(permission)


# --- Ways in ----------------------------------------------------------------------------------


def set_active(user: User, active: bool, *, by: User) -> None:
    """Deactivate an account, which ends its sessions and its credentials; or let it sign in again.

    An account that is active again needs a new pass or a new link.
    """
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        if not active:
            revoke_credentials(user)
        user.is_active = active
        user.save(update_fields=["is_active"])
        what = _("account reactivated") if active else _("account deactivated")
        record_action(by, what, about=user.get_username())


def revoke_credentials(user: User) -> int:
    """End the passes and the open invitations of an account; return how many there were."""
    passes = ReporterPass.objects.filter(reporter=user, revoked_at=None)
    revoked = 0
    for reporter_pass in passes:
        revoked += reporter_pass.is_live
        reporter_pass.revoke()
    return revoked + Invitation.revoke_all(user)
