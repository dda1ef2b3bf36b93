"""What a desk has on record of a contest before its result, and of the night so far."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from results.arithmetic.inputs import INDEPENDENT, BallotCounts, Candidacy, LastTime
from results.arithmetic.tally import Tally

#: From so many contests on, the night itself says what is usual.
ENOUGH = 10
#: Turnout changes are counted in tenths of a percentage point.
PER_POINT = 10
#: A normal distribution's standard deviation for one median absolute deviation.
SIGMA_PER_MAD = 1.4826


@dataclass(frozen=True, slots=True)
class TurnoutChanges:
    """Changes of turnout since last time, of contests that have declared.

    `contests` is how many there are by change, in tenths of a percentage point.
    """

    contests: Mapping[int, int] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return sum(self.contests.values())

    @property
    def median(self) -> Fraction:
        """The median change as a fraction of one. Raises ValueError without contests."""
        return Fraction(_median(self.contests), 100 * PER_POINT)

    @property
    def spread(self) -> float:
        """The standard deviation about the median, which a few odd contests do not move."""
        return spread_about_medians([self])

    def plus(self, change: int | None, contests: int = 1) -> "TurnoutChanges":
        """With so many more contests of a change; −1 takes one out. None changes nothing."""
        if change is None:
            return self
        counted = self.contests.get(change, 0) + contests
        others = {each: number for each, number in self.contests.items() if each != change}
        return TurnoutChanges({**others, change: counted} if counted > 0 else others)


def spread_about_medians(groups: Iterable[TurnoutChanges]) -> float:
    """The standard deviation of changes, each about the median of its own group.

    As a fraction of one. Raises ValueError without contests.
    """
    away: dict[int, int] = {}
    for group in groups:
        middle = _median(group.contests)
        for change, contests in group.contests.items():
            away[abs(change - middle)] = away.get(abs(change - middle), 0) + contests
    return SIGMA_PER_MAD * _median(away) / (100 * PER_POINT)


def changes_from_json(data: Mapping[str, Mapping[str, int]]) -> dict[str, TurnoutChanges]:
    """Read changes by region: `{region: {change: contests}}`, whose keys are text in JSON."""
    return {
        region: TurnoutChanges({int(change): contests for change, contests in counts.items()})
        for region, counts in data.items()
    }


def all_changes(regions: Iterable[TurnoutChanges]) -> TurnoutChanges:
    """The changes of all regions together."""
    together: dict[int, int] = {}
    for changes in regions:
        for change, contests in changes.contests.items():
            together[change] = together.get(change, 0) + contests
    return TurnoutChanges(together)


def _median(counts: Mapping[int, int]) -> int:
    """The lower median of values with how often each occurs."""
    half, seen = (sum(counts.values()) + 1) // 2, 0
    for value in sorted(counts):
        seen += counts[value]
        if seen >= half:
            return value
    raise ValueError("no values")


@dataclass(frozen=True, slots=True)
class UsualChange:
    """The median change of turnout of so many contests, and the standard deviation about it.

    Both are fractions of one.
    """

    median: Fraction
    spread: float
    contests: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NightSoFar:
    """The other contests that have declared: their tally, and how turnout changed there.

    `region_changes` are those of the contest's own region, `regions` those of each.
    """

    tally: Tally = field(default_factory=Tally)
    changes: TurnoutChanges = field(default_factory=TurnoutChanges)
    region_changes: TurnoutChanges = field(default_factory=TurnoutChanges)
    regions: tuple[TurnoutChanges, ...] = ()

    def usual_change(self, enough: int = ENOUGH) -> UsualChange | None:
        """That of the region, or else of the whole night; None before either has `enough` contests.

        How far a region's contests are apart is told by all regions together, each about its own
        median: a few contests of one region say little of it.
        """
        if self.region_changes.count >= enough:
            own = self.region_changes
            like = [each for each in self.regions if each.count >= enough]
            if sum(each.count for each in like) < ENOUGH:
                like = [own]
        elif self.changes.count >= enough:
            own, like = self.changes, [self.changes]
        else:
            return None
        return UsualChange(own.median, spread_about_medians(like), own.count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Everything on record about a contest when its result is checked. None is not known.

    `electorate` was known before the count; `verified_electorate` and `verified_papers` were
    announced at verification. `same_figures_as` is the name of another contest of the election that
    has the same figures, empty for none.
    """

    electorate: int | None = None
    verified_electorate: int | None = None
    verified_papers: int | None = None
    last: LastTime | None = None
    night: NightSoFar = field(default_factory=NightSoFar)
    same_figures_as: str = ""


@dataclass(frozen=True, slots=True)
class Sourced:
    """A number and where it comes from: `typed`, `verified`, `record` or `last`."""

    value: int
    source: str

    @property
    def typed(self) -> bool:
        return self.source == "typed"


