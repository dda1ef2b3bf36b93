"""JSON documents of the API, built from a snapshot."""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from results.live.cached_snapshot import CachedSnapshot
from results.live.data import Document, change_document, utc
from results.live.revision_differences import changes_in, revisions
from results.models import Bulletin, Contest, Declaration, Election, Night
from results.reader.data_text import contest_texts, encode
from results.reader.entries import FeedQuery, ReaderEntry, entries


def position(night: Night) -> Document:
    """Position in the log when a document was made."""
    return {"epoch": str(night.epoch), "sequence": night.sequence}


def elections_text(elections: "QuerySet[Election]") -> str:
    """`{"elections": […]}`, the newest polling day first."""
    return encode({"elections": [_listed(each) for each in elections.select_related("night")]})


def _listed(election: Election) -> Document:
    return {
        "slug": election.slug,
        "name": election.name,
        "kind": election.kind,
        "date": election.date.isoformat(),
        "timezone": election.timezone,
        "polls_close": utc(election.polls_close),
        "rehearsal": election.rehearsal,
        "final": election.final,
        "page": election.get_absolute_url(),
        **position(election.night),
    }


# --- Contests -------------------------------------------------------------------------------


def contests_text(snapshot: CachedSnapshot, after: str, limit: int) -> str:
    """A page of contests in order of name, each as results.json has it."""
    rest = contest_texts(snapshot)
    if after:
        for cached, _text in rest:
            if cached.contest.slug == after:
                break
    page = list(islice(rest, limit + 1))
    shown = page[:limit]
    following = ""
    if len(page) > limit:
        following = f"?after={shown[-1][0].contest.slug}&limit={limit}"
    path = reverse("api:contests", args=[snapshot.election.slug])
    head = encode({**position(snapshot.night), "next": path + following if following else None})
    return f'{head[:-1]},"contests":[{",".join(text for _cached, text in shown)}]}}'


def contest_text(snapshot: CachedSnapshot, contest: Contest) -> str:
    """One contest as in results.json; empty if it has just been deleted."""
    for cached, text in contest_texts(snapshot):
        if cached.contest.pk == contest.pk:
            return text
    return ""


def revisions_text(snapshot: CachedSnapshot, contest: Contest) -> str:
    """Every revision of a contest's result, oldest first, with what it changed."""
    rows = list(revisions(Contest.objects.filter(pk=contest.pk)))
    changes = {change.declaration.pk: change for change in changes_in(rows)}
    documents = []
    for row in rows:
        change = changes.get(row.pk)
        differences = change.differences if change else ()
        documents.append(
            _revision(row)
            | {
                "retraction": (change.retraction or None) if change else None,
                "changes": [
                    {
                        "figure": each.name,
                        "before": each.before or None,
                        "after": each.after or None,
                    }
                    for each in differences
                ],
            }
        )
    head = {**position(snapshot.night), "contest": contest.slug}
    return encode(head | {"revisions": documents})


def _revision(declaration: Declaration) -> Document:
    counts = declaration.ballot_counts
    named = {row["id"]: row["name"] for row in (declaration.details or {}).get("candidates", [])}
    announced = counts.turnout_announced
    return {
        "revision": declaration.revision,
        "kind": declaration.kind,
        "sequence": declaration.sequence,
        "published_at": utc(declaration.created_at),
        "declared_at": utc(declaration.declared_at),
        "result": (declaration.details or {}).get("result") or None,
        "reason": declaration.reason or None,
        "fault": declaration.blame or None,
        "electorate": counts.electorate,
        "rejected": counts.rejected,
        "turnout_announced": None if announced is None else f"{announced.normalize():f}",
        "votes": [
            {
                "candidate": total.candidate_id,
                "name": named.get(total.candidate_id, total.candidate.name),
                "votes": total.votes,
                "announced_elected": total.announced_elected,
                "by_lot": total.drawn_by_lot,
            }
            for total in declaration.totals.all()
        ],
    }


# --- Feed, corrections, changes -------------------------------------------------------------


