"""Deliveries of webhooks: sent once, current and signed."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from results import desk
from results.models import (
    Contest,
    Declaration,
    Election,
    Group,
    ReviewItem,
    Webhook,
    WebhookDelivery,
)
from results.webhooks import deliveries
from results.webhooks.deliveries import (
    MAX_AGE,
    create_deliveries,
    send_due,
    send_trial_message,
)
from results.webhooks.follower import WebhookFollower
from results.webhooks.sending import SendingFailed
from tests import nights
from tests.webhooks.hooks import correct, declare, documents, hook, tell
from tests.webhooks.receiver import Receiver

pytestmark = pytest.mark.django_db
State = WebhookDelivery.State


def test_tells_of_a_result_once_and_signs_it(seat: Contest, receiver: Receiver) -> None:
    webhook = hook(receiver)
    declare(seat)
    tell()
    tell()
    ((_path, headers, body),) = receiver.received
    document = json.loads(body)
    assert document["type"] == "declared"
    assert document["data"]["contest"] == {"slug": "islington-north", "name": "Islington North"}
    assert document["data"]["url"] == "https://desk.example/ge/islington-north/"
    assert document["data"]["text"] == "Labour hold Islington North, majority 26,188."
    signed = b".".join(
        [headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body]
    )
    key = base64.b64decode(webhook.secret.removeprefix("whsec_"))
    digest = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{digest}"
    assert WebhookDelivery.objects.get().state == State.DELIVERED


def test_a_seat_that_changed_hands_is_told_as_that(receiver: Receiver) -> None:
    night = nights.election()
    ash = nights.contest(night, "Ash", [("Ann", "lab"), ("Bob", "con")], last={"con": 9, "lab": 8})
    hook(receiver)
    nights.declare(ash, 900, 800)
    tell()
    (document,) = documents(receiver)
    assert (document["type"], document["data"]["sequence"]) == ("gain", 1)


def test_tells_of_a_correction_with_its_reason(seat: Contest, receiver: Receiver) -> None:
    hook(receiver, "correction")
    declare(seat)
    correct(seat)
    tell()
    (document,) = documents(receiver)
    assert document["type"] == "correction"
    assert document["data"]["text"] == (
        "Corrected: Labour hold Islington North, majority 26,188. Misheard."
    )


def test_tells_of_a_withdrawal_with_its_reason(seat: Contest, receiver: Receiver) -> None:
    hook(receiver, "correction")
    declare(seat)
    nights.withdraw(
        seat, by=nights.user(), idempotency_key="w", base_revision=1, reason="The wrong hall.",
        blame=Declaration.Blame.OURS,
    )  # fmt: skip
    tell()
    (document,) = documents(receiver)
    assert document["data"]["text"] == "Withdrawn: the result of Islington North. The wrong hall."


def test_does_not_tell_what_was_corrected_before_it_was_sent(
    seat: Contest, receiver: Receiver
) -> None:
    hook(receiver, "declared")
    declare(seat)
    create_deliveries()
    correct(seat)
    send_due()
    assert receiver.received == []
    assert WebhookDelivery.objects.get().state == State.OVERTAKEN


def test_tells_of_what_waits_for_a_person_without_its_words(
    seat: Contest, receiver: Receiver
) -> None:
    hook(receiver, "person")
    content = {"words": "A secret.", "speaker": "Ann", "role": "", "reported": False}
    by: dict[str, Any] = {"by": nights.user(), "idempotency_key": "q"}
    item = desk.queue_for_review(seat, ReviewItem.Kind.QUOTE, content, **by)
    tell()
    (document,) = documents(receiver)
    assert "Quote, Islington North, from reporter" in document["data"]["text"]
    assert document["data"]["url"].endswith(f"/admin/results/reviewitem/{item.pk}/change/")
    assert "secret" not in json.dumps(document)


def test_only_of_its_group_its_election_and_its_events(seat: Contest, receiver: Receiver) -> None:
    night = seat.election
    elsewhere = nights.contest(night, "Elsewhere", [("Ann", "lab"), ("Bob", "con")])
    ours = Group.objects.create(election=night, slug="ours", name="Our patch")
    ours.contests.add(elsewhere)
    hook(receiver, group=ours)
    hook(receiver, "correction", "person")
    hook(receiver, election=nights.election("other"))
    hook(receiver, active=False)
    declare(seat)
    tell()
    assert receiver.received == []


def test_a_new_webhook_is_told_of_nothing_that_was_before(
    seat: Contest, receiver: Receiver
) -> None:
    declare(seat)
    hook(receiver)
    tell()
    assert not WebhookDelivery.objects.exists()


def test_does_not_tell_old_news(seat: Contest, receiver: Receiver, time_machine: Any) -> None:
    hook(receiver)
    declare(seat)
    time_machine.move_to(timezone.now() + MAX_AGE + timedelta(minutes=1))
    tell()
    assert not WebhookDelivery.objects.exists()


def test_says_nothing_of_an_election_withdrawn_before_it_was_sent(
    seat: Contest, receiver: Receiver
) -> None:
    hook(receiver)
    declare(seat)
    create_deliveries()
    desk.withdraw_election(seat.election, by=nights.user(), reason="Set up by mistake.")
    send_due()
    assert receiver.received == []
    assert WebhookDelivery.objects.get().state == State.OVERTAKEN


def test_slack_and_teams_have_their_own_forms(receiver: Receiver) -> None:
    night = nights.election(name="A & B", rehearsal=True)
    seat = nights.islington_north(night)
    hook(receiver, format="slack")
    hook(receiver, format="teams")
    declare(seat)
    tell()
    slack, teams = sorted(documents(receiver), key=lambda document: "type" in document)
    assert slack["text"].startswith("REHEARSAL: Labour hold")
    assert slack["text"].endswith("<https://desk.example/ge/islington-north/|A &amp; B>")
    card = teams["attachments"][0]["content"]
    assert card["body"][0]["text"].startswith("REHEARSAL: Labour hold")
    assert all("webhook-signature" not in headers for _p, headers, _b in receiver.received)


def test_links_to_nothing_where_no_address_is_public(
    seat: Contest, receiver: Receiver, settings: Any
) -> None:
    """Slack and Teams cannot open a path alone."""
    settings.CSRF_TRUSTED_ORIGINS = []
    hook(receiver, format="slack")
    hook(receiver, format="teams")
    declare(seat)
    tell()
    slack, teams = sorted(documents(receiver), key=lambda document: "type" in document)
    assert slack["text"] == "Labour hold Islington North, majority 26,188."
    assert teams["attachments"][0]["content"]["actions"] == []


def test_a_trial_says_so_and_what_went_wrong(receiver: Receiver, seat: Contest) -> None:
    for form in Webhook.Format.values:
        assert send_trial_message(hook(receiver, format=form)) == ""
    assert all("trial" in json.dumps(document) for document in documents(receiver))
    program = next(document for document in documents(receiver) if "type" in document)
    assert datetime.fromisoformat(program["timestamp"]).tzinfo is not None
    receiver.statuses = [404]
    assert send_trial_message(hook(receiver)) == "127.0.0.1 answered 404."


def test_follower_sees_an_item_that_is_committed_after_a_later_one(
    seat: Contest, receiver: Receiver
) -> None:
    """Items of two nights do not wait for each other."""
    hook(receiver, election=seat.election)
    other = nights.contest(nights.election("other"), "Hall", [("Ann", "lab"), ("Bob", "con")])
    item = {"kind": ReviewItem.Kind.QUOTE, "content": {}, "by": nights.user()}
    ReviewItem.objects.create(pk=50, contest=other, idempotency_key="later", **item)
    follower = WebhookFollower()
    follower.poll()
    assert documents(receiver) == []
    ReviewItem.objects.create(pk=49, contest=seat, idempotency_key="earlier", **item)
    follower.poll()
    assert [each["data"]["review_item"] for each in documents(receiver)] == [49]


def test_idle_poll_makes_four_queries(
    seat: Contest, receiver: Receiver, django_assert_num_queries: Any
) -> None:
    hook(receiver)
    hook(receiver, election=seat.election)
    Election.objects.update(final=False)
    follower = WebhookFollower()
    follower.poll()
    with django_assert_num_queries(4):
        follower.poll()


def withdraw_election(seat: Contest) -> None:
    desk.withdraw_election(seat.election, by=nights.user(), reason="Set up by mistake.")


def switch_off(_seat: Contest) -> None:
    Webhook.objects.update(active=False)


@pytest.mark.parametrize("change", [correct, withdraw_election, switch_off])
def test_says_nothing_that_was_changed_while_another_was_sent(
    seat: Contest,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Contest], None],
) -> None:
    """A receiver that hangs may take half a minute, and others after it."""
    settle = deliveries._settle

    def settle_first(delivery: WebhookDelivery, failure: SendingFailed | None) -> None:
        settle(delivery, failure)
        change(seat)

    monkeypatch.setattr(deliveries, "CONCURRENT", 1)
    monkeypatch.setattr(deliveries, "_settle", settle_first)
    hook(receiver)
    other = nights.contest(seat.election, "Vale", [("Ann", "lab"), ("Bob", "con")])
    nights.declare(other, 200, 100)
    create_deliveries()
    declare(seat)
    create_deliveries()
    assert send_due() == 1
    assert [each["data"]["contest"]["slug"] for each in documents(receiver)] == ["vale"]
    states = WebhookDelivery.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [State.DELIVERED, State.OVERTAKEN]
