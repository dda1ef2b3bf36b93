"""Create a bulletin in one transaction under the night's lock, once per idempotency key."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Generic, TypeVar

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.safestring import mark_safe

from results.desk.audit import record_action
from results.desk.errors import IdempotencyKeyReused
from results.desk.milestones import update_milestones
from results.desk.rendered import Rendered, last_rendered, remember_rendered
from results.live.election_snapshot import ElectionSnapshot
from results.live.feed import Entry, milestone_entry_id, read_entries, revision_entries
from results.live.fragments import (
    Fragments,
    merge_entries,
    newest_entries,
    region_id,
    render_entries,
    render_night,
    render_row,
    render_seat,
    render_seat_quotes,
)
from results.live.notify import notify
from results.live.seat import Seat
from results.models import (
    Bulletin,
    Contest,
    Declaration,
    Election,
    IdempotencyRecord,
    Milestone,
    Night,
    Publication,
    clock,
)


@dataclass(frozen=True, slots=True)
class PublishResult:
    """The answer to a request to publish, the same however often it is repeated.

    `unchanged`: nothing was published, since `bulletin` had published the same before.
    `repeated`: a request with the same key was answered before.
    """

    bulletin: Bulletin
    repeated: bool = False
    unchanged: bool = False

    @property
    def sequence(self) -> int:
        return self.bulletin.sequence


AnswerT = TypeVar("AnswerT")


@dataclass(frozen=True, slots=True)
class EarlierAnswer(Generic[AnswerT]):
    """The answer that an idempotency key had before, and the fingerprint of what was asked."""

    fingerprint: str
    answer: AnswerT


@dataclass(frozen=True, slots=True, kw_only=True)
class BulletinDraft:
    """A bulletin to create: what it publishes, and which parts of the pages it changes."""

    kind: Bulletin.Kind
    summary: str
    contest: Contest | None = None
    declaration: Declaration | None = None
    publication: Publication | None = None
    #: The number of its entry in the feed, where that is an earlier bulletin's.
    first_sequence: int | None = None
    night_parts: tuple[str, ...] = ()
    seats: Sequence[Seat] = ()
    #: Entries of the feed that it adds or changes, as (kind, number), besides its declaration's.
    #: None if it may remove an entry, or change others.
    entries: Sequence[tuple[str, int]] | None = ()
    #: Ids of the entries that it removes.
    removed_entries: tuple[str, ...] = ()
    quotes_of: Contest | None = None
    before: str = ""
    after: str = ""


#: Writes under the lock of the night; returns the bulletin to create, or the one that published
#: the same before.
Change = Callable[[Night], BulletinDraft | Bulletin]


def publish_bulletin(
    election: Election, *, by: User, idempotency_key: str, intent: Mapping[str, Any], change: Change
) -> PublishResult:
    """Run `change` in one transaction and create its bulletin, once for each `by` and key.

    `intent` is what was asked for, as JSON. Raises `IdempotencyKeyReused` where the key was used
    for another intent.
    """
    fingerprint = fingerprint_of(intent)
    with locked_night(election.pk) as night:
        earlier = find_record(by, idempotency_key)
        if earlier is not None:
            if earlier.fingerprint != fingerprint:
                raise IdempotencyKeyReused(idempotency_key)
            return earlier.answer
        outcome = change(night)
        unchanged = isinstance(outcome, Bulletin)
        if isinstance(outcome, BulletinDraft):
            outcome = create_bulletin(night, outcome, by)
        return record_answer(
            outcome,
            by=by,
            idempotency_key=idempotency_key,
            fingerprint=fingerprint,
            unchanged=unchanged,
        )


@contextmanager
def locked_night(election_pk: int) -> Iterator[Night]:
    """Hold the night's row lock in one transaction, with the election read under the lock."""
    with transaction.atomic():
        night = Night.objects.select_for_update().get(election=election_pk)
        night.election = Election.objects.get(pk=election_pk)
        yield night


def find_record(by: User, idempotency_key: str) -> EarlierAnswer[PublishResult] | None:
    """Find what was published under this person's key, or named as standing already."""
    records = IdempotencyRecord.objects.filter(by=by, idempotency_key=idempotency_key)
    record = records.select_related("bulletin").first()
    if record is None:
        return None
    result = PublishResult(record.bulletin, repeated=True, unchanged=record.unchanged)
    return EarlierAnswer(record.fingerprint, result)


