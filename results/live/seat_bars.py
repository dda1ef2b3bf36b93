"""A contest's result beside last time's: share bars over ghosts, majority, swing needed and got."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from results.arithmetic import CandidateResult, Swing
from results.arithmetic.needed import majority_last_time, swing_got, swing_to_equal
from results.live.lists import ListRow
from results.live.seat import Seat
from results.live.seat_row import SeatRow
from results.words.number_format import percent
from results.words.party_names import PartyName

#: The share of the votes, in per cent, under which a candidate who is not elected is folded away:
#: of one seat, and of several, where each party's votes are divided among its candidates.
FOLDED_UNDER, FOLDED_UNDER_OF_SEVERAL = 5, 2


@dataclass(frozen=True, slots=True)
class ShareBar:
    """A row of the result with the lengths of its bars, as SVG percentages of the longest."""

    row: SeatRow | ListRow
    width: str
    last_width: str
    last_share: Fraction | None

    @property
    def candidate_result(self) -> CandidateResult:
        return self.row.candidate_result


@dataclass(frozen=True, slots=True)
class ShareBars:
    """The rows of a result, in its order; those of `folded` are behind one line that expands.

    `folded_under` is the share of the votes, in per cent, that these have less than. `has_rule` is
    whether a rule is drawn after the last elected. `compares` is whether there is a column of
    changes: some are known, or no share is known yet.
    """

    shown: Sequence[ShareBar]
    folded: Sequence[ShareBar]
    compares: bool
    folded_under: int = FOLDED_UNDER
    has_rule: bool = False

    @property
    def all_lost_deposits(self) -> bool:
        return all(bar.candidate_result.lost_deposit for bar in self.folded)


def share_bars(seat: Seat) -> ShareBars:
    """The bars of the contest's candidates, or of its lists."""
    rows: Sequence[SeatRow | ListRow] = seat.lists.rows if seat.has_lists else seat.rows
    scale = max((share for row in rows for share in _shares(row)), default=Fraction(0))
    bars = [_bar(row, scale) for row in rows]
    is_of_several = seat.contest.seats > 1
    under = FOLDED_UNDER_OF_SEVERAL if is_of_several else FOLDED_UNDER
    is_folding = not (seat.is_referendum or seat.has_lists or seat.as_declared)
    folded = _folded(bars, under) if is_folding else []
    shown = [bar for bar in bars if bar not in folded]
    return ShareBars(
        shown,
        folded,
        _compares(seat, rows),
        folded_under=under,
        has_rule=is_of_several and is_folding,
    )


def _compares(seat: Seat, rows: Sequence[SeatRow | ListRow]) -> bool:
    if seat.is_referendum:
        return False
    changes = [row.share_change for row in rows if row.candidate_result.share is not None]
    return not changes or any(change is not None for change in changes)


def _folded(bars: Sequence[ShareBar], under: int) -> list[ShareBar]:
    """Return rows under so many per cent that are not elected; none if it is one.

    Folding one saves no row.
    """
    small = [bar for bar in bars if _is_small(bar.candidate_result, under)]
    return small if 1 < len(small) < len(bars) else []


def _is_small(result: CandidateResult, under: int) -> bool:
    return result.share is not None and result.share * 100 < under and not result.elected


def _bar(row: SeatRow | ListRow, scale: Fraction) -> ShareBar:
    share, last = row.candidate_result.share, last_share_of(row)
    return ShareBar(row, _width(share, scale), _width(last, scale), last)


def _width(share: Fraction | None, scale: Fraction) -> str:
    return f"{percent(share / scale)}%" if share and scale else ""


def _shares(row: SeatRow | ListRow) -> Iterable[Fraction]:
    return filter(None, (row.candidate_result.share, last_share_of(row)))


def last_share_of(row: SeatRow | ListRow) -> Fraction | None:
    """Return last time's share that the row's is compared with; None where there is none."""
    share, change = row.candidate_result.share, row.share_change
    return None if share is None or change is None else share - change


@dataclass(frozen=True)
class SeatComparison:
    """The comparison with last time on a seat's page."""

    seat: Seat

    @cached_property
    def bars(self) -> ShareBars:
        return share_bars(self.seat)

    @property
    def last_majority(self) -> int | None:
        return majority_last_time(self.seat.last_time) if self.seat.contest.seats == 1 else None

    @cached_property
    def needed(self) -> Swing | None:
        """The swing that the seat needed to change hands; None where that has no meaning."""
        if self.seat.contest.seats > 1 or self.seat.has_lists or self.seat.as_declared:
            return None
        return swing_to_equal(self.seat.last_time)

    @property
    def shows_swing_needed(self) -> bool:
        """Whether the swing needed is shown: before a result, or beside the actual swing."""
        return self.got is not None or not self.seat.has_result

    @property
    def is_needed_tiny(self) -> bool:
        """Whether the swing needed is above 0 but would be printed as 0.0."""
        return self.needed is not None and 0 < self.needed.points < Fraction(5, 10_000)

    @property
    def needed_from(self) -> PartyName | None:
        return self.seat.party_names[self.needed.from_label] if self.needed else None

    @property
    def needed_to(self) -> PartyName | None:
        return self.seat.party_names[self.needed.to_label] if self.needed else None

    @property
    def got(self) -> Fraction | None:
        """The actual swing, negative if it went the other way; None between other parties."""
        return swing_got(self.needed, self.seat.swing) if self.needed else None

    @property
    def _scale(self) -> Fraction:
        points = [self.needed.points] if self.needed else []
        return max([*points, abs(self.got or Fraction(0))], default=Fraction(0)) or Fraction(1)

    @property
    def needed_at(self) -> str:
        """The position of the swing needed on the scale, as an SVG percentage."""
        return _width(self.needed.points, self._scale) if self.needed else ""

    @property
    def got_width(self) -> str:
        """The length of the actual swing towards the second; empty if it went the other way."""
        return _width(self.got, self._scale) if self.got and self.got > 0 else ""
