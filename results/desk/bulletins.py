"""Number, render and store bulletins, singly or all those of one transaction together."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.safestring import mark_safe

from electiondesk import release
from results.desk.audit import action, form_has_entry
from results.desk.chain import append_bulletin
from results.desk.change_notifications import notify_change
from results.desk.changes import Change, ChangeKind
from results.desk.milestones import update_milestones
from results.desk.published_contents import bulletin_content
from results.desk.rendered import (
    Rendered,
    facts_of,
    follow,
    last_rendered,
    remember_rendered,
    snapshot_with,
    without_bodies,
    without_published,
)
from results.live.election_snapshot import ElectionSnapshot
from results.live.entry_ids import milestone_entry_id
from results.live.feed import Entry, read_entries, revision_entries
from results.live.fragments import (
    Fragments,
    RenderedEntry,
    election_locale,
    merge_entries,
    newest_entries,
    newest_of,
    region_id,
    render_body,
    render_entries,
    render_night,
    render_row,
    render_seat,
    render_seat_quotes,
    ward_id,
)
from results.live.night_cache import RESULTS
from results.live.notify import notify
from results.live.seat import Seat
from results.models import (
    AuditEntry,
    Bulletin,
    ChainEntry,
    Contest,
    Declaration,
    IdempotencyRecord,
    Milestone,
    Night,
    Publication,
    clock,
)
from results.words.party_names import PartyNames

#: Columns of a night that publishing changes.
COUNTED = (
    *("sequence", "tally", "turnout_changes", "entries", "head", "chained"),
    "poll_closed_at",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BulletinDraft:
    """A bulletin to create: its contents, and the parts of the pages that it changes."""

    kind: Bulletin.Kind
    summary: str
    contest: Contest | None = None
    declaration: Declaration | None = None
    publication: Publication | None = None
    #: The number of its entry in the feed, where that is an earlier bulletin's.
    first_sequence: int | None = None
    night_parts: tuple[str, ...] = ()
    seats: Sequence[Seat] = ()
    #: Other seats whose pages show what it publishes.
    also_shown: Sequence[Seat] = ()
    #: Entries of the feed that it adds or changes, as (kind, number), besides its declaration's.
    #: None if it may remove an entry or change other ones.
    entries: Sequence[tuple[str, int]] | None = ()
    #: Ids of the entries that it removes.
    removed_entries: tuple[str, ...] = ()
    quotes_of: Contest | None = None
    #: The bulletin whose publication or revision this one replaces.
    replaces: int | None = None
    #: Further content for the public log, besides its publication and its contests.
    says: Mapping[str, Any] = field(default_factory=dict)
    #: Whether another bulletin of the same transaction says what this one leads to: until then
    #: the tally is of no moment of the night, and reaches nothing.
    is_followed: bool = False
    #: Whether it says what another contest has led to, at the time of that one's declaration.
    is_consequence: bool = False
    before: str = ""
    after: str = ""
    #: The approver, where another person's words or figures are published.
    approved_by: User | None = None
    #: The person who asked for a correction, or whose figures an editor publishes as one.
    asked_by: User | None = None


@dataclass(frozen=True, slots=True)
class _Unstored:
    """Bulletins that are numbered and not stored yet, and the parts of the night that they change.

    `entries` and `numbers` are the feed's entries that they add or change; `numbers` is None if
    the feed has to be read again.
    """

    bulletins: tuple[Bulletin, ...] = ()
    chain: tuple[ChainEntry, ...] = ()
    actions: tuple[AuditEntry, ...] = ()
    records: tuple[IdempotencyRecord, ...] = ()
    night_parts: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = ()
    numbers: tuple[tuple[str, int], ...] | None = ()
    removed_entries: tuple[str, ...] = ()
    #: Keys of the bodies whose tallies these bulletins may change.
    bodies: tuple[int, ...] = ()


class Bulletins:
    """The bulletins of one night that a transaction creates under the night's lock.

    Each has the fragments of its own seats. Those of the night, and the feed's entries, are
    rendered once, after the last of them, and are stored with the last.
    """

    def __init__(self, night: Night) -> None:
        self.night = night
        self._rendered = last_rendered(night)
        self._unstored = _Unstored()
        #: The declaration of the last bulletin that is followed by another.
        self._followed: Declaration | None = None

    @property
    def party_names(self) -> PartyNames | None:
        """The names of all labels, if they have been read; else None."""
        return self._rendered.facts.get("party_names")

    def add(self, draft: BulletinDraft, by: User) -> Bulletin:
        """Number a bulletin and render its seats. It gets a primary key when it is stored."""
        with election_locale(self.night.election):
            return self._add(draft, by)

    def _add(self, draft: BulletinDraft, by: User) -> Bulletin:
        night = self.night
        night.sequence += 1
        snapshot = snapshot_with(night, without_bodies(self._rendered.facts, draft.seats))
        if draft.seats:
            snapshot.party_names = draft.seats[0].party_names
        bodies = {seat.contest.body_id for seat in draft.seats}
        if draft.is_followed:
            self._followed = draft.declaration
        else:
            why, self._followed = self._followed, None
            at = _reached_at(why if draft.is_consequence else draft.declaration)
            reached, undone = update_milestones(snapshot, at, bodies)
            if reached or undone:
                draft = _with_milestones(draft, night.sequence, undone)
        bulletin = Bulletin(
            election=night.election,
            epoch=night.epoch,
            sequence=night.sequence,
            first_sequence=draft.first_sequence or night.sequence,
            kind=draft.kind,
            summary=draft.summary[:400],
            contest=draft.contest,
            declaration=draft.declaration,
            by=by,
            release=release.fingerprint(),
            **({draft.publication.bulletin_field: draft.publication} if draft.publication else {}),
        )
        unstored = (*self._unstored.bulletins, bulletin)
        bulletin.fragments = _render_own(snapshot, draft, unstored)
        content = bulletin_content(draft.publication, draft.seats, bulletin.summary, draft.says)
        earlier = append_bulletin(night, bulletin, content, replaces=draft.replaces)
        self._unstored = replace(self._unstored, chain=(*self._unstored.chain, *earlier))
        self._keep(snapshot, draft, bulletin)
        return bulletin

    def _keep(self, snapshot: ElectionSnapshot, draft: BulletinDraft, bulletin: Bulletin) -> None:
        unstored, entries, numbers = self._unstored, self._unstored.entries, None
        if draft.entries is not None and unstored.numbers is not None:
            numbers = (*unstored.numbers, *draft.entries)
            if draft.declaration is not None and self._rendered.newest is not None:
                for seat in draft.seats:
                    entries = (*entries, *revision_entries(snapshot, seat))
        self._unstored = replace(
            unstored,
            bulletins=(*unstored.bulletins, bulletin),
            actions=(*unstored.actions, *_actions(draft, bulletin)),
            night_parts=tuple(dict.fromkeys((*unstored.night_parts, *draft.night_parts))),
            entries=entries,
            numbers=numbers,
            removed_entries=(*unstored.removed_entries, *draft.removed_entries),
            bodies=tuple(dict.fromkeys((*unstored.bodies, *_bodies_of(draft)))),
        )
        edited = draft.kind == Bulletin.Kind.DETAILS
        known = without_published(facts_of(snapshot), [draft.kind])
        facts = {} if edited else follow(known, draft.seats)
        self._rendered = replace(self._rendered, facts=facts)

    def add_record(self, record: IdempotencyRecord) -> None:
        self._unstored = replace(self._unstored, records=(*self._unstored.records, record))

    def find_record(self, by: User, idempotency_key: str) -> IdempotencyRecord | None:
        """Find a record that is not stored yet."""
        for record in self._unstored.records:
            if (record.by_id, record.idempotency_key) == (by.pk, idempotency_key):
                return record
        return None

    def store(self) -> None:
        """Store the bulletins and what belongs to them, and notify readers after commit."""
        night, unstored = self.night, self._unstored
        self._unstored = _Unstored()
        if unstored.bulletins:
            night.save(update_fields=COUNTED)
            last = unstored.bulletins[-1]
            with election_locale(night.election):
                last.fragments = self._render_night(unstored) | last.fragments
            Bulletin.objects.bulk_create(unstored.bulletins)
            if unstored.chain:
                ChainEntry.objects.bulk_create(unstored.chain)
            AuditEntry.objects.bulk_create(unstored.actions)
            notify_change(_change(night, unstored.bulletins), unstored.actions)
            remember_rendered(night, self._rendered)
            transaction.on_commit(partial(notify, night.election.slug, night.sequence), robust=True)
        IdempotencyRecord.objects.bulk_create(unstored.records)

    def _render_night(self, unstored: _Unstored) -> Fragments:
        """Render the night's parts and the feed's entries that the bulletins change."""
        snapshot = snapshot_with(self.night, self._rendered.facts)
        before = self._rendered
        newest = self._newest(snapshot, unstored)
        removed: Fragments = dict.fromkeys(unstored.removed_entries, mark_safe(""))
        night = render_night(snapshot, unstored.night_parts, newest)
        if snapshot.shown_councils:
            for body in snapshot.some_bodies(unstored.bodies):
                night |= render_body(snapshot, body)
        parts = {name: night[name] for name in unstored.night_parts}
        self._rendered = Rendered(newest, {**before.parts, **parts}, facts_of(snapshot))
        # Fragments that pages have already are not sent again.
        entries = {entry.id: entry.html for entry in before.newest or ()}
        present = {**before.parts, **entries}
        return removed | {name: html for name, html in night.items() if present.get(name) != html}

    def _newest(
        self, snapshot: ElectionSnapshot, unstored: _Unstored
    ) -> tuple[RenderedEntry, ...] | None:
        """The feed's newest entries after the bulletins; None where nothing needs them."""
        before = self._rendered.newest
        if before is None or unstored.numbers is None:
            return newest_entries(snapshot) if "feed" in unstored.night_parts else None
        entries = list(unstored.entries)
        for kind, number in dict.fromkeys(unstored.numbers):
            entries += read_entries(snapshot, kind, {number})
        return merge_entries(before, render_entries(snapshot, newest_of(entries)))

    @contextmanager
    def undone_on_error(self) -> Iterator[None]:
        """Undo additions and changes of the night if the block raises."""
        night = self.night
        before = self._unstored, self._rendered
        values = [getattr(night, name) for name in COUNTED]
        try:
            yield
        except BaseException:
            self._unstored, self._rendered = before
            for name, value in zip(COUNTED, values, strict=True):
                setattr(night, name, value)
            raise


