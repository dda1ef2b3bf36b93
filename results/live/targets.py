"""List a party's target seats and defences, battlegrounds, and the exit poll against results."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from heapq import nsmallest

from django.utils.translation import gettext as _

from results.arithmetic import Swing, national_swing
from results.arithmetic.targets import (
    Became,
    Margin,
    Tried,
    became_of,
    margin_of,
    poll_against_result,
    swing_needed,
    tried,
)
from results.live.area_snapshot import AreaSnapshot
from results.live.cached_snapshot import CachedSnapshot
from results.live.last_shares import last_shares
from results.live.last_votes import party_of
from results.live.night_cache import CachedContest
from results.models import OTHERS, Contest, ExternalFigures
from results.words.number_format import percent
from results.words.party_names import PartyName
from results.words.seat_sentences import short_result

#: Most rows of a list of targets.
ROWS = 20
#: The largest swing needed for which a seat is a target.
REACH = Fraction(10, 100)


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A target seat: the swing needed, its holder, its challenger, and its outcome.

    `label` is the winner's, empty while it is to come; `state` the result in brief, or the state of
    the count, empty where all that is known is when to expect the result.
    """

    contest: Contest
    swing_needed: Fraction
    holder: PartyName
    challenger: PartyName
    became: Became
    label: str
    state: str
    majority: int | None
    by_lot: bool = False

    @property
    def needed(self) -> str:
        """The swing needed, such as “2.63 points”; “under 0.01 points” if it would round to 0."""
        if self.swing_needed and not round(self.swing_needed * 10_000):
            return _("under 0.01 points")
        return _("%(points)s points") % {"points": percent(self.swing_needed, 2)}

    @property
    def is_awaited(self) -> bool:
        return self.became is Became.AWAITED


@dataclass(frozen=True, slots=True)
class Targets:
    """A list of seats by the swing needed, with the numbers declared and won."""

    rows: Sequence[TargetRow]
    tried: Tried

    @classmethod
    def of(cls, rows: Sequence[TargetRow]) -> "Targets":
        return cls(rows, tried([row.became for row in rows]))

    def __len__(self) -> int:
        return len(self.rows)


def has_targets(snapshot: CachedSnapshot) -> bool:
    """Whether swings from last time's shares have a meaning, as in contests of one seat."""
    rules = snapshot.election.rules
    return rules.swing and not snapshot.shows_wards and not snapshot.has_separate_results


def targets_of(snapshot: CachedSnapshot, label: str) -> Targets:
    """Return the seats that the party did not win last time, least swing needed first."""
    if not has_targets(snapshot):
        return Targets.of(())
    shares = last_shares(snapshot)
    wanted = [
        (needed, cached)
        for cached in snapshot.cached_contests
        if (needed := swing_needed(shares.get(cached.contest.pk, {}), label)) is not None
        and needed <= REACH
    ]
    return Targets.of([_row(snapshot, cached, label) for cached in _first(wanted)])


def defences_of(snapshot: CachedSnapshot, label: str) -> Targets:
    """Return the seats that the party won last time, those with the least margin first."""
    if not has_targets(snapshot):
        return Targets.of(())
    wanted = [
        (margin.swing_needed, cached)
        for cached in snapshot.cached_contests
        if (margin := _margin(snapshot, cached)) and margin.winner == label
    ]
    return Targets.of([_row(snapshot, cached, label, own=True) for cached in _first(wanted)])


def battleground_of(snapshot: CachedSnapshot, contests: Iterable[CachedContest]) -> list[TargetRow]:
    """Return a group's seats by the swing needed to change hands, without unknown ones."""
    if not has_targets(snapshot):
        return []
    known = [
        (margin.swing_needed, cached, margin.second)
        for cached in contests
        if (margin := _margin(snapshot, cached))
    ]
    known.sort(key=lambda each: (each[0], each[1].sort_order))
    return [_row(snapshot, cached, second) for _needed, cached, second in known]


