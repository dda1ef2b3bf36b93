"""Read an election's feed: events, newest first, each entry in its current state.

An entry keeps its number and its id whatever changes in it: a result stays where it was first
declared, and a correction is a separate entry.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import chain
from typing import Any

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from results.arithmetic import MilestoneKind, Tally
from results.live.election_changes import ElectionChange, election_changes
from results.live.election_snapshot import ElectionSnapshot
from results.live.entry_ids import (
    milestone_entry_id,
    postponed_entry_id,
    publication_entry_id,
    result_entry_id,
)
from results.live.revision_differences import RevisionChange, changes_in, revisions
from results.live.seat import Seat, with_results_of
from results.models import (
    WITH_RESULT,
    Bulletin,
    Contest,
    Declaration,
    Election,
    ElectionCorrection,
    Headline,
    Milestone,
    Photo,
    Post,
    Publication,
    Quote,
    clock,
)
from results.words.milestone_sentences import body_milestone_sentence, milestone_sentence
from results.words.times import declared_before


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of the feed. `kind` names its template, `id` its HTML element.

    `sequence` is the bulletin that published it first, and `at` when that was. `at` is None for a
    result from a file without times, whose publication says nothing about the night.
    `declared_at` is when a result was declared at the count, if that was well before `at`.
    """

    kind: str
    id: str
    at: datetime | None
    published_at: datetime
    sequence: int
    declared_at: datetime | None = None
    contest: Contest | None = None
    seat: Seat | None = None
    change: RevisionChange | ElectionChange | None = None
    #: The newest revision of a result that is no correction.
    origin: Declaration | None = None
    publication: Publication | None = None
    milestone: Milestone | None = None
    summary: str = ""
    #: The number of seats up, of which a milestone's number had declared.
    seats: int = 0

    @property
    def template(self) -> str:
        if self.seat is not None and self.seat.is_incomplete:
            return "reader/feed/_incomplete.html"
        is_hold = self.kind == "result" and self.change is None
        if is_hold and self.seat is not None and self.seat.is_plain_hold:
            return "reader/feed/_hold.html"
        return f"reader/feed/_{self.kind}.html"

    @property
    def sort_key(self) -> tuple[int, str, int]:
        """Ascending sort key. A bulletin's milestones come before the result that reached them."""
        return self.sequence, self.kind, self.milestone.pk if self.milestone else 0


#: An entry's number, its kind, and its contest's key, 0 for none.
Row = tuple[int, str, int]


def entries(snapshot: ElectionSnapshot, limit: int) -> list[Entry]:
    """Return the newest entries, newest first; over `limit` to keep one bulletin's together."""
    # One bulletin can have its own entry and one for each milestone.
    rows = list(_all_rows(snapshot.election)[: limit + len(MilestoneKind)])
    numbers: dict[str, set[int]] = {}
    for number, kind, _contest in first_rows(rows, limit):
        numbers.setdefault(kind, set()).add(number)
    read = chain.from_iterable(read_entries(snapshot, *numbered) for numbered in numbers.items())
    return sorted(read, key=lambda entry: entry.sort_key, reverse=True)


def first_rows(rows: Iterable[Row], limit: int) -> list[Row]:
    """Return the first `limit` rows, newest first, and all of the last one's bulletin.

    Reads no further, because a night has thousands.
    """
    first: list[Row] = []
    for row in rows:
        if len(first) >= limit and row[0] < first[-1][0]:
            break
        first.append(row)
    return first


def read_entries(snapshot: ElectionSnapshot, kind: str, numbers: set[int]) -> Iterator[Entry]:
    """Return the entries of one kind with these numbers, as they stand now, in any order."""
    return _READERS[kind](snapshot, numbers)


# --- Which entries --------------------------------------------------------------------------


def rows_without_results(election: Election) -> list[Row]:
    """Return the rows of every entry but results, newest first. Costs one query."""
    first, *others = (_rows(*source) for source in _other_sources(election))
    return list(first.union(*others, all=True).order_by("-entry_number"))


def _all_rows(election: Election) -> Any:
    """The rows of every entry, newest first, as one query."""
    announced = Q(standing__status__in=WITH_RESULT) | Q(standing__incomplete=True)
    contests = Contest.objects.filter(announced, election=election)
    results = _rows("result", contests, "standing__first_sequence", "pk")
    off = Contest.objects.filter(election=election, standing__postponed_in__isnull=False)
    postponed = _rows("postponed", off, "standing__postponed_in", "pk")
    others = (_rows(*source) for source in _other_sources(election))
    return results.union(postponed, *others, all=True).order_by("-entry_number")


