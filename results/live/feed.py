"""The feed of an election: what happened, newest first, each entry in its current state.

An entry keeps its number and its id whatever changes in it: a result stays where it was first
declared, and a correction is a separate entry.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from itertools import chain
from typing import Any

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce

from results.arithmetic import MilestoneKind
from results.live.changes import Change, changes_in, revisions
from results.live.election_snapshot import ElectionSnapshot
from results.live.seat import Seat, with_results
from results.models import (
    WITH_RESULT,
    Contest,
    Declaration,
    Headline,
    Milestone,
    Photo,
    Post,
    Publication,
    Quote,
)
from results.words.milestone_sentences import milestone_sentence


class Only(StrEnum):
    """The kinds of entries that readers can ask for."""

    QUOTES = "quotes"
    GAINS = "gains"
    CORRECTIONS = "corrections"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that happened. `kind` names its template, `id` its HTML element.

    `sequence` is the bulletin that published it first.
    """

    kind: str
    id: str
    at: datetime
    sequence: int
    contest: Contest | None = None
    seat: Seat | None = None
    change: Change | None = None
    publication: Publication | None = None
    milestone: Milestone | None = None
    line: str = ""

    @property
    def template(self) -> str:
        return f"reader/feed/_{self.kind}.html"

    @property
    def sort_key(self) -> tuple[int, str, int]:
        """Sort ascending. A bulletin's milestones come before the result that reached them."""
        return self.sequence, self.kind, self.milestone.pk if self.milestone else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedQuery:
    """At most `limit` entries: older than a bulletin, of one kind, from some contests."""

    limit: int
    before: int | None = None
    only: Only | None = None
    within: "QuerySet[Contest] | None" = None


def entries(snapshot: ElectionSnapshot, query: FeedQuery) -> list[Entry]:
    """Newest first. More than the limit where one bulletin has several: they stay together."""
    numbers: dict[str, set[int]] = {}
    for number, kind, _contest in entry_numbers(snapshot, query):
        numbers.setdefault(kind, set()).add(number)
    read = chain.from_iterable(read_entries(snapshot, *numbered) for numbered in numbers.items())
    return sorted(read, key=lambda entry: entry.sort_key, reverse=True)


def entry_numbers(snapshot: ElectionSnapshot, query: FeedQuery) -> list[tuple[int, str, int]]:
    """(number, kind, contest) of the entries asked for; 0 for those of no contest. One query."""
    # One bulletin can have an entry of its own and each of the milestones.
    found = list(_numbers(snapshot, query)[: query.limit + len(MilestoneKind)])
    last = found[: query.limit][-1][0] if found else 0
    return [row for row in found if row[0] >= last]


def read_entries(snapshot: ElectionSnapshot, kind: str, numbers: set[int]) -> Iterator[Entry]:
    """The entries of one kind that have these numbers, as they stand now, in any order."""
    return _READERS[kind](snapshot, numbers)


# --- Their ids ------------------------------------------------------------------------------


def result_entry_id(contest: Contest) -> str:
    return f"result-{contest.slug}"


def publication_entry_id(publication: Publication) -> str:
    if isinstance(publication, Headline):
        return f"headline-{publication.pk}"
    return f"bulletin-{publication.first_sequence}"


def milestone_entry_id(milestone: Milestone) -> str:
    return f"milestone-{milestone.sequence}-{milestone.reached}"


# --- Which entries --------------------------------------------------------------------------


def _numbers(snapshot: ElectionSnapshot, query: FeedQuery) -> Any:
    """Rows of (number, kind, contest) of every entry asked for, newest first, as one query."""
    election = snapshot.election
    results = Contest.objects.filter(election=election, standing__status__in=WITH_RESULT)
    if query.only is Only.GAINS:
        results = results.filter(pk__in=snapshot.gained)
    changes = Declaration.objects.filter(
        contest__election=election,
        kind__in=[Declaration.Kind.CORRECTION, Declaration.Kind.WITHDRAWAL],
    )
    #: By kind: its rows, and the names of the columns of the number and the contest.
    sources: dict[str, tuple[QuerySet[Any], str, str]] = {
        "result": (results, "standing__first_sequence", "pk"),
        "change": (changes, "sequence", "contest"),
        **{
            kind: (model.objects.current().filter(election=election), "first_sequence", "contest")
            for kind, model in (("quote", Quote), ("photo", Photo), ("post", Post))
        },
    }
    if query.only is not None:
        kind = {Only.QUOTES: "quote", Only.GAINS: "result", Only.CORRECTIONS: "change"}[query.only]
        sources = {kind: sources[kind]}
    elif query.within is None:
        headlines = Headline.objects.current().filter(election=election)
        sources["headline"] = (headlines, "first_sequence", "")
        milestones = Milestone.objects.filter(election=election, undone_by=None)
        sources["milestone"] = (milestones, "sequence", "")
    first, *others = (_rows(kind, *source, query) for kind, source in sources.items())
    return first.union(*others, all=True).order_by("-entry_number")


