"""Results that wait for review, with the figures that a decision needs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.text import capfirst
from django.utils.translation import gettext as _, ngettext

from results.arithmetic import BallotCounts, Outcome, Undecided, compute_outcome
from results.desk.regions import with_constituencies
from results.live.candidate_names import told_apart
from results.live.lists import list_name
from results.live.seat import Seat
from results.live.seat_summary import summary_of_seat
from results.models import Contest
from results.words.nouns import listing
from results.words.number_format import grouped, percent, signed, signed_points
from results.words.party_names import PartyNames
from results.words.seat_sentences import short_result

#: Candidates that a comparison always shows; further ones are folded where all columns agree.
ALWAYS_SHOWN = 3


class ProposedSeat(Seat):
    """A contest as it would stand with ballot counts that are not published."""

    def __init__(
        self, contest: Contest, party_names: PartyNames, ballot_counts: BallotCounts
    ) -> None:
        super().__init__(contest, party_names)
        self.ballot_counts = ballot_counts

    @property
    def is_of_this_ballot(self) -> bool:
        """Whether the counts are of the candidates of now."""
        return self.ballot_counts.votes.keys() <= self.candidate_names.keys()

    @cached_property
    def outcome(self) -> Outcome | None:
        """The outcome; None if a tie is undecided, or the counts are of other candidates."""
        if not self.is_of_this_ballot:
            return None
        try:
            return compute_outcome(
                with_constituencies(self, self.ballot_counts),
                seats=self.contest.seats,
                ballot_order=[candidacy.id for candidacy in self.contest.candidacies],
                deposits=self.contest.election.pays_deposits,
                system=self.system,
            )
        except (Undecided, ValueError):
            return None

    @property
    def verdict(self) -> str:
        """“Con gain from Lab”; empty where the counts decide nothing."""
        return short_result(summary_of_seat(self), self.party_names) if self.outcome else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """Counts of one person, or the published ones. `item` is the key of the review item."""

    head: str
    detail: str
    seat: ProposedSeat
    item: int | None = None


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure as a row of texts; `difference` is the last minus the first, signed."""

    name: str
    detail: str
    cells: tuple[str, ...]
    differs: bool
    difference: str = ""
    share: str = ""
    change: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """A result or several side by side, with sums, and what readers would see of each."""

    columns: Sequence[Column]
    rows: list[FigureRow]
    sums: list[FigureRow]
    notes: list[str]
    verdict: str

    @property
    def heading(self) -> str:
        """What has votes on this ballot paper: candidates, lists, or answers."""
        seat = self.columns[0].seat
        return _("List") if seat.has_lists else capfirst(str(seat.words.on_ballot.one))

    @property
    def is_comparison(self) -> bool:
        return len(self.columns) > 1

    @property
    def differing(self) -> int:
        return sum(row.differs for row in self.rows)

    @property
    def are_the_same(self) -> bool:
        return not any(row.differs for row in (*self.rows, *self.sums))


def figures_of(columns: Sequence[Column]) -> Figures:
    """Build the table of one column, or compare several; all are of one contest."""
    return Figures(
        columns=columns,
        rows=_vote_rows(columns),
        sums=list(_sum_rows(columns)),
        notes=[*_verification(columns), *_last_time(columns[0].seat)],
        verdict=_verdict(columns),
    )


