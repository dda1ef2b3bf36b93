"""Data on record about a contest before its result, and about the night so far."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from statistics import mean, median

from results.arithmetic.inputs import INDEPENDENT, BallotCounts, Candidacy, LastTime
from results.arithmetic.tally import Tally

#: The number of declared contests from which the night's own figures are the usual ones.
ENOUGH = 10
#: Units of a turnout change in a percentage point: changes are counted in tenths of one.
PER_POINT = 10
#: Converts a median absolute deviation to a normal distribution's standard deviation.
SIGMA_PER_MAD = 1.4826
#: The turnout last time that stands for an unknown one, so that its votes give an electorate: about
#: that of general elections since 2001, which was 59 to 69%.
ASSUMED_TURNOUT = Fraction(63, 100)
#: The largest change of turnout, a fraction of one: in tenths of a point, it fits into a small
#: integer. No turnout changes by so much, but votes may be many times last time's.
LARGEST_CHANGE = Fraction(32)
#: Number of wards of several seats with known papers from which the use of votes is estimated.
USED_FROM = 5


@dataclass(frozen=True, slots=True)
class TurnoutChanges:
    """Distribution of the changes of turnout since last time, over declared contests.

    `contests` is the number of contests by change, in tenths of a percentage point.
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
        """The standard deviation about the median, estimated so that outliers do not move it."""
        return spread_about_medians([self])

    def plus(self, change: int | None, contests: int = 1) -> "TurnoutChanges":
        """Return these with `contests` more of one change (−1 removes one); None adds nothing."""
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
    """Return the lower median of values, given how often each occurs."""
    half, seen = (sum(counts.values()) + 1) // 2, 0
    for value in sorted(counts):
        seen += counts[value]
        if seen >= half:
            return value
    raise ValueError("no values")


@dataclass(frozen=True, slots=True)
class UsualChange:
    """The median change of turnout over `contests`, and the standard deviation about it.

    Both are fractions of one.
    """

    median: Fraction
    spread: float
    contests: int


@dataclass(frozen=True, slots=True)
class Use:
    """The median part of their votes that electors used, and the standard deviation about it."""

    median: float
    spread: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NightSoFar:
    """The other contests that have declared: their tally, and how turnout changed there.

    `region_changes` are those of the contest's own region, `regions` those of each. `body_tally` is
    the tally of its own council, and `used` the part of the votes of their ballot papers, a
    fraction of one each, that electors used in the council's wards of several seats.
    """

    tally: Tally = field(default_factory=Tally)
    body_tally: Tally = field(default_factory=Tally)
    used: tuple[float, ...] = ()
    changes: TurnoutChanges = field(default_factory=TurnoutChanges)
    region_changes: TurnoutChanges = field(default_factory=TurnoutChanges)
    regions: tuple[TurnoutChanges, ...] = ()

    def tally_of_shares(self, enough: int = ENOUGH) -> Tally | None:
        """Return the council's tally once it has `enough` contests, else the night's from ten."""
        if self.body_tally.complete >= enough:
            return self.body_tally
        return self.tally if self.tally.complete >= ENOUGH else None

    def usual_use(self) -> Use | None:
        """Return the part of their votes that electors use here; None before `USED_FROM` wards."""
        if len(self.used) < USED_FROM:
            return None
        middle = median(self.used)
        away = median(abs(used - middle) for used in self.used)
        return Use(middle, SIGMA_PER_MAD * away)

    def usual_change(self, enough: int = ENOUGH) -> UsualChange | None:
        """Return the region's usual change, else the whole night's; None before `enough` contests.

        The spread of a region's contests is computed from all regions together, each about its own
        median: one region has too few contests to estimate it.
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
    have. An electorate that is not known for one of the two times is taken from the other; if
    neither is, it is what last time's votes are at `ASSUMED_TURNOUT`, so that votes compare. It is
    within `LARGEST_CHANGE`; None where either time's votes are not known.
    """
    last = known.last
    if last is None or not last.valid or not ballot_counts.complete:
        return None
    valid = sum(votes or 0 for votes in ballot_counts.votes.values())
    then = (last.seats if vote_per_seat else None) or seats
    found = electorate_of(ballot_counts, known)
    now = found.value if found else last.valid / (ASSUMED_TURNOUT * then)
    before = last.valid / Fraction((last.electorate or now) * then)
    change = valid / Fraction(now * seats) - before
    return max(-LARGEST_CHANGE, min(change, LARGEST_CHANGE))


