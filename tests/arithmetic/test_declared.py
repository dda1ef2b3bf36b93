"""The single transferable vote, as declared: nothing is inferred from first preferences."""

from dataclasses import replace
from fractions import Fraction

import pytest

from results.arithmetic import BallotCounts, ElectoralSystem, Method, Outcome, compute_outcome
from results.arithmetic.claims import Claim, claim_of, kind_of_revision
from results.arithmetic.conditions import Conditions
from results.arithmetic.decisions import RevisionKind
from results.arithmetic.inputs import Candidacy
from results.arithmetic.plausibility import check_ballot_counts

SYSTEM = ElectoralSystem(method=Method.DECLARED)
ORDER = (1, 2, 3, 4, 5)


def outcome(counts: BallotCounts, seats: int = 3) -> Outcome:
    return compute_outcome(counts, seats=seats, ballot_order=ORDER, system=SYSTEM)


def declared(*winners: int, stages: dict[int, int] | None = None) -> BallotCounts:
    counts = BallotCounts.of_winners(ORDER, winners)
    return replace(counts, stages=stages, quota=1001)


class TestOutcome:
    def test_of_fewer_winners_than_seats_leaves_seats_to_fill(self) -> None:
        result = outcome(declared(4, stages={4: 1}))
        assert (result.elected, result.to_fill, result.vacancies) == ((4,), 2, 0)
        assert (result.quota, result.first_preferences) == (1001, True)

    def test_of_nobody_yet_is_valid(self) -> None:
        assert (outcome(declared()).elected, outcome(declared()).to_fill) == ((), 3)

    def test_has_those_elected_in_the_order_of_their_stages(self) -> None:
        result = outcome(declared(1, 3, 4, stages={4: 1, 1: 6, 3: 4}))
        assert (result.elected, result.to_fill) == ((4, 3, 1), 0)
        assert [row.stage for row in result.candidate_results[:3]] == [1, 4, 6]

    def test_elects_nobody_by_first_preferences(self) -> None:
        counts = BallotCounts(votes={1: 900, 2: 50, 3: 20, 4: 20, 5: 10}, winners=(5,))
        result = outcome(counts)
        assert result.elected == (5,)
        assert [row.candidate for row in result.candidate_results] == [5, 1, 2, 3, 4]
        assert result.candidate_results[1].share == Fraction(900, 1000)
        assert (result.majority, result.runner_up, result.winner_only) == (None, None, False)
        assert all(row.lost_deposit is None for row in result.candidate_results)

    def test_refuses_more_than_there_are_seats_and_one_twice(self) -> None:
        with pytest.raises(ValueError, match="announced"):
            outcome(declared(1, 2, 3, 4))
        with pytest.raises(ValueError, match="announced"):
            outcome(declared(1, 1))

    def test_with_fewer_candidates_than_seats_leaves_vacancies(self) -> None:
        result = outcome(declared(*ORDER), seats=6)
        assert (result.to_fill, result.vacancies) == (0, 1)


@pytest.mark.parametrize(
    ("quota", "codes"),
    [(876, []), (None, []), (875, ["quota_differs"]), (8760, ["quota_differs"])],
)
def test_quota_is_that_of_the_first_preferences(quota: int | None, codes: list[str]) -> None:
    """3,500 ÷ 4 is 875, and one more."""
    votes: dict[int, int | None] = {1: 900, 2: 150, 3: 1200, 4: 950, 5: 300}
    counts = BallotCounts(votes=votes, winners=(3,), quota=quota)
    candidacies = tuple(Candidacy(id=number, label=f"p{number}") for number in ORDER)
    conditions = Conditions(seats=3, candidacies=candidacies, system=SYSTEM)

    def checked(counts: BallotCounts) -> list[str]:
        messages = check_ballot_counts(counts, conditions)
        return [each.code for each in messages if each.field == "quota"]

    assert checked(counts) == codes
    # A part of the first preferences has no quota.
    assert checked(replace(counts, votes=votes | {5: None})) == []


class TestClaims:
    @staticmethod
    def claim(counts: BallotCounts) -> Claim:
        return claim_of(counts, seats=3, ballot_order=ORDER, system=SYSTEM)

    def test_one_more_elected_is_an_update(self) -> None:
        before, after = declared(4, stages={4: 1}), declared(4, 2, stages={4: 1, 2: 3})
        kind = kind_of_revision(self.claim(before), self.claim(after))
        assert kind is RevisionKind.UPDATE

    @pytest.mark.parametrize(
        "after",
        [
            declared(2, stages={2: 1}),
            declared(stages={}),
            declared(4, stages={4: 2}),
            replace(declared(4, stages={4: 1}), quota=1002),
        ],
        ids=["another", "none", "another stage", "another quota"],
    )
    def test_anything_taken_back_is_a_correction(self, after: BallotCounts) -> None:
        before = declared(4, stages={4: 1})
        kind = kind_of_revision(self.claim(before), self.claim(after))
        assert kind is RevisionKind.CORRECTION


def test_survives_json() -> None:
    counts = declared(4, 2, stages={4: 1, 2: 3})
    assert BallotCounts.from_json(counts.to_json()) == counts
    assert "stages" not in BallotCounts(votes={1: 2}).to_json()
