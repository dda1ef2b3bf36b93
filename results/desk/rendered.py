"""Per-process cache of what was read and rendered for an election's last bulletin.

The next bulletins of the same epoch reuse it, after it is brought up to date where those in between
are from other processes. After one that may edit contests or candidates, everything is read and
rendered again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction

from results.live.election_snapshot import EXPECTED, ElectionSnapshot
from results.live.entry_ids import postponed_entry_id
from results.live.feed import Entry, read_entries
from results.live.fragments import RenderedEntry, merge_entries, newest_of, render_entries
from results.live.seat import Seat
from results.live.tail import CATCH_UP
from results.models import Bulletin, Contest, Milestone, Night
from results.words.party_names import PartyNames

#: Values of a snapshot's cached properties, by name.
Facts = Mapping[str, Any]

#: Properties of a snapshot that hold until contests, candidates or parties are edited, or that
#: `follow` keeps up to date. Reading some of them looks at every contest.
REUSED = (
    *("party_names", "covered", "labels_standing", "milestones", "upcoming", "latest", "first"),
    *("body_facts", "known_bodies", "candidates_by_body", "external_figures", "declared_seats"),
    *("seats_to_come", "editors_headline", "known_expected", "known_parts"),
)


@dataclass(frozen=True, slots=True)
class Rendered:
    """Cached parts of the pages and of the snapshot, most of which a bulletin does not change.

    `newest` are the feed's entries as pages have them; None if not known. `parts` are the night's
    fragments as pages have them, by element id, as far as they are known.
    """

    newest: tuple[RenderedEntry, ...] | None = None
    parts: Mapping[str, str] = field(default_factory=dict)
    facts: Facts = field(default_factory=dict)


def facts_of(snapshot: ElectionSnapshot) -> Facts:
    """Return the reusable parts of the snapshot that have been read."""
    return {name: vars(snapshot)[name] for name in REUSED if name in vars(snapshot)}


def snapshot_with(night: Night, facts: Facts) -> ElectionSnapshot:
    snapshot = ElectionSnapshot(night.election, night)
    vars(snapshot).update(facts)
    return snapshot


def follow(facts: Facts, seats: Iterable[Seat]) -> Facts:
    """Return the facts after a bulletin about these seats, without those to read again."""
    seats = [*seats]
    followed = without_expected(without_bodies(facts, seats), seats)
    for seat in seats:
        for name in ("declared_seats", "seats_to_come"):
            if name in followed:
                followed[name] = followed[name].after(seat)
        for name, more in (("upcoming", {"wanted": EXPECTED}), ("latest", {}), ("first", {})):
            before = followed.pop(name, None)
            after = before.after(seat, **more) if before is not None else None
            if after is not None:
                followed[name] = after
    return followed


#: Facts that bulletins of a kind change.
_CHANGED_BY: dict[str, str] = {
    Bulletin.Kind.EXTERNAL_FIGURES: "external_figures",
    Bulletin.Kind.HEADLINE: "editors_headline",
    Bulletin.Kind.ERASURE: "editors_headline",
}


def without_published(facts: Facts, kinds: Iterable[str]) -> dict[str, Any]:
    """Return the facts without the publications that bulletins of these kinds change."""
    gone = {_CHANGED_BY.get(kind) for kind in kinds}
    return {name: value for name, value in facts.items() if name not in gone}


def without_expected(facts: Facts, seats: Iterable[Seat]) -> dict[str, Any]:
    """Return the facts without the contests that a bulletin about these seats changed."""
    moved = {seat.contest.pk for seat in seats}
    known = facts.get("known_expected", {})
    left = {pk: contest for pk, contest in known.items() if pk not in moved}
    return {**facts, "known_expected": left}


def without_bodies(facts: Facts, seats: Iterable[Seat]) -> dict[str, Any]:
    """Return the facts without the bodies whose tallies a bulletin about these seats changed."""
    moved = {seat.contest.body_id for seat in seats}
    known = facts.get("known_bodies", {})
    return {**facts, "known_bodies": {pk: body for pk, body in known.items() if pk not in moved}}


#: Epoch and sequence of each election's last bulletin, with the parts rendered for it.
_last: dict[int, tuple[UUID, int, Rendered]] = {}


def last_rendered(night: Night) -> Rendered:
    """Return the cached parts as of the night's newest bulletin, as far as they are known."""
    if night.sequence == 0:
        return Rendered(newest=())  # a feed's entries are of bulletins
    epoch, sequence, rendered = _last.get(night.pk, (None, 0, Rendered()))
    if epoch != night.epoch or not 0 <= night.sequence - sequence <= CATCH_UP:
        return Rendered()
    return rendered if sequence == night.sequence else _caught_up(rendered, night, sequence)


def known_party_names(night: Night) -> PartyNames | None:
    """Return all labels' names if this process published the newest bulletin; else None."""
    epoch, sequence, rendered = _last.get(night.pk, (None, 0, Rendered()))
    is_newest = (epoch, sequence) == (night.epoch, night.sequence)
    return rendered.facts.get("party_names") if is_newest else None