def _rows(
    kind: str, rows: "QuerySet[Any]", number: str, contest: str, query: FeedQuery
) -> "QuerySet[Any, Any]":
    """(number, kind, contest) of the entries of one kind."""
    if query.within is not None:
        rows = rows.filter(**{f"{contest}__in": query.within})
    if query.before:
        rows = rows.filter(**{f"{number}__lt": query.before})
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
    seats = [snapshot.seat(contest) for contest in with_results(contests)]
    corrected = [seat.contest.pk for seat in seats if seat.standing.revision > 1]
    latest = _latest_corrections(corrected) if corrected else {}
    for seat in seats:
        if seat.declaration is not None:
            yield _result_entry(seat, latest.get(seat.contest.pk))


def _latest_corrections(contests: list[int]) -> dict[int, Change]:
    """The last correction of each contest that has been corrected."""
    changes = changes_in(revisions(Contest.objects.filter(pk__in=contests)))
    return {change.contest.pk: change for change in changes if change.is_correction}


def _read_changes(snapshot: ElectionSnapshot, numbers: set[int]) -> Iterator[Entry]:
    contests = Contest.objects.filter(
        election=snapshot.election, declarations__sequence__in=numbers
    )
    for change in changes_in(revisions(contests)):
        if change.declaration.sequence in numbers:
            yield _change_entry(change)


def revision_entries(snapshot: ElectionSnapshot, seat: Seat) -> Iterator[Entry]:
    """The entries that the last revision of a seat with a result adds or changes."""
    history = snapshot.history(seat)
    yield _result_entry(seat, next((change for change in history if change.is_correction), None))
    if history and history[0].is_correction:
        yield _change_entry(history[0])


def _result_entry(seat: Seat, correction: Change | None) -> Entry:
    standing = seat.standing
    assert seat.declaration is not None
    return Entry(
        kind="result",
        id=result_entry_id(seat.contest),
        at=standing.first_declared_at or seat.declaration.created_at,
        sequence=standing.first_sequence or 0,
        contest=seat.contest,
        seat=seat,
        change=correction,
    )


def _change_entry(change: Change) -> Entry:
    declaration = change.declaration
    return Entry(
        kind="change",
        id=f"bulletin-{declaration.sequence}",
        at=declaration.created_at,
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
            at=getattr(row, "said_at", row.created_at),
            sequence=row.first_sequence,
            contest=contest,
            publication=row,
            line=str(row),
        )


def _read_milestones(snapshot: ElectionSnapshot, numbers: set[int]) -> Iterator[Entry]:
    milestones = Milestone.objects.filter(election=snapshot.election, undone_by=None)
    for milestone in milestones.filter(sequence__in=numbers):
        yield Entry(
            kind="milestone",
            id=milestone_entry_id(milestone),
            at=milestone.at,
            sequence=milestone.sequence,
            milestone=milestone,
            line=milestone_sentence(
                milestone.reached_milestone, snapshot.seats, snapshot.party_names
            ),
        )


_READERS: dict[str, Callable[[ElectionSnapshot, set[int]], Iterator[Entry]]] = {
    "result": _read_results,
    "change": _read_changes,
    "quote": partial(_read_publications, Quote, ("contest", "candidate__party")),
    "photo": partial(_read_publications, Photo, ("contest",)),
    "post": partial(_read_publications, Post, ("contest",)),
    "headline": partial(_read_publications, Headline, ("election",)),
    "milestone": _read_milestones,
}
