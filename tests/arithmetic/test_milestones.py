"""Each milestone of a tally at its boundary."""

from results.arithmetic import (
    MilestoneKind,
    PartyTally,
    ReachedMilestone,
    Tally,
    reached_milestones,
)


def tally(**seats: int) -> Tally:
    parties = {label: PartyTally(seats=won) for label, won in seats.items()}
    return Tally(contests=sum(seats.values()), seats=sum(seats.values()), parties=parties)


def reached(seats: int, *, whole_house: bool = True, **won: int) -> frozenset[ReachedMilestone]:
    return reached_milestones(tally(**won), seats, whole_house=whole_house)


def test_has_none_before_the_first_declaration() -> None:
    assert reached(650) == frozenset()


def test_first_declaration() -> None:
    assert reached(650, lab=1) == {ReachedMilestone(MilestoneKind.FIRST)}


def test_half_of_all_seats() -> None:
    assert ReachedMilestone(MilestoneKind.HALF) not in reached(650, lab=160, con=164)
    assert ReachedMilestone(MilestoneKind.HALF) in reached(650, lab=160, con=165)


def test_majority_is_more_than_half() -> None:
    assert ReachedMilestone(MilestoneKind.MAJORITY, "con") not in reached(650, con=325)
    assert ReachedMilestone(MilestoneKind.MAJORITY, "con") in reached(650, con=326)


def test_no_majority_once_no_party_can_reach_it() -> None:
    """A majority of 10 or 11 seats is 6: a party with 4 needs two of those that are left."""
    assert ReachedMilestone(MilestoneKind.NO_MAJORITY) not in reached(10, con=4, lab=3)
    assert ReachedMilestone(MilestoneKind.NO_MAJORITY) not in reached(10, con=4, lab=4)
    assert ReachedMilestone(MilestoneKind.NO_MAJORITY) in reached(11, con=4, lab=4, ld=2)


def test_all_declared() -> None:
    assert ReachedMilestone(MilestoneKind.ALL) in reached(3, lab=2, con=1)


def test_part_of_a_house_has_no_majority() -> None:
    assert reached(10, whole_house=False, con=10) == {
        ReachedMilestone(MilestoneKind.FIRST),
        ReachedMilestone(MilestoneKind.HALF),
        ReachedMilestone(MilestoneKind.ALL),
    }