def remember_rendered(night: Night, rendered: Rendered) -> None:
    """Cache the parts for the next bulletin, once this one is committed."""
    entry = (night.epoch, night.sequence, rendered)
    transaction.on_commit(partial(_last.__setitem__, night.pk, entry))


# --- After bulletins of other processes -----------------------------------------------------

#: The kind of a bulletin's entry in the feed, where that is numbered by `first_sequence`.
_ENTRY_KINDS: dict[str, str] = {
    Bulletin.Kind.DECLARATION: "result",
    Bulletin.Kind.WINNER_ONLY: "result",
    Bulletin.Kind.UPDATE: "result",
    Bulletin.Kind.UNOPPOSED: "result",
    Bulletin.Kind.INCOMPLETE: "result",
    **{
        kind: str(kind)
        for kind in (
            Bulletin.Kind.QUOTE,
            Bulletin.Kind.PHOTO,
            Bulletin.Kind.POST,
            Bulletin.Kind.HEADLINE,
        )
    },
}


def _caught_up(rendered: Rendered, night: Night, since: int) -> Rendered:
    """Return the parts after the bulletins that followed `since`, without reading all contests."""
    rows = Bulletin.objects.filter(election=night.pk, sequence__gt=since).defer("fragments")
    bulletins = list(rows.select_related("contest__standing"))
    if any(bulletin.kind == Bulletin.Kind.DETAILS for bulletin in bulletins):
        return Rendered()
    facts = dict(rendered.facts)
    before = facts.pop("milestones", None)
    snapshot = snapshot_with(night, facts)
    contests = [bulletin.contest for bulletin in bulletins if bulletin.contest is not None]
    followed = follow(facts, [snapshot.seat(contest) for contest in contests])
    followed = without_published(followed, [bulletin.kind for bulletin in bulletins])
    snapshot = snapshot_with(night, followed)
    newest = None
    if rendered.newest is not None and before is not None:
        changed = None
        if not _is_resumed(rendered.newest, bulletins):
            changed = _changed_entries(snapshot, bulletins, before, since)
        if changed is not None:
            rendered_again = render_entries(snapshot, newest_of(changed))
            newest = merge_entries(rendered.newest, rendered_again)
    # The night's fragments are left out, because other processes may have changed them.
    return Rendered(newest, facts=facts_of(snapshot))


def _is_resumed(newest: Iterable[RenderedEntry], bulletins: Iterable[Bulletin]) -> bool:
    """Whether a poll with an entry that it is postponed is held after all."""
    shown = {entry.id for entry in newest}
    contests = (bulletin.contest for bulletin in bulletins)
    return any(
        postponed_entry_id(contest) in shown and _postponed_in(contest) is None
        for contest in contests
        if contest is not None
    )


def _postponed_in(contest: Contest) -> int | None:
    """Return the bulletin that postponed the poll; None also for a contest without a standing."""
    standing = getattr(contest, "standing", None)
    return standing.postponed_in if standing else None


def _begins_again(bulletin: Bulletin) -> bool:
    """Whether a bulletin may have moved its contest's entry, as a result after totals does."""
    contest = bulletin.contest if bulletin.kind in _BEGINNINGS else None
    return contest is not None and contest.standing.revision > 1


_BEGINNINGS = (
    Bulletin.Kind.DECLARATION,
    Bulletin.Kind.WINNER_ONLY,
    Bulletin.Kind.CORRECTION,
    Bulletin.Kind.INCOMPLETE,
)


def _changed_entries(
    snapshot: ElectionSnapshot,
    bulletins: Iterable[Bulletin],
    milestones: Iterable[Milestone],
    since: int,
) -> list[Entry] | None:
    """Return the entries that the bulletins added or changed; None if one may be removed.

    `milestones` are those that were reached before them.
    """
    reached = {milestone.pk: milestone for milestone in snapshot.milestones}
    if not reached.keys() >= {milestone.pk for milestone in milestones}:
        return None
    numbers: set[tuple[str, int]] = set()
    for bulletin in bulletins:
        if bulletin.kind == Bulletin.Kind.WITHDRAWAL or _begins_again(bulletin):
            return None
        contest = bulletin.contest
        if contest is not None and _postponed_in(contest) == bulletin.sequence:
            numbers.add(("postponed", bulletin.sequence))
        if bulletin.kind in _ENTRY_KINDS:
            numbers.add((_ENTRY_KINDS[bulletin.kind], bulletin.first_sequence))
        elif bulletin.kind == Bulletin.Kind.CORRECTION and bulletin.contest is not None:
            result = bulletin.contest.standing.first_sequence or 0
            numbers |= {("change", bulletin.sequence), ("result", result)}
    entries = [
        entry for kind, number in numbers for entry in read_entries(snapshot, kind, {number})
    ]
    if len(entries) < len(numbers):
        return None
    later = {row.sequence for row in reached.values() if row.sequence > since}
    return entries + list(read_entries(snapshot, "milestone", later))
