"""The night as a list of what happened, newest first: views of what is stored, made when asked.

An entry keeps its place and its id whatever is corrected in it: a result stands where it was first
declared, and a correction is an entry of its own besides.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet

from results.live.changes import Change, changes_in, revisions
from results.live.election_snapshot import ElectionSnapshot
from results.live.seat import Seat, with_results
from results.models import (
    ENTRY_SEQUENCE,
    WITH_RESULT,
    Contest,
    Declaration,
    Headline,
    Milestone,
    Photo,
    Post,
    Quote,
    Standing,
)
from results.words.milestone_sentences import milestone_sentence


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
    photo: Photo | None = None
    post: Post | None = None
    milestone: Milestone | None = None
    headline: Headline | None = None
    line: str = ""

    @property
    def template(self) -> str:
        return f"reader/feed/_{self.kind}.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which entries: at most ``limit``, before a bulletin, of one kind, from some seats."""

    limit: int
    before: int | None = None
    only: Only | None = None
    within: "QuerySet[Contest] | None" = None


def entries(snapshot: ElectionSnapshot, wanted: Wanted) -> list[Entry]:
    """Newest first, by the number under which each was first published.

    First which ones, by number alone; then only those are read whole.
    """
    found: list[tuple[int, str, int]] = []
    for kind in _kinds(wanted):
        listed = _LISTS[kind](snapshot, wanted)
        found += [(sequence, kind, pk) for sequence, pk in listed[: wanted.limit]]
    found.sort(reverse=True)
    cut = wanted.limit
    # What one bulletin brought stays together: the next page starts before a bulletin.
    while 0 < cut < len(found) and found[cut][0] == found[cut - 1][0]:
        cut += 1
    chosen = found[:cut]
    read: dict[tuple[str, int], Entry] = {}
    for kind in {kind for _sequence, kind, _pk in chosen}:
        keys = [pk for _sequence, one, pk in chosen if one == kind]
        read |= {(kind, pk): entry for pk, entry in _READERS[kind](snapshot, keys)}
    return [read[kind, pk] for _sequence, kind, pk in chosen]


def _kinds(wanted: Wanted) -> tuple[str, ...]:
    match wanted.only:
        case Only.GAINS:
            return ("result",)
        case Only.CORRECTIONS:
            return ("change",)
        case Only.QUOTES:
            return ("quote",)
    everywhere = () if wanted.within is not None else ("milestone", "headline")
    return ("result", "change", "quote", "photo", "post", *everywhere)


# --- Which ones: (number, key), newest first ------------------------------------------------


def _list_results(snapshot: ElectionSnapshot, wanted: Wanted) -> Any:
    contests = Contest.objects.filter(
        election=snapshot.election, standing__status__in=WITH_RESULT
    ).exclude(standing__first_sequence=None)
    if wanted.within is not None:
        contests = contests.filter(pk__in=wanted.within)
    if wanted.before:
        contests = contests.filter(standing__first_sequence__lt=wanted.before)
    if wanted.only is Only.GAINS:
        contests = contests.filter(pk__in=gained(contests))
    newest = contests.order_by("-standing__first_sequence")
    return newest.values_list("standing__first_sequence", "pk")


def gained(contests: "QuerySet[Contest]") -> list[int]:
    """Those of them, by key, where a seat changed hands."""
    summaries = Standing.objects.filter(contest__in=contests).values_list("contest_id", "summary")
    return [
        contest
        for contest, summary in summaries
        if any(one["gained_from"] for one in summary.get("elected", ()))
    ]


def _list_changes(snapshot: ElectionSnapshot, wanted: Wanted) -> Any:
    changed = Declaration.objects.filter(
        contest__election=snapshot.election,
        kind__in=[Declaration.Kind.CORRECTION, Declaration.Kind.WITHDRAWAL],
    )
    if wanted.within is not None:
        changed = changed.filter(contest__in=wanted.within)
    if wanted.before:
        changed = changed.filter(sequence__lt=wanted.before)
    return changed.order_by("-sequence").values_list("sequence", "pk")


def _list_quotes(snapshot: ElectionSnapshot, wanted: Wanted) -> Any:
    return _list_filed(Quote.objects.current(), snapshot, wanted)


def _list_photos(snapshot: ElectionSnapshot, wanted: Wanted) -> Any:
    return _list_filed(Photo.objects.current(), snapshot, wanted)


def _list_posts(snapshot: ElectionSnapshot, wanted: Wanted) -> Any:
    return _list_filed(Post.objects.current(), snapshot, wanted)


def _list_filed(current: "QuerySet[Any]", snapshot: ElectionSnapshot, wanted: Wanted) -> Any:
    """What was filed in words or pictures: edited, it stays where its first wording was."""
    filed = current.filter(election=snapshot.election).annotate(first=ENTRY_SEQUENCE)
    if wanted.within is not None:
        filed = filed.filter(contest__in=wanted.within)
    if wanted.before:
        filed = filed.filter(first__lt=wanted.before)
    return filed.order_by("-first", "-pk").values_list("first", "pk")


def _list_milestones(snapshot: ElectionSnapshot, wanted: Wanted) -> Any:
    milestones = Milestone.objects.filter(election=snapshot.election, undone_by__isnull=True)
    if wanted.before:
        milestones = milestones.filter(sequence__lt=wanted.before)
    return milestones.order_by("-sequence", "reached").values_list("sequence", "pk")


