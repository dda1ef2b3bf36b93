"""Claims of revisions: which complete what is published, and which take it back."""

from typing import Any

import pytest

from results.arithmetic import BallotCounts
from results.arithmetic.claims import claim_of, contradictions, kind_of_revision
from results.arithmetic.decisions import RevisionKind

UPDATE, CORRECTION = RevisionKind.UPDATE, RevisionKind.CORRECTION
UNKNOWN = {1: None, 2: None, 3: None}
FULL = {1: 500, 2: 300, 3: 200}


def counts(votes: dict[int, Any] = FULL, **more: Any) -> BallotCounts:
    return BallotCounts(votes=votes, **more)


CASES = [
    # (seats, published, new, kind)
    (1, counts(UNKNOWN, winners=(1,)), counts(), UPDATE),
    (1, counts(UNKNOWN, winners=(1,)), counts(rejected=9, electorate=2000), UPDATE),
    (1, counts(UNKNOWN, winners=(2,)), counts(), CORRECTION),
    (1, counts(UNKNOWN, winners=(2,)), counts(UNKNOWN, winners=(1,)), CORRECTION),
    (2, counts(UNKNOWN, winners=(1, 2)), counts(), UPDATE),
    (2, counts(UNKNOWN, winners=(2, 1)), counts(), UPDATE),
    (2, counts(UNKNOWN, winners=(1, 3)), counts(), CORRECTION),
    (1, counts({**UNKNOWN, 1: 500}, winners=(1,)), counts(), UPDATE),
    (1, counts({**UNKNOWN, 1: 501}, winners=(1,)), counts(), CORRECTION),
    (1, counts(UNKNOWN, winners=(1,), electorate=2000), counts(electorate=2000), UPDATE),
    (1, counts(UNKNOWN, winners=(1,), electorate=2000), counts(electorate=2001), CORRECTION),
    (1, counts(UNKNOWN, winners=(1,), electorate=2000), counts(), CORRECTION),
    (1, counts(), counts(rejected=9), UPDATE),
    (1, counts(), counts({**FULL, 3: 199}), CORRECTION),
    (1, counts(), counts({**FULL, 3: None}, winners=(1,)), CORRECTION),
    (1, counts(), counts(UNKNOWN, winners=(1,)), CORRECTION),
    (1, counts(rejected=9), counts(rejected=0), CORRECTION),
    # Some totals elect nobody, and each stands until it is taken back.
    (1, counts({**UNKNOWN, 1: 500}), counts(), UPDATE),
    (1, counts({**UNKNOWN, 1: 500}), counts({**UNKNOWN, 1: 500, 2: 300}), UPDATE),
    (1, counts({**UNKNOWN, 1: 500}), counts({**UNKNOWN, 1: 500}, winners=(2,)), UPDATE),
    (1, counts({**UNKNOWN, 1: 501}), counts(), CORRECTION),
    (1, counts({**UNKNOWN, 1: 500}), counts({**UNKNOWN, 2: 300}), CORRECTION),
    # A tie that the announced winner took by lot, and one that another took.
    (1, counts(UNKNOWN, winners=(1,)), counts({1: 5, 2: 5, 3: 1}, lot=(1,)), UPDATE),
    (1, counts(UNKNOWN, winners=(1,)), counts({1: 5, 2: 5, 3: 1}, lot=(2,)), CORRECTION),
    (1, counts({1: 5, 2: 5, 3: 1}, lot=(1,)), counts({1: 5, 2: 5, 3: 1}, lot=(2,)), CORRECTION),
]


@pytest.mark.parametrize(("seats", "published", "new", "kind"), CASES)
def test_different_or_lower_claim_is_a_correction(
    seats: int, published: BallotCounts, new: BallotCounts, kind: RevisionKind
) -> None:
    before, after = (
        claim_of(each, seats=seats, ballot_order=(1, 2, 3)) for each in (published, new)
    )
    assert kind_of_revision(before, after) is kind


@pytest.mark.parametrize(
    ("first", "second", "names"),
    [
        (counts(), counts(), ()),
        (counts(), counts({**FULL, 3: 201}), ("votes-3",)),
        (counts(), counts({1: 300, 2: 500, 3: 200}), ("elected", "votes-1", "votes-2")),
        (counts(rejected=9), counts(), ()),
        (counts(rejected=9), counts(rejected=8, papers=5), ("rejected",)),
        (counts(), counts({**UNKNOWN, 1: 500}), ()),
        (counts(), counts({**UNKNOWN, 1: 501}), ("votes-1",)),
        (counts(), counts(UNKNOWN, winners=(1,)), ()),
        (counts(), counts(UNKNOWN, winners=(2,)), ("elected",)),
        (counts({1: 5, 2: 5, 3: 1}, lot=(1,)), counts({1: 5, 2: 5, 3: 1}), ()),
        (
            counts({1: 5, 2: 5, 3: 1}, lot=(1,)),
            counts({1: 5, 2: 5, 3: 1}, lot=(2,)),
            ("elected", "lot"),
        ),
    ],
)
def test_two_people_contradict_each_other_only_in_what_both_noted(
    first: BallotCounts, second: BallotCounts, names: tuple[str, ...]
) -> None:
    claims = [claim_of(each, seats=1, ballot_order=(1, 2, 3)) for each in (first, second)]
    assert contradictions(*claims) == names
    assert contradictions(*reversed(claims)) == names


def test_first_claim_is_a_declaration_or_a_winner() -> None:
    full = claim_of(counts(), seats=1, ballot_order=(1, 2, 3))
    winner = claim_of(counts(UNKNOWN, winners=(1,)), seats=1, ballot_order=(1, 2, 3))
    assert kind_of_revision(None, full) is RevisionKind.DECLARATION
    assert kind_of_revision(None, winner) is RevisionKind.WINNER_ONLY
