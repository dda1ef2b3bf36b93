"""What a night has reached: facts of the tally, at their boundaries."""

from results.arithmetic import (
    MilestoneKind,
    PartyTally,
    ReachedMilestone,
    Tally,
    reached_milestones,
)


def tally(**seats):
    lines = {label: PartyTally(seats=won) for label, won in seats.items()}
    return Tally(contests=sum(seats.values()), seats=sum(seats.values()), lines=lines)


def marks(seats, *, whole_house=True, **won):
    return reached_milestones(tally(**won), seats, whole_house=whole_house)


def test_nothing_before_the_first_declaration():
    assert marks(650) == frozenset()


def test_the_first_declaration():
    assert marks(650, lab=1) == {ReachedMilestone(MilestoneKind.FIRST)}


def test_half_of_all_seats():
    assert ReachedMilestone(MilestoneKind.HALF) not in marks(650, lab=160, con=164)
    assert ReachedMilestone(MilestoneKind.HALF) in marks(650, lab=160, con=165)


def test_a_party_passes_the_line_with_more_than_half():
    assert ReachedMilestone(MilestoneKind.MAJORITY, "con") not in marks(650, con=325)
    assert ReachedMilestone(MilestoneKind.MAJORITY, "con") in marks(650, con=326)


def test_no_majority_once_nobody_can_reach_the_line():
    """Of 10 seats or 11 the line is 6: whoever has 4 needs two of those that are left."""
    assert ReachedMilestone(MilestoneKind.NO_MAJORITY) not in marks(10, con=4, lab=3)
    assert ReachedMilestone(MilestoneKind.NO_MAJORITY) not in marks(10, con=4, lab=4)
    assert ReachedMilestone(MilestoneKind.NO_MAJORITY) in marks(11, con=4, lab=4, ld=2)


def test_everything_declared():
    assert ReachedMilestone(MilestoneKind.ALL) in marks(3, lab=2, con=1)


def test_a_patch_has_no_majority_line():
    reached = marks(10, whole_house=False, con=10)
    assert reached == {
        ReachedMilestone(MilestoneKind.FIRST),
        ReachedMilestone(MilestoneKind.HALF),
        ReachedMilestone(MilestoneKind.ALL),
    }
