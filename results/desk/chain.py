"""Append entries to an election's chain under the night's lock: docs/record.md has the format."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import transaction

from results.arithmetic.hash_chain import canonical, commitment, head_of, new_salt
from results.desk.published_contents import Content, contest_content
from results.desk.stated_facts import disagreements, election_content
from results.live.election_snapshot import ElectionSnapshot
from results.live.seat import with_results
from results.models import Bulletin, Chained, ChainEntry, Contest, Election, Night, clock
from results.models.earlier_bulletins import commit_to_earlier


def append_bulletin(
    night: Night, bulletin: Bulletin, content: Mapping[str, Any], *, replaces: int | None = None
) -> list[ChainEntry]:
    """Append the night's newest bulletin, which is not stored yet, as the last entry.

    `replaces` is the bulletin that it rewords, completes, corrects or withdraws. Returns the entry
    to store before it, if any: one over the bulletins that have none, which the release before
    published while it was replaced.
    """
    earlier = [_over_earlier(night)] if night.chained < night.sequence - 1 else []
    night.chained = night.sequence
    header = {
        "kind": bulletin.kind,
        "sequence": bulletin.sequence,
        "first_sequence": bulletin.first_sequence,
        "replaces": replaces,
        "contest": bulletin.contest.slug if bulletin.contest else None,
    }
    bulletin.hides = replaces if bulletin.publication is not None else None
    _append(night, bulletin, header, content, bulletin.published_at)
    return earlier


def append(night: Night, kind: ChainEntry.Kind, content: Mapping[str, Any]) -> None:
    """Append and store an entry without a bulletin; the caller saves the night."""
    if night.chained < night.sequence:
        _over_earlier(night, last=night.sequence).save()
    entry = ChainEntry(election=night.election)
    _append(night, entry, {"kind": str(kind)}, content, clock.now())
    entry.save()


def state_facts(election: Election) -> None:
    """Append an entry with changed facts that no page shows, such as codes from a file.

    Call it where nothing that readers see has changed, so that no new epoch begins.
    """
    with transaction.atomic():
        night = Night.objects.select_for_update().get(election=election)
        contests = contests_that_differ(election) if night.entries else []
        if contests:
            append(night, ChainEntry.Kind.FACTS, {"contests": contests})
            night.save(update_fields=["entries", "head", "chained"])


def record_restore(election: Election, heads: Sequence[str] | None, *, made_at: datetime) -> None:
    """Append an entry to a restored backup's log that names what the restore discarded.

    `heads` are those of the log that was replaced, oldest first; None where they are not known.
    """
    with transaction.atomic():
        night = Night.objects.select_for_update().get(election=election)
        night.election = election
        if not (night.sequence or night.entries or heads):
            return  # nothing was ever published
        stored = {
            head
            for model in (Bulletin, ChainEntry)
            for head in model.objects.filter(election=election).values_list("head", flat=True)
        }
        discarded = None if heads is None else [head for head in heads if head not in stored]
        content = {"backup_made_at": made_at, "discarded": discarded}
        append(night, ChainEntry.Kind.RESTORED, content)
        night.save(update_fields=["entries", "head", "chained"])


def _get_model(name: str) -> Any:
    return apps.get_model("results", name)


def _over_earlier(night: Night, *, last: int | None = None) -> ChainEntry:
    first, last = night.chained + 1, last or night.sequence - 1
    content, salts = commit_to_earlier(_get_model, night.election_id, first, last)
    entry = ChainEntry(election=night.election, salts=salts)
    _append(night, entry, {"kind": str(ChainEntry.Kind.EARLIER)}, content, clock.now())
    night.chained = last
    return entry


#: Fields of a header that are null in entries without a bulletin.
_NO_BULLETIN = dict.fromkeys(("sequence", "first_sequence", "replaces", "contest"))


def _append(
    night: Night,
    row: Chained,
    about: Mapping[str, Any],
    content: Mapping[str, Any],
    published_at: datetime,
) -> None:
    """Make the row, which is not stored yet, the chain's last entry, and update the night.

    The first entry, and that of a new epoch, state the facts of the election.
    """
    if not night.entries or about["kind"] == ChainEntry.Kind.EPOCH:
        content = {**content, "election": election_content(night.election)}
    night.entries += 1
    row.chain_number = night.entries
    row.content, row.salt = canonical(content), new_salt()
    row.header = canonical(
        {
            **_NO_BULLETIN,
            **about,
            "election": night.election.slug,
            "number": night.entries,
            "epoch": night.epoch,
            "published_at": published_at,
            "previous": night.head or None,
            "commitment": commitment(row.salt, row.content),
        }
    )
    row.head = night.head = head_of(row.header)


def read_content(text: str | None) -> Content:
    """Parse an entry's content; empty where it was erased, or is no valid JSON object."""
    try:
        content = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def contests_as_published(election: Election) -> dict[str, Content]:
    """Return each contest's content in the chain's newest entry about it, by slug.

    Contests that are only in an entry over earlier bulletins are left out.
    """
    bulletins = Bulletin.objects.filter(election=election, chain_number__isnull=False)
    others = ChainEntry.objects.filter(election=election)
    rows = [
        row
        for entries in (bulletins, others)
        for row in entries.filter(content__contains='"contests":').values_list(
            "chain_number", "content"
        )
    ]
    published: dict[str, Content] = {}
    for _number, content in sorted(rows):
        for contest in read_content(content).get("contests", ()):
            published[contest["contest"]["slug"]] = contest
    return published


def contests_that_differ(election: Election) -> list[Content]:
    """Return the present content of each contest that differs from the chain's."""
    return [content for content, _differing in differing_contests(election)]


def differing_contests(
    election: Election,
) -> Iterator[tuple[Content, list[tuple[str, Any, Any]]]]:
    """Yield the present content of each differing contest, with (name, as published, now)."""
    published = contests_as_published(election)
    contests = Contest.objects.filter(election=election, slug__in=published.keys())
    snapshot = ElectionSnapshot(election)
    for contest in with_results(contests):
        content = contest_content(snapshot.seat(contest))
        now = json.loads(canonical(content))
        differing = list(disagreements(published[contest.slug], now))
        if differing:
            yield content, differing
