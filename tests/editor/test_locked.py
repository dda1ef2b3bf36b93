"""Admin of locked sign-ins: what each role sees, and unlocking."""

import io
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from results.editor.roles import set_up_groups
from results.models import AuditEntry, SignInThrottle
from tests import nights
from tests.editor.conftest import address, messages_of

PASSWORD = "a-long-password"


def lock(name: str) -> None:
    for _time in range(10):
        Client().post("/count/sign-in/", {"username": name, "password": "wrong"})
    assert is_locked(name)


def is_locked(name: str) -> bool:
    sent = {"username": name, "password": PASSWORD}
    return Client().post("/count/sign-in/", sent).status_code == 429


@pytest.fixture
def people(db: None) -> dict[str, User]:
    users = {name: nights.user(name) for name in ("ann", "bob")}
    users["colleague"] = nights.user("colleague", staff=True)
    for user in users.values():
        user.set_password(PASSWORD)
        user.save()
    return users


def of_role(role: str) -> Client:
    set_up_groups()
    user = User.objects.create_user(role.replace(" ", "-").lower(), is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(user)
    return client


def listed(client: Client) -> list[Any]:
    page: Any = client.get(address("signinthrottle_changelist"))
    return list(page.context["cl"].queryset)


def unlock(client: Client, rows: list[Any]) -> Any:
    chosen = {"action": "unlock", "_selected_action": [row.pk for row in rows]}
    return client.post(address("signinthrottle_changelist"), chosen, follow=True)


@pytest.mark.parametrize("role", ["Editors", "Senior editors", "Reporter managers"])
def test_editor_unlocks_a_reporter(people: dict[str, User], role: str) -> None:
    lock("ann")
    lock("bob")
    client = of_role(role)
    rows = [row for row in listed(client) if row.username == "ann"]
    assert "1 sign-in was unlocked" in messages_of(unlock(client, rows))
    assert not is_locked("ann")
    assert is_locked("bob")
    entry = AuditEntry.objects.get(what="sign-in unlocked")
    assert (entry.user, entry.about) == (role.replace(" ", "-").lower(), "ann")


def test_auditor_sees_locks_and_unlocks_nobody(people: dict[str, User]) -> None:
    lock("ann")
    client = of_role("Auditors")
    unlock(client, listed(client))
    assert is_locked("ann")


def test_only_superusers_unlock_editors(people: dict[str, User], admin: Client) -> None:
    lock("colleague")
    editors = of_role("Editors")
    assert listed(editors) == []
    unlock(editors, list(SignInThrottle.objects.all()))
    assert is_locked("colleague")
    unlock(admin, listed(admin))
    assert not is_locked("colleague")


def test_unknown_usernames_are_not_listed(people: dict[str, User], admin: Client) -> None:
    lock("a-password-in-the-wrong-box")
    assert listed(admin) == []


def test_address_is_listed_and_unlocked(
    people: dict[str, User], admin: Client, settings: Any
) -> None:
    settings.SIGN_IN_TRIES_PER_ADDRESS = 2
    for _time in range(3):
        answer = Client().post("/count/sign-in/", {"code": "0000 0000"})
    assert answer.status_code == 429
    assert (
        "Everybody who is new there"
        in admin.get(address("signinthrottle_changelist")).content.decode()
    )
    unlock(admin, listed(admin))
    assert Client().post("/count/sign-in/", {"code": "0000 0000"}).status_code == 200
    assert AuditEntry.objects.get(what="sign-in unlocked").about == "code, address"


def test_ended_lock_is_not_listed(people: dict[str, User], admin: Client) -> None:
    lock("ann")
    assert [row.username for row in listed(admin)] == ["ann"]
    SignInThrottle.objects.update(ends_at=timezone.now())
    assert listed(admin) == []


def test_user_page_links_to_the_lock(people: dict[str, User], admin: Client) -> None:
    page = f"/admin/auth/user/{people['ann'].pk}/change/"
    assert "Not locked" in admin.get(page).content.decode()
    lock("ann")
    assert "/admin/results/signinthrottle/?q=ann" in admin.get(page).content.decode()


def test_command_unlocks(people: dict[str, User]) -> None:
    lock("ann")
    out = io.StringIO()
    call_command("unlock", "ann", stdout=out)
    assert not is_locked("ann")
    assert AuditEntry.objects.get(what="sign-in unlocked").about == "ann"
    call_command("unlock", "ann", stdout=out)
    assert "ann was not locked" in out.getvalue()
    with pytest.raises(CommandError, match="Nobody signs in as anna"):
        call_command("unlock", "anna")
