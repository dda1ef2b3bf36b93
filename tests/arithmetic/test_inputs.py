"""Ballot counts as JSON, and merged, by releases that have a figure and releases that do not."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from results.arithmetic import BallotCounts, merge_matching


@dataclass(frozen=True, slots=True, kw_only=True)
class NextCounts(BallotCounts):
    """Ballot counts of a release with one figure more."""

    postal_votes: int | None = None


COUNTS: dict[str, Any] = {
    "votes": {1: 10, 2: None},
    "rejected": 3,
    "turnout_announced": Decimal("61.30"),
    "lot": (1,),
    "winners": (1, 2),
}


@pytest.mark.parametrize("counts", [BallotCounts(**COUNTS), NextCounts(**COUNTS, postal_votes=0)])
def test_json_round_trip(counts: BallotCounts) -> None:
    assert type(counts).from_json(counts.to_json()) == counts


def test_later_figure_is_in_json_only_where_it_is_known() -> None:
    """Fingerprints are compared with those that earlier releases stored."""
    assert NextCounts(**COUNTS).to_json() == BallotCounts(**COUNTS).to_json()
    assert NextCounts(**COUNTS, postal_votes=0).to_json()["postal_votes"] == 0


def test_json_of_earlier_releases() -> None:
    """It names every figure of the first release, known or not."""
    assert BallotCounts(**COUNTS).to_json() == {
        "votes": {"1": 10, "2": None},
        "rejected": 3,
        "electorate": None,
        "turnout_announced": "61.3",
        "valid_announced": None,
        "papers": None,
        "lot": [1],
        "winners": [1, 2],
    }


def test_reads_json_of_an_earlier_and_of_a_later_release() -> None:
    assert NextCounts.from_json(BallotCounts(**COUNTS).to_json()) == NextCounts(**COUNTS)
    later = NextCounts(**COUNTS, postal_votes=5).to_json()
    assert BallotCounts.from_json(later) == BallotCounts(**COUNTS)
    assert BallotCounts.from_json({"votes": {"1": 10}}) == BallotCounts(votes={1: 10})


def test_merges_a_later_figure() -> None:
    first, second = NextCounts(votes={1: 10}), NextCounts(votes={1: 10}, postal_votes=5)
    assert merge_matching(first, second) == second
    assert merge_matching(NextCounts(votes={1: 10}, postal_votes=6), second) is None
