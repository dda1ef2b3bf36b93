"""The lists of a contest's result as pages show them, with the allocation of their seats."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from results.arithmetic import Allocation, CandidateResult, TieRule
from results.live.seat_row import SeatRow
from results.models import Candidate
from results.words.number_format import grouped
from results.words.party_names import PartyName

if TYPE_CHECKING:
    from results.live.seat import Seat


@dataclass(frozen=True, slots=True)
class ListRow:
    """One list: its votes, its candidates in order, and the number of them elected.

    `constituency_seats` are those that its party won in the constituencies of the region; None
    where there are none.
    """

    name: str
    party_name: PartyName
    row: SeatRow
    rows: tuple[SeatRow, ...]
    constituency_seats: int | None
    below_threshold: bool

    @property
    def candidate_result(self) -> CandidateResult:
        return self.row.candidate_result

    @property
    def share_change(self) -> Fraction | None:
        return self.row.share_change

    @property
    def bar(self) -> int:
        return self.row.bar

    @property
    def seats(self) -> int:
        return sum(row.candidate_result.elected for row in self.rows)


@dataclass(frozen=True, slots=True)
class RoundRow:
    """One seat of the allocation: the list that took it, and its figure."""

    number: int
    name: str
    party_name: PartyName
    candidate: Candidate
    votes: int
    divisor: int
    figure: Fraction
    by_lot: bool

    @property
    def printed(self) -> str:
        return figure_text(self.figure)


class Lists:
    """The lists of a seat, with or without a result."""

    def __init__(self, seat: "Seat") -> None:
        self.seat = seat

    @property
    def allocation(self) -> Allocation | None:
        return self.seat.outcome.allocation if self.seat.outcome else None

    def name_of(self, candidate: Candidate) -> str:
        """Return the name on the ballot paper of a candidate's list: party or independent."""
        return list_name(self.seat, candidate)

    @property
    def ballot(self) -> list[tuple[str, PartyName, list[Candidate]]]:
        """The ballot paper: the name of each list, and its candidates in order."""
        by_id = {candidate.pk: candidate for candidate in self.seat.contest.candidates.all()}
        return [
            (
                self.name_of(by_id[each.id]),
                self.seat.party_names[each.label],
                [by_id[pk] for pk in each.candidates],
            )
            for each in self.seat.system.lists
        ]

    @cached_property
    def rows(self) -> list[ListRow]:
        """The lists in order of votes."""
        by_candidate = {row.candidate.pk: row for row in self.seat.rows}
        below = self.allocation.below_threshold if self.allocation else ()
        won = self._won
        lists = {each.id: each for each in self.seat.system.lists}
        return [
            ListRow(
                name=self.name_of(row.candidate),
                party_name=row.party_name,
                row=row,
                rows=tuple(by_candidate[pk] for pk in lists[row.candidate.pk].candidates),
                constituency_seats=(
                    None if won is None else won.get(lists[row.candidate.pk].label, 0)
                ),
                below_threshold=row.candidate.pk in below,
            )
            for row in self.seat.rows
            if row.candidate.pk in lists
        ]

    @property
    def _won(self) -> dict[str, int] | None:
        declaration = self.seat.declaration
        constituencies = declaration.ballot_counts.constituencies if declaration else None
        return dict(constituencies.won) if constituencies and self.allocation else None

    @cached_property
    def rounds(self) -> list[RoundRow]:
        """The seats in the order in which they were allocated."""
        if self.allocation is None:
            return []
        rows = {row.candidate.pk: row for row in self.seat.rows}
        return [
            RoundRow(
                number=number,
                name=self.name_of(rows[seat.candidate].candidate),
                party_name=rows[seat.candidate].party_name,
                candidate=rows[seat.candidate].candidate,
                votes=seat.votes,
                divisor=seat.divisor,
                figure=seat.figure,
                by_lot=seat.settled_by is TieRule.LOT,
            )
            for number, seat in enumerate(self.allocation.seats, start=1)
        ]

    @property
    def tied(self) -> list[str]:
        """Names of the lists with equal figures that tied for the last seats."""
        return self._names(self.allocation.tied if self.allocation else ())

    @property
    def missed(self) -> tuple[str, str] | None:
        """The list that would have had the next seat, and its figure as printed."""
        if self.allocation is None or self.allocation.missed is None:
            return None
        pk, figure = self.allocation.missed
        return self._names((pk,))[0], figure_text(figure)

    def _names(self, keys: tuple[int, ...]) -> list[str]:
        rows = {row.candidate.pk: row.candidate for row in self.seat.rows}
        return [self.name_of(rows[pk]) for pk in keys]


def figure_text(figure: Fraction) -> str:
    """Format “15,388.17”, cut off after two places as in official tables, so as to show no tie."""
    hundredths = figure.numerator * 100 // figure.denominator
    whole, rest = divmod(hundredths, 100)
    return grouped(whole) if figure.denominator == 1 else f"{grouped(whole)}.{rest:02d}"


def list_name(seat: "Seat", candidate: Candidate) -> str:
    """Return the list's name, such as “Labour”; that of an independent is the person's."""
    if candidate.party is None or candidate.standing_as != "party":
        return candidate.name
    return seat.party_names[candidate.label].name
