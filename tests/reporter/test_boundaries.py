"""Every rule about figures at its boundary, on both sides: as typed on a phone, and at the door.

The same case goes through the form, which must say it beside the right box and keep what was
typed, and through the door, which must refuse it whoever asks.
"""

import dataclasses
from dataclasses import dataclass, field
from decimal import Decimal

import pytest

from results import desk
from results.arithmetic import BLOCK
from results.models import Bulletin, LastResult
from tests import nights
from tests.reporter.conftest import JSON, sent_to

pytestmark = pytest.mark.django_db

#: A turnout of 60% of 100,000, like last time's; nothing is odd about it.
VOTES = (30000, 20000, 10000)
LAST = {"lab": 31000, "con": 19000, "ld": 10000}


@dataclass(frozen=True)
class Case:
    """Changes to figures that are fine; ``code`` None where they still are."""

    code: str | None
    votes: tuple[int, ...] = VOTES
    more: dict[str, object] = field(default_factory=dict)
    at: str = ""


def case(code, *votes, at="", **more):
    return Case(code, votes or VOTES, more, at)


CASES = [
    case(None),
    # Cannot be: more votes than people, papers that do not match.
    case("turnout_range", electorate=60100, at="electorate"),
    case("papers_over_electorate", electorate=60099, at="rejected"),
    case("sum_over_electorate", electorate=59999, rejected=None, at="electorate"),
    case(None, papers=60100),
    case("papers_mismatch", papers=60101, at="papers"),
    case("papers_mismatch", papers=60099, at="papers"),
    # A tie for the seat.
    case("tie_needs_lot", 25000, 25000, 10000, at="lot"),
    # Odd: turnout outside 45% to 85%, or 8 points from last time.
    case(None, electorate=88383),
    case("turnout_jump", electorate=88200, at="electorate"),
    case("turnout_jump", electorate=115500, at="electorate"),
    case("turnout_range", electorate=133400, at="electorate"),
    # What was announced: within half a point, and exactly the total.
    case(None, turnout_announced=Decimal("60.5")),
    case("turnout_differs", turnout_announced=Decimal("60.61"), at="turnout_announced"),
    case(None, valid_announced=60000),
    case("valid_announced_mismatch", valid_announced=60001, at="valid_announced"),
    # Rejected ballots: 1% of the papers is the most that is usual.
    case(None, rejected=606),
    case("rejected_high", rejected=607, at="rejected"),
    # The electorate typed twice.
    case("electorate_repeats", electorate=100000, valid_announced=100000, at="electorate"),
    # Under 150 votes, or half a per cent.
    case(None, 25301, 25000, 9699),
    case("close", 25299, 25000, 9701),
    case("close", 25149, 25000, 9851),
    # Two boxes exchanged.
    case("swapped", 45500, 4500, 10000, lab_before=31000, con_before=19001, ld_before=3000),
]


@pytest.fixture
def seat():
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
def phone(client, seat):
    client.force_login(sent_to(seat, "reporter"))
    return client


def prepared(seat, one):
    """Figures of the case, last time's as it wants them."""
    more = dict(one.more)
    for label in LAST:
        votes = more.pop(f"{label}_before", None)
        if votes is not None:
            seat.last_result.votes.filter(party__slug=label).update(votes=votes)
    seat.refresh_from_db()
    expected = more.get("electorate", 100000)
    type(seat).objects.filter(pk=seat.pk).update(electorate=expected)
    seat.refresh_from_db()
    return {"rejected": 100, "electorate": 100000, **more}


def typed_of(seat, votes, given):
    ids = [f"votes-{one.pk}" for one in seat.candidates.all()]
    plain = {name: "" if value is None else str(value) for name, value in given.items()}
    return {
        **dict(zip(ids, map(str, votes), strict=True)),
        **plain,
        "base_revision": "0",
        "step": "publish",
        "key": "k",
    }


@pytest.mark.parametrize("one", CASES, ids=lambda one: f"{one.code}-{one.votes}-{one.more}")
def test_at_the_door(seat, one):
    ballot_counts = nights.ballot_counts(seat, *one.votes, **prepared(seat, one))
    by = nights.user()
    if one.code is None:
        assert nights.declare_counts(seat, ballot_counts, by=by, idempotency_key="k").sequence == 1
        return
    with pytest.raises(desk.ValidationRefused) as refusal:
        nights.declare_counts(seat, ballot_counts, by=by, idempotency_key="k")
    assert one.code in [finding.code for finding in refusal.value.messages]
    assert not Bulletin.objects.exists()
    if not refusal.value.needs_reason:
        with pytest.raises(desk.ValidationRefused):
            nights.declare_counts(
                seat, ballot_counts, by=by, idempotency_key="k", warning_reason="As read out."
            )
        return
    assert (
        nights.declare_counts(
            seat, ballot_counts, by=by, idempotency_key="k", warning_reason="As read out."
        ).sequence
        == 1
    )