def _change(night: Night, bulletins: Sequence[Bulletin]) -> Change:
    """Return the change to notify of: contests, or the election if any bulletin has none."""
    contests = {bulletin.contest_id for bulletin in bulletins}
    some = () if None in contests else tuple(contest for contest in contests if contest)
    return Change(ChangeKind.PUBLISHED, election=night.election_id, contests=some)


def _bodies_of(draft: BulletinDraft) -> Iterator[int]:
    """Return the keys of the bodies that the draft's contests elect to."""
    return (seat.contest.body_id for seat in draft.seats)


def _reached_at(declaration: Declaration | None) -> datetime | None:
    """Return when milestones of a bulletin were reached; None where that is not known.

    That is the time of its declaration. A change by an editor is dated now if its declaration has
    no time.
    """
    if declaration is None or declaration.kind in Declaration.CHANGES:
        return (declaration.declared_at if declaration else None) or clock.now()
    return declaration.declared_at


def _actions(draft: BulletinDraft, bulletin: Bulletin) -> Iterator[AuditEntry]:
    """The bulletin's entry; none for details that a form publishes again and enters itself."""
    is_of_form = draft.kind == Bulletin.Kind.DETAILS and not draft.after and form_has_entry.get()
    if not is_of_form:
        yield _action(draft, bulletin)