def _other_sources(election: Election) -> list[tuple[str, "QuerySet[Any]", str, str]]:
    """Return kind, rows and the names of the number and contest columns of each source."""
    changes = Declaration.objects.filter(
        contest__election=election,
        kind__in=[Declaration.Kind.CORRECTION, Declaration.Kind.WITHDRAWAL],
    )
    milestones = Milestone.objects.filter(election=election, undone_by=None)
    publications = (("quote", Quote), ("photo", Photo), ("post", Post), ("headline", Headline))
    corrections = ElectionCorrection.objects.filter(election=election)
    return [
        ("change", changes, "sequence", "contest"),
        ("change", corrections, "sequence", ""),
        ("milestone", milestones, "sequence", ""),
        *(
            (
                kind,
                model.objects.current().filter(election=election),
                "first_sequence",
                "" if model is Headline else "contest",
            )
            for kind, model in publications
        ),
    ]


def _rows(kind: str, rows: "QuerySet[Any]", number: str, contest: str) -> "QuerySet[Any, Any]":
    rows = rows.order_by().annotate(
        entry_number=F(number),
        entry_kind=Value(kind),
        entry_contest=Coalesce(F(contest), 0) if contest else Value(0),
    )
    return rows.values_list("entry_number", "entry_kind", "entry_contest")


# --- The entries, by their numbers ----------------------------------------------------------


def _read_results(snapshot: ElectionSnapshot, numbers: set[int]) -> Iterator[Entry]:
    contests = Contest.objects.filter(
        election=snapshot.election, standing__first_sequence__in=numbers
    )
    read = with_results_of(snapshot.election, contests)
    seats = [snapshot.seat(contest) for contest in read]
    corrected = [seat.contest.pk for seat in seats if seat.standing.revision > 1]
    histories = _histories(corrected) if corrected else {}
    for seat in seats:
        # None may be left, where one was withdrawn after the snapshot was read.
        if seat.has_result or seat.is_incomplete:
            yield _result_entry(seat, histories.get(seat.contest.pk, []))


def _read_postponed(snapshot: ElectionSnapshot, numbers: set[int]) -> Iterator[Entry]:
    contests = Contest.objects.filter(
        election=snapshot.election, standing__postponed_in__in=numbers
    ).select_related("standing")
    times = publication_times(snapshot.election, numbers)
    for contest in contests:
        contest.election = snapshot.election
        number = contest.standing.postponed_in
        assert number is not None
        yield Entry(
            kind="postponed",
            id=postponed_entry_id(contest),
            # A file does not say when a poll was postponed.
            at=None,
            published_at=times[number],
            sequence=number,
            contest=contest,
            summary=_("The poll in %(area)s is postponed") % {"area": contest.full_name},
        )


def _histories(contests: list[int]) -> dict[int, list[RevisionChange]]:
    """All changes of each contest since its first declaration, newest first."""
    found: dict[int, list[RevisionChange]] = {}
    for change in changes_in(revisions(Contest.objects.filter(pk__in=contests))):
        found.setdefault(change.contest.pk, []).insert(0, change)
    return found


def _read_changes(snapshot: ElectionSnapshot, numbers: set[int]) -> Iterator[Entry]:
    contests = Contest.objects.filter(
        election=snapshot.election, declarations__sequence__in=numbers
    )
    others = set(numbers)
    for change in changes_in(revisions(contests)):
        if change.declaration.sequence in numbers:
            others.discard(change.declaration.sequence)
            yield _change_entry(change)
    for correction in election_changes(snapshot.election, others) if others else ():
        yield _change_entry(correction)


def revision_entries(snapshot: ElectionSnapshot, seat: Seat) -> Iterator[Entry]:
    """Yield the entries that the last revision of a seat with a result adds or changes."""
    history = snapshot.history(seat)
    yield _result_entry(seat, history)
    if history and history[0].is_correction:
        yield _change_entry(history[0])


def _result_entry(seat: Seat, history: list[RevisionChange]) -> Entry:
    """Return the entry of a seat's result; `history` is newest first."""
    standing, newest = seat.standing, seat.declaration
    assert newest is not None
    declared_at = newest.declared_at if seat.is_incomplete else standing.first_declared_at
    published_at = _first_revision(seat, history).created_at
    first = standing.first_sequence or 0
    # Of a result that was withdrawn before this one the corrections are no longer in sight.
    since = [change for change in history if (change.declaration.sequence or 0) > first]
    return Entry(
        kind="result",
        id=result_entry_id(seat.contest),
        at=published_at if declared_at else None,
        published_at=newest.created_at,
        sequence=first,
        declared_at=None if seat.is_incomplete else declared_before(declared_at, published_at),
        contest=seat.contest,
        seat=seat,
        change=next((change for change in since if change.is_correction), None),
        origin=_origin(history) or newest,
    )