def has_own_electorates(ballot_counts: BallotCounts, known: Known) -> bool:
    """Whether both this and last time's electorate are known, so that turnouts compare."""
    now = electorate_of(ballot_counts, known)
    return now is not None and now.source != "last" and bool(known.last and known.last.electorate)


# --- Expected shares --------------------------------------------------------------------------

#: Sources of a label's expected share: last time, or its other candidates of the night.
FROM_LAST, FROM_NIGHT = "last", "night"


@dataclass(frozen=True, slots=True)
class Expected:
    """A candidate's expected share of the valid votes, a fraction of one, and its source."""

    share: float
    source: str


def expected_shares(
    candidacies: tuple[Candidacy, ...],
    known: Known,
    *,
    seats: int | None = None,
    enough: int = ENOUGH,
) -> dict[int, Expected]:
    """Return each candidate's expected share by id, without candidates that have no basis for one.

    It is last time's share of the label, moved as the label's votes moved over the night so far;
    where the label did not stand here, the mean of its candidates of the night, or of the own
    council once `enough` of its wards have declared. Electors have a vote for each of the `seats`,
    so that a candidate has a part of all votes that falls with their number; None where they have
    one vote whatever the number, and candidates of one label share its votes equally.
    """
    last, night = known.last, known.night
    standing = Counter(candidacy.label for candidacy in candidacies)
    before = _last_shares(last, standing, seats) if last else {}
    moved, of_night = night.tally_of_shares(), night.tally_of_shares(enough)
    expected = {}
    for candidacy in candidacies:
        label = candidacy.label
        if label == INDEPENDENT:
            share = _own_share(candidacy, last, seats)
            if share is not None:
                expected[candidacy.id] = Expected(share, FROM_LAST)
        elif label in before:
            factor = _moved(moved, label) if moved else 1.0
            expected[candidacy.id] = Expected(before[label] * factor, FROM_LAST)
        elif of_night and (usual := _mean_share(of_night, label, seats)):
            expected[candidacy.id] = Expected(usual, FROM_NIGHT)
    return expected


def _own_share(candidacy: Candidacy, last: LastTime | None, seats: int | None) -> float | None:
    """Return last time's share of an independent; only the same person's votes are a basis."""
    if last is None or not last.valid or candidacy.person is None:
        return None
    for vote in last.votes:
        if vote.person == candidacy.person and vote.votes:
            return vote.votes / last.valid * _fewer_votes(last, seats)
    return None


def _last_shares(
    last: LastTime, standing: Mapping[str, int], seats: int | None
) -> dict[str, float]:
    """Return the share of one candidate of each label by last time's votes."""
    shares: dict[str, list[float]] = {}
    for vote in last.votes:
        if vote.share is not None:
            share = float(vote.share)
        elif vote.votes and last.valid:
            share = vote.votes / last.valid
        else:
            continue
        shares.setdefault(vote.label, []).append(share)
    several = max(seats or 1, last.seats or 1) > 1 if seats else False
    of_one = {
        label: mean(each) * _fewer_votes(last, seats)
        if several
        else sum(each) / max(standing.get(label, 0), 1)
        for label, each in shares.items()
    }
    return {label: share for label, share in of_one.items() if share > 0}


def _fewer_votes(last: LastTime, seats: int | None) -> float:
    """Return the ratio of the votes a ballot paper had last time to those it has now."""
    return (last.seats or seats) / seats if seats else 1.0


def _moved(tally: Tally, label: str) -> float:
    """Return the label's share now divided by its share last time, over the night so far.

    It is of its best-placed candidates, where these are summed: it may have more candidates now.
    """
    party = tally.parties.get(label)
    if not party or not tally.comparable_valid or not tally.last_valid:
        return 1.0
    now, then = party.comparable_votes, party.last_votes
    if tally.best_last:
        now, then = party.best_comparable, party.best_last
    if not now or not then:
        return 1.0
    return min(max(now / tally.comparable_valid / (then / tally.last_valid), 0.2), 5.0)


def _mean_share(tally: Tally, label: str, seats: int | None) -> float | None:
    party = tally.parties.get(label)
    if not party or party.candidates < 3 or not party.votes or not tally.valid:
        return None
    share = party.votes / party.candidates / (tally.valid / tally.complete)
    if not seats or not tally.contests or not tally.seats:
        return share
    return share * (tally.seats / tally.contests) / seats


def log_ratio(votes: float, expected: float) -> float:
    """Return the logarithm of votes over those expected, damped for small numbers."""
    return math.log((votes + 15) / (expected + 15))