def _first(wanted: Sequence[tuple[Fraction, CachedContest]]) -> list[CachedContest]:
    first = nsmallest(ROWS, wanted, key=lambda each: (each[0], each[1].sort_order))
    return [cached for _needed, cached in first]


def _margin(snapshot: CachedSnapshot, cached: CachedContest) -> Margin | None:
    """Return last time's margin of the contest, cached for all bulletins."""
    memo = snapshot.cached.lists.memo
    margins: dict[int, Margin | None] = memo.setdefault("margins", {})
    pk = cached.contest.pk
    if pk not in margins:
        margins[pk] = margin_of(last_shares(snapshot).get(pk, {}))
    return margins[pk]


def _row(
    snapshot: CachedSnapshot, cached: CachedContest, label: str, *, own: bool = False
) -> TargetRow:
    """Return the row for a party that targets the seat, or with `own` for its holder."""
    contest, names = cached.contest, snapshot.party_names
    shares = last_shares(snapshot)[contest.pk]
    ranked = sorted(shares, key=lambda one: (-shares[one], one))
    challenger = ranked[1] if own else label
    needed = swing_needed(shares, challenger) or Fraction(0)
    elected = _elected(cached)
    has_result = elected is not None
    return TargetRow(
        contest=contest,
        swing_needed=needed,
        holder=names[party_of(ranked[0])],
        challenger=names[party_of(challenger)],
        became=became_of(label, elected),
        label=elected[0] if elected else "",
        state=_state(snapshot, cached),
        majority=contest.standing.summary.get("majority") if has_result else None,
        by_lot=has_result and bool(contest.standing.summary.get("by_lot")),
    )


def _elected(cached: CachedContest) -> list[str] | None:
    if not cached.has_result:
        return None
    return [one["label"] for one in cached.contest.standing.summary.get("elected", ())]


def _state(snapshot: CachedSnapshot, cached: CachedContest) -> str:
    contest, standing = cached.contest, cached.standing
    if standing is not None and cached.has_result:
        return short_result(standing.summary, snapshot.party_names)
    if standing is not None and standing.status != "awaiting":
        return standing.status_name
    return "" if contest.expected_at else _("to come")


@dataclass(frozen=True, slots=True)
class PolledParty:
    """A party's seats in the exit poll and so far; the difference is None before the end."""

    party_name: PartyName
    polled: int
    seats: int
    difference: int | None


def exit_poll_rows(snapshot: CachedSnapshot) -> list[PolledParty]:
    """Return the exit poll's seats with the seats so far; empty without an exit poll."""
    figures = snapshot.external_figures
    if figures is None or figures.kind != ExternalFigures.Kind.EXIT_POLL:
        return []
    polled = {row["label"]: row["seats"] for row in figures.rows}
    seats = {label: party.seats for label, party in snapshot.tally.parties.items()}
    names = {OTHERS: PartyName(OTHERS, _("Others"), _("Others"), _("Oth"))}
    waiting = snapshot.to_come + snapshot.tally.postponed
    rows = poll_against_result(polled, seats, to_come=waiting, others=OTHERS)
    return [
        PolledParty(
            names.get(row.label) or snapshot.party_names[row.label],
            row.polled,
            row.seats,
            row.difference,
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class AreaSwing:
    """The swing of a region between the two parties that won most of its seats last time."""

    points: Fraction
    from_: PartyName
    to: PartyName


def swing_in(area: AreaSnapshot) -> AreaSwing | None:
    """Return an area's swing; None below ten full contests, or if a change of share is unknown."""
    if not area.election.rules.swing or area.has_separate_results:
        return None
    held = sorted(area.held, key=lambda label: (-area.held[label], label))
    if len(held) < 2:
        return None
    first, second = held[:2]
    swing: Swing | None = national_swing(area.tally, first, second)
    if swing is None:
        return None
    names = area.party_names
    return AreaSwing(swing.points, names[swing.from_label], names[swing.to_label])
