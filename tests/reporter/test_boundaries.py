"""Every check of a result, on both sides of its boundary.

Each case is sent through the reporter's form, which must show the message beside the right field
and keep what was typed, and through the publishing API, which must refuse it from anybody.
"""

import dataclasses
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from time_machine import TimeMachineFixture

from results import desk
from results.arithmetic import BLOCK
from results.models import Bulletin, Contest, LastResult
from tests import nights
from tests.reporter.conftest import JSON, Fields, assigned

pytestmark = pytest.mark.django_db

MIDDLETOWN = "/count/ge/middletown/"
#: A usual result: a turnout of 60% of 100,000, as last time.
VOTES = (30000, 20000, 10000)
LAST = {"lab": 31000, "con": 19000, "ld": 10000}


@dataclass(frozen=True)
class Case:
    """Changes to a usual result; `code` is that of the message, None where it stays usual."""

    code: str | None
    votes: tuple[int, ...] = VOTES
    more: dict[str, Any] = dataclasses.field(default_factory=dict)
    field: str = ""


def case(code: str | None, *votes: int, field: str = "", **more: Any) -> Case:
    return Case(code, votes or VOTES, more, field)


CASES = [
    case(None),
    # Blocks: more votes than electors, and ballot papers that do not add up.
    case("turnout_unusual", electorate=60100, field="electorate"),
    case("papers_over_electorate", electorate=60099, field="rejected"),
    case("sum_over_electorate", electorate=59999, rejected=None, field="electorate"),
    case(None, papers=60100),
    # Ballot papers that do not add up: a note, over 1% a reason; fewer than the votes block.
    case(None, papers=60101),
    case(None, papers=60706),
    case("papers_over_sum", papers=60708, field="papers"),
    case("votes_over_papers", papers=59999, field="papers"),
    # A tie for the seat.
    case("tie_needs_lot", 25000, 25000, 10000, field="lot"),
    # Turnout outside 35% to 88%, or 8.5 points from last time while the night shows no change.
    case(None, electorate=87592),
    case("turnout_far", electorate=87591, field="electorate"),
    case("turnout_far", electorate=116505, field="electorate"),
    case("turnout_unusual", electorate=171429, field="electorate"),
    # The turnout announced within half a point, and the total exactly.
    case(None, turnout_announced=Decimal("60.5")),
    case("turnout_differs", turnout_announced=Decimal("60.61"), field="turnout_announced"),
    case(None, valid_announced=60000),
    case("valid_announced_mismatch", valid_announced=60001, field="valid_announced"),
    # Rejected ballots over 1% of all.
    case(None, rejected=606),
    case("rejected_high", rejected=607, field="rejected"),
    # The electorate typed into another field.
    case("electorate_repeats", electorate=100000, valid_announced=100000, field="electorate"),
    # A small majority is only noted.
    case(None, 25001, 25000, 9999),
    # Two candidates swapped.
    case("swapped", 45500, 4500, 10000, lab_before=31000, con_before=19001, ld_before=3000),
]


@pytest.fixture
def seat() -> Contest:
    seat = nights.contest(
        nights.election(),
        "Middletown",
        [("Ann", "lab"), ("Bob", "con"), ("Cat", "ld")],
        last=LAST,
        electorate=100000,
    )
    LastResult.objects.filter(contest=seat).update(electorate=100000)
    return seat


@pytest.fixture
def phone(client: Client, seat: Contest) -> Client:
    client.force_login(assigned(seat, "reporter"))
    return client


def prepared(seat: Contest, case: Case) -> dict[str, Any]:
    """Store the case's last result and electorate; return its numbers besides the votes."""
    more = dict(case.more)
    for label in LAST:
        votes = more.pop(f"{label}_before", None)
        if votes is not None:
            seat.last_result.votes.filter(party__slug=label).update(votes=votes)
    seat.refresh_from_db()
    expected = more.get("electorate", 100000)
    Contest.objects.filter(pk=seat.pk).update(electorate=expected)
    seat.refresh_from_db()
    return {"rejected": 100, "electorate": 100000, **more}


def fields_of(seat: Contest, votes: tuple[object, ...], numbers: dict[str, Any]) -> Fields:
    """The result as the outbox sends it."""
    names = [f"votes-{candidate.pk}" for candidate in seat.candidates.all()]
    plain = {name: "" if value is None else str(value) for name, value in numbers.items()}
    return {
        **dict(zip(names, map(str, votes), strict=True)),
        **plain,
        "base_revision": "0",
        "step": "publish",
        "key": "k",
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code}-{case.votes}-{case.more}")
def test_publishing_api_refuses(seat: Contest, case: Case) -> None:
    ballot_counts = nights.ballot_counts(seat, *case.votes, **prepared(seat, case))

    def declare(reason: str = "") -> desk.PublishResult:
        return nights.declare_counts(
            seat, ballot_counts, by=nights.user(), idempotency_key="k", warning_reason=reason
        )

    if case.code is None:
        assert declare().sequence == 1
        return
    with pytest.raises(desk.ValidationRefused) as refusal:
        declare()
    assert case.code in [message.code for message in refusal.value.messages]
    assert not Bulletin.objects.exists()
    if refusal.value.needs_reason:
        assert declare("As read out.").sequence == 1
        return
    with pytest.raises(desk.ValidationRefused):
        declare("As read out.")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code}-{case.votes}-{case.more}")