def electorate_of(ballot_counts: BallotCounts, known: Known) -> Sourced | None:
    """The electorate: as typed, else as verified, else on record, else last time's."""
    last = known.last.electorate if known.last else None
    return _first(
        typed=ballot_counts.electorate,
        verified=known.verified_electorate,
        record=known.electorate,
        last=last,
    )


def papers_of(ballot_counts: BallotCounts, known: Known) -> Sourced | None:
    """The ballot papers at verification: as typed, else as filed before."""
    return _first(typed=ballot_counts.papers, verified=known.verified_papers)


def _first(**values: int | None) -> Sourced | None:
    return next((Sourced(value, name) for name, value in values.items() if value), None)


def turnout_change(
    ballot_counts: BallotCounts, known: Known, *, seats: int = 1, vote_per_seat: bool = True
) -> Fraction | None:
    """Return the change of the turnout of valid votes since last time, as a fraction of one.

    `seats` is how many votes a paper has. With `vote_per_seat`, it had one for each seat that was
    up last time, as in wards: votes for each seat stand for papers, which last results do not
    have. An electorate that is not known for one of the two times is taken from the other. None
    where either time's votes, or every electorate, are not known.
    """
    last, now = known.last, electorate_of(ballot_counts, known)
    if last is None or not last.valid or now is None or not ballot_counts.complete:
        return None
    valid = sum(votes or 0 for votes in ballot_counts.votes.values())
    then = (last.seats if vote_per_seat else None) or seats
    before = Fraction(last.valid, (last.electorate or now.value) * then)
    return Fraction(valid, now.value * seats) - before


# --- What each candidate may expect -----------------------------------------------------------

#: A label's expected share comes from last time, or from its other candidates of the night.
FROM_LAST, FROM_NIGHT = "last", "night"


@dataclass(frozen=True, slots=True)
class Expected:
    """A candidate's expected share of the valid votes, a fraction of one, and its source."""

    share: float
    source: str


def expected_shares(candidacies: tuple[Candidacy, ...], known: Known) -> dict[int, Expected]:
    """Return what each candidate may expect, by id; without those of whom nothing is known.

    Last time's share of the label, moved as the label's votes moved over the night so far; where
    the label did not stand here, the mean of its candidates of the night. Candidates of one label
    share its votes equally.
    """
    last, tally = known.last, known.night.tally
    standing: dict[str, int] = {}
    for candidacy in candidacies:
        standing[candidacy.label] = standing.get(candidacy.label, 0) + 1
    before = _last_shares(last) if last else {}
    enough = tally.complete >= ENOUGH
    expected = {}
    for candidacy in candidacies:
        label = candidacy.label
        if label == INDEPENDENT:
            share = _own_share(candidacy, last)
            if share is not None:
                expected[candidacy.id] = Expected(share, FROM_LAST)
        elif label in before:
            share = before[label] * (_moved(tally, label) if enough else 1.0)
            expected[candidacy.id] = Expected(share / standing[label], FROM_LAST)
        elif enough and (mean := _mean_share(tally, label)):
            expected[candidacy.id] = Expected(mean, FROM_NIGHT)
    return expected


def _own_share(candidacy: Candidacy, last: LastTime | None) -> float | None:
    """The share last time of an independent who stood here then: others say nothing of theirs."""
    for vote in last.votes if last and last.valid and candidacy.person is not None else ():
        if vote.person == candidacy.person and vote.votes:
            return vote.votes / (last.valid or 1) if last else None
    return None


def _last_shares(last: LastTime) -> dict[str, float]:
    shares: dict[str, float] = {}
    for vote in last.votes:
        if vote.share is not None:
            share = float(vote.share)
        elif vote.votes and last.valid:
            share = vote.votes / last.valid
        else:
            continue
        shares[vote.label] = shares.get(vote.label, 0.0) + share
    return {label: share for label, share in shares.items() if share > 0}


def _moved(tally: Tally, label: str) -> float:
    """The label's share now for each part of its share last time, over the night so far."""
    party = tally.parties.get(label)
    if not party or not party.last_votes or not party.comparable_votes:
        return 1.0
    if not tally.comparable_valid or not tally.last_valid:
        return 1.0
    now = party.comparable_votes / tally.comparable_valid
    return min(max(now / (party.last_votes / tally.last_valid), 0.2), 5.0)


def _mean_share(tally: Tally, label: str) -> float | None:
    party = tally.parties.get(label)
    if not party or party.candidates < 3 or not party.votes or not tally.valid:
        return None
    return party.votes / party.candidates / (tally.valid / tally.complete)


def log_ratio(votes: float, expected: float) -> float:
    """How far votes are from those expected, as a logarithm; small numbers are near each other."""
    return math.log((votes + 15) / (expected + 15))
