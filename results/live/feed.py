"""The night as a list of what happened, newest first: views of what is stored, made when asked.

An entry keeps its place and its id whatever is corrected in it: a result stands where it was first
declared, and a correction is an entry of its own besides.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from results.live.changes import Change, changes_in, revisions
from results.live.scene import Scene
from results.live.seat import Seat, with_results
from results.models import (
    WITH_RESULT,
    Contest,
    Declaration,
    Headline,
    Kind,
    Milestone,
    Quote,
    Region,
    Standing,
)
from results.words.milestone_lines import milestone_line


class Only(StrEnum):
    """The parts of the feed that one can ask for alone."""

    QUOTES = "quotes"
    GAINS = "gains"
    CORRECTIONS = "corrections"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that happened. ``kind`` names its template, ``id`` its element."""

    kind: str
    id: str
    at: datetime
    sequence: int
    contest: Contest | None = None
    seat: Seat | None = None
    change: Change | None = None
    quote: Quote | None = None
    milestone: Milestone | None = None
    headline: Headline | None = None
    line: str = ""

    @property
    def template(self) -> str:
        return f"reader/feed/_{self.kind}.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which entries: at most ``limit``, before a bulletin, of one kind, from one region."""

    limit: int
    before: int | None = None
    only: Only | None = None
    region: Region | None = None


def entries(scene: Scene, wanted: Wanted) -> list[Entry]:
    """Newest first, by the number under which each was first published."""
    found: list[Entry] = []
    if wanted.only in (None, Only.GAINS):
        found += _results(scene, wanted)
    if wanted.only in (None, Only.CORRECTIONS):
        found += _changes(scene, wanted)
    if wanted.only in (None, Only.QUOTES):
        found += _quotes(scene, wanted)
    if wanted.only is None and wanted.region is None:
        found += _milestones(scene, wanted)
        found += _headlines(scene, wanted)
    found.sort(key=lambda entry: (entry.sequence, entry.kind), reverse=True)
    cut = wanted.limit
    # What one bulletin brought stays together: the next page starts before a bulletin.
    while cut < len(found) and found[cut].sequence == found[cut - 1].sequence:
        cut += 1
    return found[:cut]


def _results(scene: Scene, wanted: Wanted) -> Iterable[Entry]:
    contests = Contest.objects.filter(
        election=scene.election, standing__status__in=WITH_RESULT
    ).annotate(at=Coalesce("standing__first_declared_at", "standing__declaration__created_at"))
    if wanted.region:
        contests = contests.filter(region=wanted.region)
    if wanted.before:
        contests = contests.filter(standing__first_sequence__lt=wanted.before)
    if wanted.only is Only.GAINS:
        contests = contests.filter(pk__in=gained(contests))
    newest = contests.order_by("-standing__first_sequence")
    chosen = [scene.seat(contest) for contest in with_results(newest)[: wanted.limit]]
    moments = dict(newest.values_list("pk", "at")[: wanted.limit])
    latest = _latest_changes(seat.contest for seat in chosen if seat.standing.revision > 1)
    for seat in chosen:
        yield Entry(
            kind="result",
            id=f"result-{seat.contest.slug}",
            at=moments[seat.contest.pk],
            sequence=seat.standing.first_sequence or 0,
            contest=seat.contest,
            seat=seat,
            change=latest.get(seat.contest.pk),
        )


def gained(contests: "QuerySet[Contest]") -> list[int]:
    """Those of them, by key, where a seat changed hands."""
    summaries = Standing.objects.filter(contest__in=contests).values_list("contest_id", "summary")
    return [
        contest
        for contest, summary in summaries
        if any(one["gained_from"] for one in summary.get("elected", ()))
    ]


def _latest_changes(contests: Iterable[Contest]) -> dict[int, Change]:
    """The last correction of each, where it has been corrected."""
    corrected = Contest.objects.filter(pk__in=[contest.pk for contest in contests])
    changes = changes_in(revisions(corrected))
    return {change.contest.pk: change for change in changes if change.is_correction}


def _changes(scene: Scene, wanted: Wanted) -> Iterable[Entry]:
    changed = Declaration.objects.filter(
        contest__election=scene.election, kind__in=[Kind.CORRECTION, Kind.WITHDRAWAL]
    )
    if wanted.region:
        changed = changed.filter(contest__region=wanted.region)
    if wanted.before:
        changed = changed.filter(sequence__lt=wanted.before)
    newest = list(changed.order_by("-sequence")[: wanted.limit])
    contests = Contest.objects.filter(pk__in={one.contest_id for one in newest})
    by_revision = {change.declaration.pk: change for change in changes_in(revisions(contests))}
    for declaration in newest:
        change = by_revision[declaration.pk]
        yield Entry(
            kind="change",
            id=f"bulletin-{declaration.sequence}",
            at=declaration.created_at,
            sequence=declaration.sequence,
            contest=change.contest,
            change=change,
        )


def _quotes(scene: Scene, wanted: Wanted) -> Iterable[Entry]:
    # An edited quote stays where its first wording was.
    first = Coalesce(
        "replaces__replaces__replaces__sequence",
        "replaces__replaces__sequence",
        "replaces__sequence",
        "sequence",
    )
    quotes = Quote.objects.current().filter(election=scene.election).annotate(first=first)
    if wanted.region:
        quotes = quotes.filter(contest__region=wanted.region)
    if wanted.before:
        quotes = quotes.filter(first__lt=wanted.before)
    named = quotes.select_related("contest", "candidate__party", "replaces__replaces__replaces")
    for quote in named.order_by("-first", "-pk")[: wanted.limit]:
        yield Entry(
            kind="quote",
            id=f"bulletin-{quote.first_sequence}",
            at=quote.said_at,
            sequence=quote.first_sequence,
            contest=quote.contest,
            quote=quote,
        )


def _milestones(scene: Scene, wanted: Wanted) -> Iterable[Entry]:
    milestones = Milestone.objects.filter(election=scene.election, undone_by__isnull=True)
    if wanted.before:
        milestones = milestones.filter(sequence__lt=wanted.before)
    for milestone in milestones.order_by("-sequence", "reached")[: wanted.limit]:
        yield Entry(
            kind="milestone",
            id=f"milestone-{milestone.sequence}-{milestone.reached}",
            at=milestone.at,
            sequence=milestone.sequence,
            milestone=milestone,
            line=milestone_line(milestone.mark, scene.seats, scene.faces),
        )


def _headlines(scene: Scene, wanted: Wanted) -> Iterable[Entry]:
    """What editors have put above the page, as it was written."""
    written = Headline.objects.filter(election=scene.election, sequence__isnull=False)
    written = written.exclude(text="")
    if wanted.before:
        written = written.filter(sequence__lt=wanted.before)
    for headline in written.order_by("-sequence")[: wanted.limit]:
        yield Entry(
            kind="headline",
            id=f"headline-{headline.pk}",
            at=headline.created_at,
            sequence=headline.sequence or 0,
            headline=headline,
            line=headline.text,
        )