def record_answer(
    bulletin: Bulletin, *, by: User, idempotency_key: str, fingerprint: str, unchanged: bool = False
) -> PublishResult:
    """Answer the key with this bulletin, now and whenever it is sent again."""
    IdempotencyRecord.objects.create(
        by=by,
        idempotency_key=idempotency_key,
        fingerprint=fingerprint,
        bulletin=bulletin,
        unchanged=unchanged,
    )
    return PublishResult(bulletin, unchanged=unchanged)


def fingerprint_of(intent: Mapping[str, Any]) -> str:
    """A digest that distinguishes a repeated request from another one under the same key."""
    plain = json.dumps(intent, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(plain.encode()).hexdigest()


def create_bulletin(night: Night, draft: BulletinDraft, by: User) -> Bulletin:
    night.sequence += 1
    night.save(update_fields=["sequence", "tally"])
    snapshot = ElectionSnapshot(night.election, night)
    if draft.seats:
        snapshot.party_names = draft.seats[0].party_names
    at = draft.declaration.declared_at if draft.declaration else None
    reached, undone = update_milestones(snapshot, at or clock.now())
    if reached or undone:
        draft = _with_milestones(draft, night.sequence, undone)
    bulletin = Bulletin.objects.create(
        election=night.election,
        epoch=night.epoch,
        sequence=night.sequence,
        first_sequence=draft.first_sequence or night.sequence,
        kind=draft.kind,
        summary=draft.summary[:400],
        contest=draft.contest,
        declaration=draft.declaration,
        fragments=_render_fragments(snapshot, draft),
        by=by,
        **({draft.publication.bulletin_field: draft.publication} if draft.publication else {}),
    )
    record_action(
        by,
        str(draft.kind),
        election=night.election,
        contest=draft.contest,
        about=f"{bulletin.sequence}: {draft.summary}",
        before=draft.before,
        after=draft.after,
    )
    slug, sequence = night.election.slug, night.sequence
    transaction.on_commit(partial(notify, slug, sequence), robust=True)
    return bulletin


def _with_milestones(
    draft: BulletinDraft, sequence: int, undone: Sequence[Milestone]
) -> BulletinDraft:
    """The draft with the entries of milestones that its bulletin reached or undid."""
    parts = tuple(dict.fromkeys((*draft.night_parts, "feed")))
    entries = None if undone or draft.entries is None else (*draft.entries, ("milestone", sequence))
    removed = (*draft.removed_entries, *map(milestone_entry_id, undone))
    return replace(draft, night_parts=parts, entries=entries, removed_entries=removed)


def _render_fragments(snapshot: ElectionSnapshot, draft: BulletinDraft) -> Fragments:
    """Everything of the pages that the bulletin changes, by element id."""
    last = last_rendered(snapshot.night)
    fragments: Fragments = dict.fromkeys(draft.removed_entries, mark_safe(""))
    newest = None
    if draft.entries is None or last is None:
        if "feed" in draft.night_parts:
            newest = newest_entries(snapshot)
    else:
        snapshot.labels_standing = last.labels_standing
        changed = _changed_entries(snapshot, draft)
        newest = merge_entries(last.newest, render_entries(snapshot, changed))
    fragments |= render_night(snapshot, draft.night_parts, newest)
    if newest is not None:
        remember_rendered(snapshot.night, Rendered(newest, snapshot.labels_standing))
    for unchanged in last.newest if last else ():
        if fragments.get(unchanged.id) == unchanged.html:
            del fragments[unchanged.id]
    for seat in draft.seats:
        fragments |= render_seat(snapshot, seat) | render_row(snapshot, seat.contest)
    if draft.quotes_of is not None:
        fragments |= render_seat_quotes(snapshot, draft.quotes_of)
    for contest in [seat.contest for seat in draft.seats] or [draft.contest]:
        if contest is not None and contest.region is not None:
            fragments[region_id(contest.region.slug)] = mark_safe("")
    return fragments


def _changed_entries(snapshot: ElectionSnapshot, draft: BulletinDraft) -> Iterator[Entry]:
    """The entries that the bulletin adds or changes, as they stand with it."""
    if draft.declaration is not None:
        for seat in draft.seats:
            yield from revision_entries(snapshot, seat)
    for kind, number in draft.entries or ():
        yield from read_entries(snapshot, kind, {number})