def test_form_refuses(phone: Client, seat: Contest, case: Case) -> None:
    sent = fields_of(seat, case.votes, prepared(seat, case))
    answer = phone.post(MIDDLETOWN, sent, **JSON)
    if case.code is None:
        assert answer.json()["state"] == "published", answer.json()
        return
    assert answer.status_code == 422
    assert answer.json()["state"] in ("faulty", "reason")
    assert not Bulletin.objects.exists()
    page = phone.post(MIDDLETOWN, sent | {"step": "check"}).content.decode()
    for votes in case.votes:
        assert f'value="{votes}"' in page
    if answer.json()["state"] == "faulty" and case.field:
        shown_at = "id_lot" if case.field == "lot" else f'id="id_{case.field}-error"'
        assert shown_at in page, case.field


@pytest.mark.parametrize("text", ["", " ", "-1", "1.5", "12%", "12,34", "1234567890", "ten", "٣"])
def test_every_field_refuses_what_is_not_a_count(phone: Client, seat: Contest, text: str) -> None:
    names = [f"votes-{candidate.pk}" for candidate in seat.candidates.all()]
    for name in [*names, "rejected", "electorate", "papers", "valid_announced"]:
        if not text.strip() and name not in names:
            continue
        sent = fields_of(seat, VOTES, {"rejected": 100, "electorate": 100000}) | {name: text}
        page = phone.post(MIDDLETOWN, sent | {"step": "check"})
        assert page.status_code == 422, name
        assert f'id="id_{name}-error"' in page.content.decode(), name
    assert not Bulletin.objects.exists()


@pytest.mark.parametrize("text", ["-1", "100.1", "seventy", "71.888", "1e2"])
def test_refuses_what_is_not_a_percentage(phone: Client, seat: Contest, text: str) -> None:
    sent = fields_of(seat, VOTES, {"turnout_announced": text}) | {"step": "check"}
    page = phone.post(MIDDLETOWN, sent).content.decode()
    assert 'id="id_turnout_announced-error"' in page
    assert f'value="{text}"' in page


def test_refuses_results_before_the_close_of_poll(
    phone: Client, seat: Contest, time_machine: TimeMachineFixture
) -> None:
    ballot_counts = nights.ballot_counts(seat, *VOTES)
    time_machine.move_to("2019-12-12 21:59:59+00:00")
    phone.force_login(nights.user())
    with pytest.raises(desk.ValidationRefused) as refusal:
        nights.declare_counts(
            seat, ballot_counts, by=nights.user(), idempotency_key="k", warning_reason="It is so."
        )
    assert [message.code for message in refusal.value.messages] == ["polls_open"]
    sent = fields_of(seat, VOTES, {"electorate": 100000})
    assert phone.post(MIDDLETOWN, sent, **JSON).json()["state"] == "faulty"
    time_machine.move_to("2019-12-12 22:00:00+00:00")
    phone.force_login(nights.user())
    assert phone.post(MIDDLETOWN, sent, **JSON).json()["state"] == "published"


def test_publishing_api_refuses_a_candidate_of_another_contest(seat: Contest) -> None:
    other = nights.contest(seat.election, "Elsewhere", [("Dan", "lab")]).candidates.get()
    ballot_counts = nights.ballot_counts(seat, *VOTES)
    strange = dataclasses.replace(ballot_counts, votes={**ballot_counts.votes, other.pk: 5})
    with pytest.raises(desk.ValidationRefused) as refusal:
        nights.declare_counts(
            seat, strange, by=nights.user(), idempotency_key="k", warning_reason="So."
        )
    blocks = [message for message in refusal.value.messages if message.level == BLOCK]
    assert [message.code for message in blocks] == ["unknown_candidate"]


def test_votes_that_elect_another_than_the_announced_winner_need_a_reason(
    phone: Client, seat: Contest
) -> None:
    _ann, bob, _cat = seat.candidates.all()
    nights.declare_winner(
        seat, [bob], by=nights.user("other"), idempotency_key="f", base_revision=0
    )
    ballot_counts = nights.ballot_counts(seat, *VOTES, electorate=100000)
    with pytest.raises(desk.ValidationRefused) as refusal:
        nights.complete(seat, ballot_counts, by=nights.user(), idempotency_key="k", base_revision=1)
    assert [message.code for message in refusal.value.messages] == ["winner_reversed"]
    sent = fields_of(seat, VOTES, {"electorate": 100000}) | {"base_revision": "1"}
    assert phone.post(MIDDLETOWN, sent, **JSON).json()["state"] == "reason"


def test_zero_is_a_count_and_empty_is_not(phone: Client, seat: Contest) -> None:
    zeros = fields_of(seat, (0, 0, 0), {}) | {"step": "check"}
    answer = phone.post(MIDDLETOWN, zeros)
    assert answer.status_code == 422
    blank = fields_of(seat, ("", "", ""), {}) | {"step": "check"}
    text = phone.post(MIDDLETOWN, blank).content.decode()
    assert text.count("If there were none, enter 0") >= 3