def _vote_rows(columns: Sequence[Column]) -> list[FigureRow]:
    """A row for each candidate, those with most votes first; folded where nothing differs."""
    seat = columns[0].seat
    votes = [column.seat.ballot_counts.votes for column in columns]
    voted_for = {candidacy.id for candidacy in seat.voted_for}
    people = [each for each, _name in seat.candidates if each.pk in voted_for]
    people.sort(key=lambda each: -(votes[0].get(each.pk) or 0))
    shares = {row.candidate.pk: row for row in seat.rows}
    shown: list[tuple[FigureRow, list[int | None]]] = []
    folded: list[tuple[FigureRow, list[int | None]]] = []
    for number, person in enumerate(people):
        numbers = [column.get(person.pk) for column in votes]
        result = shares.get(person.pk)
        share = result.candidate_result.share if result else None
        row = FigureRow(
            list_name(seat, person) if seat.has_lists else person.name,
            seat.party_names[person.label].abbreviation,
            tuple(_text(each) for each in numbers),
            len({*numbers}) > 1,
            _difference(numbers),
            percent(share) + "%" if share is not None else "",
            signed_points(result.share_change) if result and result.share_change else "",
        )
        is_minor = len(columns) > 1 and number >= ALWAYS_SHOWN and not row.differs
        (folded if is_minor else shown).append((row, numbers))
    if len(folded) == 1:
        return [row for row, _numbers in [*shown, *folded]]
    return [row for row, _numbers in shown] + _folded([numbers for _row, numbers in folded])


def _folded(rows: list[list[int | None]]) -> list[FigureRow]:
    """One row with the sum of the candidates whose votes agree in all columns.

    No sum where the votes of one of them are not known.
    """
    if not rows:
        return []
    sums = [
        None if None in column else sum(votes or 0 for votes in column)
        for column in zip(*rows, strict=True)
    ]
    words = ngettext("%(n)d other, the same", "%(n)d others, all the same", len(rows))
    return [FigureRow(words % {"n": len(rows)}, "", tuple(map(_text, sums)), differs=False)]


def _sum_rows(columns: Sequence[Column]) -> Iterator[FigureRow]:
    counts = [column.seat.ballot_counts for column in columns]
    outcomes = [column.seat.outcome for column in columns]
    several = any(column.seat.has_several_votes for column in columns)
    words = _("Votes cast") if several else _("Valid votes")
    yield _row(words, [each.valid if each else None for each in outcomes])
    numbers: list[tuple[str, list[int | None]]] = [
        (_("Valid votes as announced"), [each.valid_announced for each in counts]),
        (_("Rejected ballots"), [each.rejected for each in counts]),
        (_("Electorate"), [each.electorate for each in counts]),
        (_("Papers at verification"), [each.papers for each in counts]),
        (_("Quota"), [each.quota for each in counts]),
    ]
    for name, cells in numbers:
        # What all columns agree about takes no room in a comparison.
        if any(cell is not None for cell in cells) and (len(cells) == 1 or len({*cells}) > 1):
            yield _row(name, cells)
    turnouts = [_turnout(column) for column in columns]
    if any(turnouts):
        yield FigureRow(_turnout_name(outcomes), "", tuple(turnouts), len({*turnouts}) > 1)
    yield _majorities(outcomes)
    yield from _elected(columns)


def _elected(columns: Sequence[Column]) -> Iterator[FigureRow]:
    """Who is elected, where it differs or the votes do not show it."""
    names = told_apart(columns[0].seat.candidates)
    outcomes = [column.seat.outcome for column in columns]
    texts = tuple(
        listing([names[pk] for pk in outcome.elected]) if outcome else "–" for outcome in outcomes
    )
    differs = len({*texts}) > 1
    if differs or any(outcome and outcome.winner_only for outcome in outcomes):
        yield FigureRow(_("Elected"), "", texts, differs)


def _majorities(outcomes: Sequence[Outcome | None]) -> FigureRow:
    cells = [outcome.majority if outcome else None for outcome in outcomes]
    texts = tuple(
        _("by lot") if outcome and outcome.by_lot else _text(cell)
        for outcome, cell in zip(outcomes, cells, strict=True)
    )
    return FigureRow(_("Majority"), "", texts, len({*cells}) > 1, _difference(cells))


def _row(name: str, cells: list[int | None]) -> FigureRow:
    texts = tuple(_text(cell) for cell in cells)
    return FigureRow(name, "", texts, len({*cells}) > 1, _difference(cells))


def _text(number: int | None) -> str:
    return "–" if number is None else grouped(number)