def _first_revision(seat: Seat, history: list[RevisionChange]) -> Declaration:
    """Return the revision that began the entry, or else the seat's newest."""
    assert seat.declaration is not None
    before = [history[-1].before] if history else []
    for revision in (*before, *(change.declaration for change in history)):
        if revision is not None and revision.sequence == seat.standing.first_sequence:
            return revision
    return seat.declaration


def _origin(history: list[RevisionChange]) -> Declaration | None:
    """Return the newest revision that is no correction."""
    newest = next((change for change in history if not change.is_correction), None)
    if newest is not None:
        return newest.declaration
    return history[-1].before if history else None


def _change_entry(change: RevisionChange | ElectionChange) -> Entry:
    declaration = change.declaration
    return Entry(
        kind="change",
        id=f"bulletin-{declaration.sequence}",
        at=declaration.created_at,
        published_at=declaration.created_at,
        sequence=declaration.sequence,
        contest=change.contest,
        change=change,
    )


def _read_publications(
    model: Any, related: tuple[str, ...], snapshot: ElectionSnapshot, numbers: set[int]
) -> Iterator[Entry]:
    rows = model.objects.current().filter(election=snapshot.election, first_sequence__in=numbers)
    for row in rows.select_related(*related):
        contest = getattr(row, "contest", None)
        if contest is not None:
            contest.election = snapshot.election
        yield Entry(
            kind=row.bulletin_field,
            id=publication_entry_id(row),
            at=row.first_published_at,
            published_at=row.created_at,
            sequence=row.first_sequence,
            contest=contest,
            publication=row,
            summary=str(row),
        )


def publication_times(election: Election, numbers: Collection[int]) -> dict[int, datetime]:
    """Return when bulletins were published, by number; of a result, when its revision was stored.

    That is known before the bulletin is stored, which is a moment later: a fragment of the bulletin
    itself has the time that pages have afterwards. Costs one query, and another where one is not
    stored yet.
    """
    at = Coalesce("declaration__created_at", "published_at")
    log = Bulletin.objects.filter(election=election, sequence__in=numbers)
    found = dict(log.values_list("sequence", at))
    if unstored := set(numbers) - found.keys():
        revised = Declaration.objects.filter(contest__election=election, sequence__in=unstored)
        found |= dict.fromkeys(unstored, clock.now())
        found |= dict(revised.order_by("pk").values_list("sequence", "created_at"))
    return found


def _read_milestones(snapshot: ElectionSnapshot, numbers: set[int]) -> Iterator[Entry]:
    stored = Milestone.objects.filter(election=snapshot.election, undone_by=None)
    milestones = list(stored.filter(sequence__in=numbers))
    reached_in = {milestone.sequence for milestone in milestones}
    times = publication_times(snapshot.election, reached_in) if milestones else {}
    for milestone in milestones:
        published_at = times[milestone.sequence]
        yield Entry(
            kind="milestone",
            id=milestone_entry_id(milestone),
            # Without a time where the declaration that reached it has none.
            at=published_at if milestone.at else None,
            published_at=published_at,
            sequence=milestone.sequence,
            milestone=milestone,
            summary=milestone_line(snapshot, milestone),
            seats=_seats_of(snapshot, milestone),
        )


def _seats_of(snapshot: ElectionSnapshot, milestone: Milestone) -> int:
    """Return the number of seats up in the milestone's body, or else in the election."""
    if milestone.body_id is None or milestone.body_id not in snapshot.body_facts:
        return snapshot.seats
    return snapshot.body_facts[milestone.body_id].up


def milestone_line(snapshot: ElectionSnapshot, milestone: Milestone) -> str:
    reached = milestone.reached_milestone
    if milestone.body_id is not None and milestone.body_id in snapshot.body_facts:
        facts = snapshot.body_facts[milestone.body_id]
        seats = facts.with_tally(Tally())
        return body_milestone_sentence(reached, facts.body.local_name, seats, snapshot.party_names)
    postponed = snapshot.tally.postponed
    return milestone_sentence(
        reached,
        snapshot.seats,
        snapshot.party_names,
        declared=milestone.seats,
        postponed=postponed,
        area=snapshot.words.listed.one,
    )


_READERS: dict[str, Callable[[ElectionSnapshot, set[int]], Iterator[Entry]]] = {
    "result": _read_results,
    "postponed": _read_postponed,
    "change": _read_changes,
    "quote": partial(_read_publications, Quote, ("contest", "candidate__party")),
    "photo": partial(_read_publications, Photo, ("contest",)),
    "post": partial(_read_publications, Post, ("contest",)),
    "headline": partial(_read_publications, Headline, ("election",)),
    "milestone": _read_milestones,
}
