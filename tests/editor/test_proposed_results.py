"""Results that wait, side by side on the night's screen."""

import pytest

from results.arithmetic import BallotCounts
from results.editor.night.proposed import Column, Figures, ProposedSeat, figures_of
from results.models import Contest
from results.words.party_names import load_party_names
from tests import nights


def compared(seat: Contest, *all_counts: BallotCounts) -> Figures:
    names = load_party_names(seat.election.date)
    return figures_of(
        [
            Column(head="Ann", detail="", seat=ProposedSeat(seat, names, counts))
            for counts in all_counts
        ]
    )


def winner(seat: Contest, name: str) -> BallotCounts:
    everybody = dict(seat.candidates.values_list("name", "pk"))
    return BallotCounts.of_winners(everybody.values(), [everybody[name]])


def elected(figures: Figures) -> list[tuple[str, ...]]:
    return [row.cells for row in figures.sums if row.name == "Elected"]


def test_names_who_is_elected_where_votes_do_not_show_it(seat: Contest) -> None:
    assert elected(compared(seat, winner(seat, "Jeremy Corbyn"))) == [("Jeremy Corbyn",)]
    assert elected(compared(seat, nights.islington_ballot_counts(seat))) == []


def test_names_those_elected_where_two_results_differ(seat: Contest) -> None:
    two = compared(seat, winner(seat, "Jeremy Corbyn"), winner(seat, "Nick Wakeling"))
    assert elected(two) == [("Jeremy Corbyn", "Nick Wakeling")]
    full, tied = (nights.ballot_counts(seat, 1, 2, 3, 4, 5, votes) for votes in (6, 5))
    assert elected(compared(seat, full, tied)) == [("Nick Wakeling", "–")]


def test_votes_that_are_not_known_add_up_to_nothing(seat: Contest) -> None:
    two = compared(seat, winner(seat, "Jeremy Corbyn"), winner(seat, "Nick Wakeling"))
    assert [row.cells for row in two.rows] == [("–", "–")] * 4
    assert two.rows[-1].name == "3 others, all the same"


def test_votes_of_a_ward_of_three_are_not_as_many_as_its_papers(seat: Contest) -> None:
    counts = nights.islington_ballot_counts(seat)
    assert compared(seat, counts).sums[0].name == "Valid votes"
    seat.seats = 3
    assert compared(seat, counts).sums[0].name == "Votes cast"


@pytest.mark.parametrize(
    ("rejected", "name"), [(100, "Turnout, all ballots"), (None, "Turnout, valid votes")]
)
def test_names_what_the_turnout_is_of(seat: Contest, rejected: int | None, name: str) -> None:
    """A check may name the other of the two beside it."""
    counts = nights.islington_ballot_counts(seat, rejected=rejected)
    turnouts = [row.name for row in compared(seat, counts).sums if "Turnout" in row.name]
    assert turnouts == [name]