@pytest.mark.parametrize("one", CASES, ids=lambda one: f"{one.code}-{one.votes}-{one.more}")
def test_on_the_phone(phone, seat, one):
    sent = typed_of(seat, one.votes, prepared(seat, one))
    address = "/count/ge/middletown/"
    answer = phone.post(address, sent, **JSON)
    if one.code is None:
        assert answer.json()["state"] == "published", answer.json()
        return
    assert answer.status_code == 422
    assert answer.json()["state"] in ("faulty", "reason")
    assert not Bulletin.objects.exists()
    page = phone.post(address, sent | {"step": "check"}).content.decode()
    for vote in one.votes:
        assert f'value="{vote}"' in page
    if answer.json()["state"] == "faulty" and one.at:
        place = "id_lot" if one.at == "lot" else f'id="id_{one.at}-fault"'
        assert place in page, one.at


@pytest.mark.parametrize("text", ["", " ", "-1", "1.5", "12%", "12,34", "1234567890", "ten", "٣"])
def test_what_is_no_figure_is_refused_in_every_box(phone, seat, text):
    names = [f"votes-{one.pk}" for one in seat.candidates.all()]
    for name in [*names, "rejected", "electorate", "papers", "valid_announced"]:
        if not text.strip() and name not in names:
            continue
        sent = typed_of(seat, VOTES, {"rejected": 100, "electorate": 100000}) | {name: text}
        page = phone.post("/count/ge/middletown/", sent | {"step": "check"})
        assert page.status_code == 422, name
        assert f'id="id_{name}-fault"' in page.content.decode(), name
    assert not Bulletin.objects.exists()


@pytest.mark.parametrize("text", ["-1", "100.1", "seventy", "71.888", "1e2"])
def test_a_percentage_that_is_none(phone, seat, text):
    sent = typed_of(seat, VOTES, {"turnout_announced": text}) | {"step": "check"}
    page = phone.post("/count/ge/middletown/", sent).content.decode()
    assert 'id="id_turnout_announced-fault"' in page
    assert f'value="{text}"' in page


def test_before_the_close_of_poll_nothing_is_taken(phone, seat, time_machine):
    ballot_counts = nights.ballot_counts(seat, *VOTES)
    time_machine.move_to("2019-12-12 21:59:59+00:00")
    phone.force_login(nights.user())
    with pytest.raises(desk.ValidationRefused) as refusal:
        nights.declare_counts(
            seat, ballot_counts, by=nights.user(), idempotency_key="k", warning_reason="It is so."
        )
    assert [one.code for one in refusal.value.messages] == ["polls_open"]
    sent = typed_of(seat, VOTES, {"electorate": 100000})
    assert phone.post("/count/ge/middletown/", sent, **JSON).json()["state"] == "faulty"
    time_machine.move_to("2019-12-12 22:00:00+00:00")
    phone.force_login(nights.user())
    assert phone.post("/count/ge/middletown/", sent, **JSON).json()["state"] == "published"


def test_a_candidate_of_another_ballot_paper_is_refused_at_the_door(seat):
    stranger = nights.contest(seat.election, "Elsewhere", [("Dan", "lab")]).candidates.get()
    ballot_counts = nights.ballot_counts(seat, *VOTES)
    strange = dataclasses.replace(ballot_counts, votes={**ballot_counts.votes, stranger.pk: 5})
    with pytest.raises(desk.ValidationRefused) as refusal:
        nights.declare_counts(
            seat, strange, by=nights.user(), idempotency_key="k", warning_reason="So."
        )
    assert [one.code for one in refusal.value.messages if one.level == BLOCK] == [
        "unknown_candidate"
    ]


def test_a_winner_other_than_the_one_announced_asks_why(phone, seat):
    _ann, bob, _cat = seat.candidates.all()
    nights.declare_winner(
        seat, [bob], by=nights.user("other"), idempotency_key="f", base_revision=0
    )
    ballot_counts = nights.ballot_counts(seat, *VOTES, electorate=100000)
    with pytest.raises(desk.ValidationRefused) as refusal:
        nights.complete(seat, ballot_counts, by=nights.user(), idempotency_key="k", base_revision=1)
    assert [one.code for one in refusal.value.messages] == ["winner_differs"]
    sent = typed_of(seat, VOTES, {"electorate": 100000}) | {"base_revision": "1"}
    assert phone.post("/count/ge/middletown/", sent, **JSON).json()["state"] == "reason"


def test_zero_is_a_figure_and_nothing_is_not(phone, seat):
    zeros = typed_of(seat, (0, 0, 0), {}) | {"step": "check"}
    answer = phone.post("/count/ge/middletown/", zeros)
    assert answer.status_code == 422
    blank = typed_of(seat, ("", "", ""), {}) | {"step": "check"}
    text = phone.post("/count/ge/middletown/", blank).content.decode()
    assert text.count("If there were none, enter 0") >= 3
