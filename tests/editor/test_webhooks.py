"""Webhooks in the admin: refused addresses, a trial, the secret, and what was given up."""

import ipaddress
from typing import Any

import pytest
from django.test import Client

from results.models import AuditEntry, Election, Group, Webhook, WebhookDelivery
from tests import nights
from tests.editor.conftest import address, client_of_role, messages_of
from tests.webhooks.receiver import receiving

FIELDS = {"name": "Slack", "format": "webhook", "events": ["gain"], "active": "on"}


@pytest.fixture(autouse=True)
def loopback(settings: Any) -> None:
    settings.WEBHOOK_NETWORKS = [ipaddress.ip_network("127.0.0.0/8")]


def add(admin: Client, **fields: Any) -> Any:
    return admin.post(address("webhook_add"), FIELDS | fields)


def test_form_sent_twice_adds_one(admin: Client, night: Election) -> None:
    """Two of an address would tell the newsroom everything twice."""
    once = {"_once": admin.get(address("webhook_add")).context["once"]}
    url = "https://127.0.0.1/a-secret"
    assert add(admin, url=url, **once).status_code == 302
    again = admin.post(address("webhook_add"), FIELDS | {"url": url} | once, follow=True)
    assert "This form was sent before, and was saved once." in messages_of(again)
    assert Webhook.objects.count() == 1
    # The same words in another form are another webhook.
    another = {"_once": admin.get(address("webhook_add")).context["once"]}
    assert add(admin, url=url, **another).status_code == 302
    assert Webhook.objects.count() == 2


def test_groups_of_one_name_are_told_apart_by_their_election(
    admin: Client, night: Election
) -> None:
    other = nights.election("other", name="By-elections")
    Group.objects.create(election=night, slug="key", name="Key seats")
    group = Group.objects.create(election=other, slug="key", name="Key seats")
    html = admin.get(address("webhook_add")).content.decode()
    assert f">Key seats, {night}</option>" in html
    assert ">Key seats, By-elections</option>" in html
    assert add(admin, url="https://127.0.0.1/a", group=str(group.pk)).status_code == 302
    assert "Key seats, By-elections" in admin.get(address("webhook_changelist")).content.decode()


def test_adds_one_and_sends_a_trial(admin: Client, night: Election) -> None:
    with receiving() as receiver:
        assert add(admin, url=receiver.url).status_code == 302
        webhook = Webhook.objects.get()
        chosen = {"action": "send_trial", "_selected_action": [webhook.pk]}
        page: Any = admin.post(address("webhook_changelist"), chosen, follow=True)
        assert "The trial message arrived: Slack." in page.content.decode()
        receiver.statuses = [403]
        page = admin.post(address("webhook_changelist"), chosen, follow=True)
        assert "Slack: 127.0.0.1 answered 403." in page.content.decode()
    assert len(receiver.received) == 2
    assert AuditEntry.objects.filter(what="webhook: changed", after="Trial message sent.").exists()


def test_more_trials_than_an_editor_can_wait_for_are_refused(
    admin: Client, night: Election
) -> None:
    with receiving() as receiver:
        numbers = [
            Webhook.objects.create(name=f"Slack {at}", url=receiver.url, events=["gain"]).pk
            for at in range(6)
        ]
        chosen = {"action": "send_trial", "_selected_action": numbers}
        page: Any = admin.post(address("webhook_changelist"), chosen, follow=True)
    assert "Nothing was sent: choose at most 5 at a time." in page.content.decode()
    assert receiver.received == []


def test_refuses_private_addresses_and_another_elections_group(
    admin: Client, night: Election, settings: Any
) -> None:
    group = Group.objects.create(election=nights.election("other"), slug="ours", name="Ours")
    page = add(admin, url="http://127.0.0.1:1/", election=night.pk, group=group.pk)
    assert set(page.context["adminform"].errors) == {"group"}
    settings.WEBHOOK_NETWORKS = []
    page = add(admin, url="https://127.0.0.1/", events=[])
    assert set(page.context["adminform"].errors) == {"url", "events"}
    assert not Webhook.objects.exists()


def test_only_those_who_may_change_it_see_its_address_and_secret(
    admin: Client, night: Election
) -> None:
    webhook = Webhook.objects.create(name="Slack", url="https://hook.example/abc", events=["gain"])
    path = address("webhook_change", webhook.pk)
    page: Any = admin.get(path)
    assert webhook.secret in page.content.decode()
    viewed: Any = client_of_role("Auditors").get(path)
    text = viewed.content.decode()
    assert viewed.status_code == 200
    assert "hook.example" in text
    assert webhook.secret not in text
    assert "/abc" not in text


def test_sends_again_what_was_given_up(admin: Client, night: Election) -> None:
    webhook = Webhook.objects.create(name="Slack", url="https://hook.example/", events=["gain"])
    delivery = WebhookDelivery.objects.create(
        webhook=webhook, election=night, event="gain", number=1, state="given_up", error="500"
    )
    shown: Any = admin.get(address("webhook_changelist"))
    assert "Given up: 500" in shown.content.decode()
    chosen = {"action": "send_again", "_selected_action": [delivery.pk]}
    admin.post(address("webhookdelivery_changelist"), chosen)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("waiting", 0)


@pytest.mark.parametrize("role", ["Editors", "Auditors"])
@pytest.mark.parametrize("name", ["secret", "url"])
def test_lists_cannot_be_filtered_by_what_their_reader_may_not_see(
    night: Election, role: str, name: str
) -> None:
    webhook = Webhook.objects.create(name="Slack", url="https://hook.example/abc", events=["gain"])
    start = getattr(webhook, name)[:10]
    listed = client_of_role(role).get(address("webhook_changelist"), {f"{name}__startswith": start})
    assert listed.status_code == 400


def test_address_is_not_in_the_audit_trail(admin: Client, night: Election) -> None:
    with receiving() as receiver:
        add(admin, url=f"{receiver.url}first")
        webhook = Webhook.objects.get()
        changed = FIELDS | {"url": f"{receiver.url}second"}
        assert admin.post(address("webhook_change", webhook.pk), changed).status_code == 302
    entries = list(AuditEntry.objects.filter(what="webhook: changed"))
    assert len(entries) == 1
    assert "address" in entries[0].after
    for entry in AuditEntry.objects.all():
        assert receiver.url not in entry.before + entry.after