def _list_headlines(snapshot: ElectionSnapshot, wanted: Wanted) -> Any:
    """What editors have put above the page and not withdrawn."""
    written = Headline.objects.public().filter(election=snapshot.election, sequence__isnull=False)
    if wanted.before:
        written = written.filter(sequence__lt=wanted.before)
    return written.order_by("-sequence").values_list("sequence", "pk")


# --- Each of those, whole -------------------------------------------------------------------

Read = Iterable[tuple[int, Entry]]


def _read_results(snapshot: ElectionSnapshot, keys: list[int]) -> Read:
    seats = [
        snapshot.seat(contest) for contest in with_results(Contest.objects.filter(pk__in=keys))
    ]
    corrected = [seat.contest.pk for seat in seats if seat.standing.revision > 1]
    latest = _latest_corrections(corrected) if corrected else {}
    for seat in seats:
        standing, declaration = seat.standing, seat.declaration
        if declaration is not None:
            yield (
                seat.contest.pk,
                Entry(
                    kind="result",
                    id=f"result-{seat.contest.slug}",
                    at=standing.first_declared_at or declaration.created_at,
                    sequence=standing.first_sequence or 0,
                    contest=seat.contest,
                    seat=seat,
                    change=latest.get(seat.contest.pk),
                ),
            )


def _latest_corrections(contests: list[int]) -> dict[int, Change]:
    """The last correction of each, where it has been corrected."""
    changes = changes_in(revisions(Contest.objects.filter(pk__in=contests)))
    return {change.contest.pk: change for change in changes if change.is_correction}


def _read_changes(snapshot: ElectionSnapshot, keys: list[int]) -> Read:
    contests = Contest.objects.filter(declarations__in=keys)
    for change in changes_in(revisions(contests)):
        declaration = change.declaration
        if declaration.pk in keys:
            yield (
                declaration.pk,
                Entry(
                    kind="change",
                    id=f"bulletin-{declaration.sequence}",
                    at=declaration.created_at,
                    sequence=declaration.sequence,
                    contest=change.contest,
                    change=change,
                ),
            )


def _read_quotes(snapshot: ElectionSnapshot, keys: list[int]) -> Read:
    quotes = Quote.objects.filter(pk__in=keys)
    for quote in quotes.select_related("contest", "candidate__party"):
        if quote.contest is not None:
            quote.contest.election = snapshot.election
        yield (
            quote.pk,
            Entry(
                kind="quote",
                id=f"bulletin-{quote.entry_sequence}",
                at=quote.said_at,
                sequence=quote.entry_sequence,
                contest=quote.contest,
                quote=quote,
            ),
        )


def _read_photos(snapshot: ElectionSnapshot, keys: list[int]) -> Read:
    photos = Photo.objects.filter(pk__in=keys)
    for photo in photos.select_related("contest"):
        if photo.contest is not None:
            photo.contest.election = snapshot.election
        yield (
            photo.pk,
            Entry(
                kind="photo",
                id=f"bulletin-{photo.entry_sequence}",
                at=photo.created_at,
                sequence=photo.entry_sequence,
                contest=photo.contest,
                photo=photo,
                line=photo.caption,
            ),
        )


def _read_posts(snapshot: ElectionSnapshot, keys: list[int]) -> Read:
    posts = Post.objects.filter(pk__in=keys)
    for post in posts.select_related("contest"):
        if post.contest is not None:
            post.contest.election = snapshot.election
        yield (
            post.pk,
            Entry(
                kind="post",
                id=f"bulletin-{post.entry_sequence}",
                at=post.created_at,
                sequence=post.entry_sequence,
                contest=post.contest,
                post=post,
                line=str(post),
            ),
        )


def _read_milestones(snapshot: ElectionSnapshot, keys: list[int]) -> Read:
    for milestone in Milestone.objects.filter(pk__in=keys):
        yield (
            milestone.pk,
            Entry(
                kind="milestone",
                id=f"milestone-{milestone.sequence}-{milestone.reached}",
                at=milestone.at,
                sequence=milestone.sequence,
                milestone=milestone,
                line=milestone_sentence(
                    milestone.reached_milestone, snapshot.seats, snapshot.party_names
                ),
            ),
        )


def _read_headlines(snapshot: ElectionSnapshot, keys: list[int]) -> Read:
    for headline in Headline.objects.filter(pk__in=keys):
        yield (
            headline.pk,
            Entry(
                kind="headline",
                id=f"headline-{headline.pk}",
                at=headline.created_at,
                sequence=headline.sequence or 0,
                headline=headline,
                line=headline.text,
            ),
        )


_LISTS: dict[str, Callable[[ElectionSnapshot, Wanted], Any]] = {
    "result": _list_results,
    "change": _list_changes,
    "quote": _list_quotes,
    "photo": _list_photos,
    "post": _list_posts,
    "milestone": _list_milestones,
    "headline": _list_headlines,
}
_READERS: dict[str, Callable[[ElectionSnapshot, list[int]], Read]] = {
    "result": _read_results,
    "change": _read_changes,
    "quote": _read_quotes,
    "photo": _read_photos,
    "post": _read_posts,
    "milestone": _read_milestones,
    "headline": _read_headlines,
}