def _action(draft: BulletinDraft, bulletin: Bulletin) -> AuditEntry:
    """Return the bulletin's entry in the audit trail, by the approver if another person sent it."""
    summary = draft.summary
    if draft.approved_by is not None:
        summary = f"{summary[:200]} (sent by {bulletin.by.get_username()})"
    if draft.asked_by is not None:
        summary = f"{summary[:200]} (asked for by {draft.asked_by.get_username()})"
    return action(
        draft.approved_by or bulletin.by,
        str(draft.kind).replace("_", " "),
        election=bulletin.election,
        contest=draft.contest,
        about=f"{bulletin.sequence}: {summary}",
        before=draft.before,
        after=draft.after,
    )


def _with_milestones(
    draft: BulletinDraft, sequence: int, undone: Sequence[Milestone]
) -> BulletinDraft:
    """The draft with the entries of milestones that its bulletin reached or undid."""
    parts = tuple(dict.fromkeys((*draft.night_parts, "feed")))
    entries = None if undone or draft.entries is None else (*draft.entries, ("milestone", sequence))
    removed = (*draft.removed_entries, *map(milestone_entry_id, undone))
    return replace(draft, night_parts=parts, entries=entries, removed_entries=removed)


#: Kinds of bulletins that leave the quotes and photos of a seat's page as they are.
_WITHOUT_QUOTES = (*RESULTS, Bulletin.Kind.CORRECTION, Bulletin.Kind.WITHDRAWAL)


def _render_own(
    snapshot: ElectionSnapshot, draft: BulletinDraft, unstored: Sequence[Bulletin]
) -> Fragments:
    """Render the fragments of the bulletin's seats, which no other bulletin changes."""
    fragments: Fragments = {}
    for seat in (*draft.seats, *draft.also_shown):
        fragments |= render_seat(snapshot, seat, unstored) | render_row(snapshot, seat.contest)
        if draft.kind not in _WITHOUT_QUOTES:
            fragments |= render_seat_quotes(snapshot, seat.contest)
    if draft.quotes_of is not None:
        fragments |= render_seat_quotes(snapshot, draft.quotes_of)
    contests: list[Contest | None] = [seat.contest for seat in draft.seats]
    for contest in contests or [draft.contest]:
        if contest is not None and contest.region is not None:
            fragments[region_id(contest.region.slug)] = mark_safe("")
        if contest is not None and snapshot.election.rules.has_control:
            fragments[ward_id(contest.body.slug, contest.slug)] = mark_safe("")
    return fragments
