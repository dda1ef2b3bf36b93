"""Adding up counting areas, from which nothing is inferred."""

import pytest

from results.arithmetic import (
    NOTE,
    REASON,
    BallotCounts,
    ElectionKind,
    Method,
    compute_outcome,
    rules_of,
)
from results.arithmetic.counting_areas import Subtotals, check_subtotals
from results.arithmetic.electoral_systems import ElectoralSystem

ANN, BOB = 1, 2
NAMES = {ANN: "Ann Ash", BOB: "Bob Birch"}
AREA = ElectoralSystem(method=Method.COUNTED)


def counts(
    ann: int | None, bob: int | None, *, rejected: int | None = None, electorate: int | None = None
) -> BallotCounts:
    return BallotCounts(votes={ANN: ann, BOB: bob}, rejected=rejected, electorate=electorate)


def test_areas_are_added_up_as_far_as_they_are_in() -> None:
    first = counts(700, 500, rejected=9, electorate=4000)
    subtotals = Subtotals([first, None, counts(100, None)])
    assert (len(subtotals.counted), subtotals.all_in) == (1, False)
    assert subtotals.votes == {ANN: 700, BOB: 500}
    assert (subtotals.rejected, subtotals.electorate) == (None, None)
    all_in = Subtotals([first, counts(100, 900, rejected=1, electorate=3000)])
    assert all_in.votes == {ANN: 800, BOB: 1400}
    assert (all_in.all_in, all_in.valid) == (True, 2200)
    assert (all_in.rejected, all_in.electorate) == (10, 7000)


def test_contest_without_areas_is_not_all_in() -> None:
    assert not Subtotals().all_in


@pytest.mark.parametrize("votes", [(700, 500), (600, 600), (0, 0)])
def test_nobody_is_elected_in_a_counting_area(votes: tuple[int, int]) -> None:
    outcome = compute_outcome(counts(*votes), seats=1, ballot_order=[ANN, BOB], system=AREA)
    assert (outcome.elected, outcome.majority, outcome.runner_up) == ((), None, None)
    assert not any(result.elected or result.lost_deposit for result in outcome.candidate_results)
    assert outcome.valid == sum(votes)


def test_result_is_compared_with_areas_that_are_all_in() -> None:
    areas = Subtotals([counts(700, 500), counts(100, 900)])
    assert check_subtotals(counts(800, 1400), areas, NAMES) == ()
    (message,) = check_subtotals(counts(800, 1300), areas, NAMES)
    assert (message.code, message.level, message.field) == ("areas_differ", REASON, "votes-2")
    assert message.params == {"name": "Bob Birch", "votes": 1300, "sum": 1400}


def test_result_before_the_last_area_is_noted() -> None:
    (message,) = check_subtotals(counts(800, 1400), Subtotals([counts(700, 500), None]), NAMES)
    assert (message.code, message.level) == ("areas_awaited", NOTE)


def test_parliaments_and_councils_have_no_counting_areas() -> None:
    assert [kind for kind in ElectionKind if rules_of(kind).counting_areas] == [
        ElectionKind.MAYOR,
        ElectionKind.COMMISSIONER,
        ElectionKind.REFERENDUM,
    ]
