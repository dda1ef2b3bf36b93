"""Build the board of one body: a bar of all its seats, and a table of parties before and now.

The table has the same number of rows all night, as the scoreboard's: a growing one would move what
is below.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Count

from results.live.bodies import BodyRow, BodySnapshot
from results.live.party_table import LABEL_COLUMNS, label_of
from results.models import Candidate, Election
from results.words.party_names import PartyName

#: Spare rows for parties without a seat before, and least rows, so that a party's first seat moves
#: nothing.
MORE_ROWS, MIN_ROWS = 2, 4
#: Number of candidates by body and label.
LabelsByBody = Mapping[int, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class BodyBarPart:
    """One party's part of the bar, in seats from the left; `not_up` if no poll was held."""

    party_name: PartyName
    start: int
    seats: int
    not_up: bool


@dataclass(frozen=True, slots=True)
class BodyBar:
    """A bar of `seats` and its parts; `gap` is the start and number of open seats.

    `ends` are the parties that are named at its ends.
    """

    ends: list[BodyRow]
    parts: list[BodyBarPart]
    seats: int
    gap: tuple[int, int]
    majority_threshold: int | None

    @property
    def is_line_far_right(self) -> bool:
        """Whether words in the middle above the line of control would end beyond the bar."""
        return 8 * (self.majority_threshold or 0) > 7 * self.seats

    @property
    def has_not_up(self) -> bool:
        return any(part.not_up for part in self.parts)


def body_bar(body: BodySnapshot) -> BodyBar:
    """Return the bar with the largest party from the left and the others from the right.

    Seats that are not up are outermost, so that a party's seats are together.
    """
    rows = [row for row in body.rows if row.now]
    filled = sum(row.now for row in rows)
    seats = max(body.seats.seats or body.facts.up, filled, 1)
    parts = [part for row in rows[:1] for part in _from_left(row)]
    parts += _from_right(rows[1:], seats)
    start = rows[0].now if rows else 0
    return BodyBar(rows[:2], parts, seats, (start, seats - filled), body.seats.majority_threshold)


def _from_left(row: BodyRow) -> list[BodyBarPart]:
    not_up = BodyBarPart(row.party_name, 0, row.not_up, True)
    won = BodyBarPart(row.party_name, row.not_up, row.now - row.not_up, False)
    return [part for part in (not_up, won) if part.seats]


def _from_right(rows: Sequence[BodyRow], end: int) -> list[BodyBarPart]:
    parts: list[BodyBarPart] = []
    for row in rows:
        for seats, not_up in ((row.not_up, True), (row.now - row.not_up, False)):
            end -= seats
            if seats:
                parts.append(BodyBarPart(row.party_name, end, seats, not_up))
    return parts


@dataclass(frozen=True, slots=True)
class BodyTable:
    """Rows of parties; `others` is the number of further parties, `others_share` their share."""

    rows: list[BodyRow]
    others: int
    others_share: Fraction | None


def body_table(body: BodySnapshot, candidates: Mapping[str, int]) -> BodyTable:
    """Return the table: parties with seats first, then by votes, then by number of candidates."""
    ranked = [row.party_name.label for row in body.rows]
    waiting = sorted(candidates.keys() - {*ranked}, key=lambda label: (-candidates[label], label))
    labels = [*ranked, *waiting]
    seated = sum(bool(row.before or row.now) for row in body.rows)
    length = max(len(body.seats.before) + MORE_ROWS, MIN_ROWS, seated)
    rows = [body.row(label) for label in labels[:length]]
    shares = [body.tally.share(label) for label in labels[length:]]
    known = [share for share in shares if share is not None]
    return BodyTable(rows, len(labels[length:]), sum(known, Fraction()) if known else None)


def labels_by_body(election: Election) -> LabelsByBody:
    """Read how many candidates stand for each label, by body."""
    columns = ("contest__body", *LABEL_COLUMNS)
    groups = Candidate.objects.filter(contest__election=election).order_by().values_list(*columns)
    counts: dict[int, Counter[str]] = {}
    for body, *names, count in groups.annotate(rows=Count("pk")):
        counts.setdefault(body, Counter())[label_of(*names)] += count
    return counts