def feed_text(snapshot: CachedSnapshot, before: int | None, limit: int) -> str:
    """A page of the feed, newest first."""
    page = entries(snapshot, FeedQuery(limit=limit, before=before))
    last = page[-1].sequence if page else 0
    more = last and entries(snapshot, FeedQuery(limit=1, before=last))
    path = reverse("api:feed", args=[snapshot.election.slug])
    return encode(
        {
            **position(snapshot.night),
            "next": f"{path}?before={last}&limit={limit}" if more else None,
            "entries": [_entry(each) for each in page],
        }
    )


def _entry(entry: ReaderEntry) -> Document:
    return {
        "id": entry.id,
        "kind": entry.sort_key[1],
        "sequence": entry.sequence,
        "at": utc(entry.at),
        "modified_at": utc(entry.modified_at),
        "page": entry.path,
        "heading": entry.heading,
        "text": entry.text,
        "correction": entry.correction or None,
        "author": entry.author,
    }


def corrections_text(snapshot: CachedSnapshot, head: Mapping[str, Any]) -> str:
    """Every correction and withdrawal, oldest first, with the contest it belongs to."""
    shared = {"contest": None, "counting_area": None}
    found = [change | shared for change in head["corrections"]]
    found += _contest_corrections(snapshot)
    found += _area_corrections(snapshot.election)
    found.sort(key=lambda change: change["sequence"])
    return encode({**position(snapshot.night), "corrections": found})


def _contest_corrections(snapshot: CachedSnapshot) -> Iterator[Document]:
    for cached, text in contest_texts(snapshot):
        if cached.standing is not None and cached.standing.revision > 1:
            for change in json.loads(text)["corrections"]:
                yield change | {"contest": cached.contest.slug, "counting_area": None}


def _area_corrections(election: Election) -> Iterator[Document]:
    """Corrections of counting areas, which are in no document of a contest."""
    if not election.rules.counting_areas:
        return
    areas = Contest.objects.filter(election=election, part_of__isnull=False)
    rows = revisions(areas.filter(standing__revision__gt=1)).select_related("contest__part_of")
    for change in changes_in(rows):
        if change.is_correction or change.is_withdrawal:
            yield change_document(change) | _named(change.contest)


def _named(contest: Contest | None) -> Document:
    """The contest that can be fetched, and the counting area of it that is meant."""
    if contest is None or contest.part_of is None:
        return {"contest": contest and contest.slug, "counting_area": None}
    return {"contest": contest.part_of.slug, "counting_area": contest.slug}


def changes_text(snapshot: CachedSnapshot, since: int, epoch: str, limit: int) -> str:
    """The bulletins after `since`, oldest first, without words that readers no longer see.

    `reset` where the numbers cannot be compared: everything has to be fetched again.
    """
    night = snapshot.night
    reset = epoch not in ("", str(night.epoch)) or since > night.sequence
    rows = [] if reset else _bulletins(snapshot.election, since, night.sequence, limit + 1)
    shown = rows[:limit]
    following = None
    if len(rows) > limit:
        path = reverse("api:changes", args=[snapshot.election.slug])
        following = f"{path}?since={shown[-1].sequence}&epoch={night.epoch}&limit={limit}"
    hidden = _hidden(snapshot.election, [row.sequence for row in shown])
    return encode(
        {
            **position(night),
            "since": since,
            "reset": reset,
            "next": following,
            "changes": [_bulletin(row, row.sequence in hidden) for row in shown],
        }
    )


def _bulletins(election: Election, since: int, newest: int, limit: int) -> list[Bulletin]:
    log = Bulletin.objects.filter(election=election, sequence__gt=since, sequence__lte=newest)
    fields = ("sequence", "kind", "summary", "published_at", "election_id")
    names = ("contest__slug", "contest__part_of__slug")
    rows = log.select_related("contest__part_of").only(*fields, *names)
    return list(rows.order_by("sequence")[:limit])


def _hidden(election: Election, sequences: Sequence[int]) -> set[int | None]:
    """Sequences of those bulletins whose words have been reworded or withdrawn since."""
    later = Bulletin.objects.filter(election=election, hides__in=sequences)
    return set(later.values_list("hides", flat=True))


def _bulletin(bulletin: Bulletin, hidden: bool) -> Document:
    return {
        "sequence": bulletin.sequence,
        "kind": bulletin.kind,
        "published_at": utc(bulletin.published_at),
        **_named(bulletin.contest),
        "summary": None if hidden else (bulletin.summary or None),
    }
