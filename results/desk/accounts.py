"""Accounts that programs publish under, and accounts of reporters."""

from django.contrib.auth.models import Permission, User

from results.models import PUBLISH_UNREVIEWED


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
    user.first_name, _blank, user.last_name = name.rpartition(" ")
    user.save()


def set_trusted(user: User, trusted: bool) -> None:
    """Let quotes and photos of `user` be published without review, or no longer."""
    permission = Permission.objects.get(codename=PUBLISH_UNREVIEWED)
    if trusted:
        user.user_permissions.add(permission)
    else:
        user.user_permissions.remove(permission)
