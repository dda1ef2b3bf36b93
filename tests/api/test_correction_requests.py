"""Corrections that a token's system asks for, about which an editor decides."""

from datetime import datetime, timedelta

from django.utils import timezone

from results import desk
from results.models import Contest, ReviewItem
from tests import nights
from tests.api.conftest import RESULT, Sender, problem_of, result_of


def test_asks_for_a_correction_which_an_editor_decides(seat: Contest, sender: Sender) -> None:
    sender.send(RESULT, result_of(seat))
    wrong = result_of(seat, kind="correction", base_revision=1, rejected=228)
    refusal = problem_of(sender.send(RESULT, wrong), 422)
    (finding,) = refusal["findings"]
    assert (refusal["code"], finding["code"]) == ("reason_needed", "reason_missing")
    assert finding["accepted_with"] == "reason"
    impossible = problem_of(sender.send(RESULT, wrong | {"electorate": 10}), 422)
    assert impossible["code"] == "impossible"
    assert problem_of(sender.send(RESULT, wrong | {"reason": " "}), 422) == refusal
    asked = sender.send(RESULT, wrong | {"reason": "Misheard."}, key="ask")
    assert asked.status_code == 202
    item = ReviewItem.objects.get()
    assert (item.kind, item.content["reason"]) == ("correction", "Misheard.")
    desk.decline(item, by=nights.user("editor", staff=True), note="Not so.")
    declined = sender.ask("answers/ask").json()
    assert (declined["state"], declined["note"]) == ("declined", "Not so.")


def test_correction_where_nothing_is_published_is_refused(seat: Contest, sender: Sender) -> None:
    """An editor could only set it aside: there is nothing to correct."""
    asked = result_of(seat, kind="correction", reason="Misheard.")
    problem = problem_of(sender.send(RESULT, asked), 409)
    assert problem["code"] == "invalid_transition"
    assert problem["detail"] == "There is no published result here to change."
    sender.send(RESULT, result_of(seat), key="first")
    by = nights.user("editor", staff=True)
    nights.withdraw(seat, by=by, idempotency_key="gone", base_revision=1, reason="Misheard.")
    withdrawn = problem_of(sender.send(RESULT, asked | {"base_revision": 2}, key="then"), 409)
    assert withdrawn["code"] == "invalid_transition"
    assert not ReviewItem.objects.exists()
    first = sender.send(RESULT, result_of(seat, base_revision=2))
    assert first.json()["state"] == "published", "its key was not used up"


def test_correction_of_an_earlier_revision_is_a_conflict(seat: Contest, sender: Sender) -> None:
    sender.send(RESULT, result_of(seat))
    other = result_of(seat, kind="correction", reason="Misheard.", rejected=228)
    for revision in (0, 7):
        stale = sender.send(RESULT, other | {"base_revision": revision})
        assert problem_of(stale, 409)["code"] == "stale_revision"
    assert not ReviewItem.objects.exists()


def test_correction_of_nothing_is_unchanged(seat: Contest, sender: Sender) -> None:
    """As an equal result is: no editor has anything to decide."""
    sender.send(RESULT, result_of(seat))
    same = result_of(seat, kind="correction", base_revision=1, reason="Misheard.")
    for repeated in (False, True):
        answer = sender.send(RESULT, same, key="same")
        assert answer.status_code == 200
        found = answer.json()
        assert (found["state"], found["sequence"]) == ("unchanged", 1)
        assert found["repeated"] is repeated
    assert sender.ask("answers/same").json()["state"] == "unchanged"
    assert not ReviewItem.objects.exists()
    other = sender.send(RESULT, same | {"rejected": 228}, key="same")
    assert problem_of(other, 409)["code"] == "idempotency_key_reused"


def test_correction_of_the_time_alone_waits(seat: Contest, sender: Sender) -> None:
    sender.send(RESULT, result_of(seat))
    at = timezone.now().replace(second=0, microsecond=0)
    timed = result_of(
        seat, kind="correction", base_revision=1, reason="Misheard.", declared_at=at.isoformat()
    )
    assert sender.send(RESULT, timed, key="a-time").json()["state"] == "waiting"
    later = (at + timedelta(minutes=1)).isoformat()
    assert problem_of(sender.send(RESULT, {**timed, "declared_at": later}, key="a-time"), 409)
    item = ReviewItem.objects.get()
    assert datetime.fromisoformat(item.content["declared_at"]) == at