def _difference(numbers: Sequence[int | None]) -> str:
    """The last minus the first of two numbers; empty where they agree or one is not known."""
    if len(numbers) != 2 or None in numbers or numbers[0] == numbers[1]:
        return ""
    return signed((numbers[1] or 0) - (numbers[0] or 0))


def _turnout_name(outcomes: Sequence[Outcome | None]) -> str:
    """“Turnout” alone where the columns have one of ballots beside one of valid votes."""
    known = [outcome for outcome in outcomes if outcome and outcome.turnout_valid is not None]
    if outcomes and all(outcome and outcome.turnout_ballots is not None for outcome in outcomes):
        return _("Turnout, all ballots")
    if known and all(outcome.turnout_ballots is None for outcome in known):
        return _("Turnout, valid votes")
    return _("Turnout")


def _turnout(column: Column) -> str:
    """“68.1%, read out 68.1% ✓”."""
    outcome, announced = column.seat.outcome, column.seat.ballot_counts.turnout_announced
    exact = (outcome.turnout_ballots or outcome.turnout_valid) if outcome else None
    computed = f"{percent(exact)}%" if exact is not None else ""
    if announced is None:
        return computed
    read_out = f"{announced.normalize():f}%"
    if read_out == computed:
        return f"{computed} ✓"
    return ", ".join(filter(None, [computed, _("read out %(turnout)s") % {"turnout": read_out}]))


def _verification(columns: Sequence[Column]) -> Iterator[str]:
    """Compare the rejected ballots with the verified papers, where a paper has one vote."""
    seat = columns[0].seat
    papers = seat.standing.verified_papers
    if papers is None or seat.has_several_votes or not seat.is_of_this_ballot:
        return
    verified = ngettext(
        "Verification gave %(papers)s paper.", "Verification gave %(papers)s papers.", papers
    )
    yield verified % {"papers": grouped(papers)}
    for number, column in enumerate(columns, start=1):
        outcome, counts = column.seat.outcome, column.seat.ballot_counts
        if outcome is None or outcome.valid is None:
            continue
        left = papers - outcome.valid
        as_entered = _("as entered") if left == counts.rejected else _("not as entered")
        values = {"n": number, "left": grouped(left), "match": as_entered}
        one = len(columns) == 1
        words = _("That leaves %(left)s rejected") if one else _("%(n)d leaves %(left)s rejected")
        words = words % values
        yield words + (f", {as_entered}." if counts.rejected is not None else ".")


def _last_time(seat: ProposedSeat) -> Iterator[str]:
    """“Last time: Lab won by 1,204, turnout 65.2%.”"""
    last = seat.last_time
    if last is None:
        return
    known = sorted(
        ((vote.votes, vote.label) for vote in last.votes if vote.votes is not None), reverse=True
    )
    parts = []
    if len(known) > 1 and seat.contest.seats == 1:
        values = {
            "party": seat.party_names[known[0][1]].abbreviation,
            "votes": grouped(known[0][0] - known[1][0]),
        }
        parts.append(_("%(party)s by %(votes)s") % values)
    if last.valid:
        words = _("%(valid)s votes cast") if seat.has_several_votes else _("%(valid)s valid votes")
        parts.append(words % {"valid": grouped(last.valid)})
    if last.valid and last.electorate and seat.contest.seats == 1:
        share = f"{last.valid * 100 / last.electorate:.1f}%"
        parts.append(_("turnout %(turnout)s") % {"turnout": share})
    if parts:
        yield _("Last time: %(facts)s.") % {"facts": ", ".join(parts)}


def _verdict(columns: Sequence[Column]) -> str:
    """The result as readers would see it; of several, whether all give the same."""
    verdicts = [column.seat.verdict for column in columns]
    if len(columns) == 1:
        return verdicts[0]
    if len({*verdicts}) == 1 and verdicts[0]:
        return _("%(result)s either way") % {"result": verdicts[0]}
    nothing = _("no result")
    return "; ".join(
        f"{number}: {verdict or nothing}" for number, verdict in enumerate(verdicts, start=1)
    )
