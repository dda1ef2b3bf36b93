"""What this process read and rendered for an election's last bulletin, so that the next reuses it.

It is used for the bulletins that follow in the same epoch, and brought up to date first where those
in between are another process's. After one that may edit contests or candidates, everything is
read and rendered again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction

from results.live.election_snapshot import EXPECTED, ElectionSnapshot
from results.live.feed import Entry, postponed_entry_id, read_entries
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
)


@dataclass(frozen=True, slots=True)
class Rendered:
    """Parts of the pages and of the snapshot that most bulletins do not change.

    `newest` are the feed's entries as the pages have them; None if not known. `parts` are the
    night's fragments as the pages have them, by element id, as far as they are known.
    """

    newest: tuple[RenderedEntry, ...] | None = None
    parts: Mapping[str, str] = field(default_factory=dict)
    facts: Facts = field(default_factory=dict)


def facts_of(snapshot: ElectionSnapshot) -> Facts:
    """Those reusable parts of the snapshot that have been read."""
    return {name: vars(snapshot)[name] for name in REUSED if name in vars(snapshot)}


def snapshot_with(night: Night, facts: Facts) -> ElectionSnapshot:
    snapshot = ElectionSnapshot(night.election, night)
    vars(snapshot).update(facts)
    return snapshot


def follow(facts: Facts, seats: Iterable[Seat]) -> Facts:
    """The facts after a bulletin about these seats, without those that have to be read again."""
    seats = [*seats]
    followed = without_bodies(facts, seats)
    for seat in seats:
        if "declared_seats" in followed:
            followed["declared_seats"] = followed["declared_seats"].after(seat)
        for name, more in (("upcoming", {"wanted": EXPECTED}), ("latest", {}), ("first", {})):
            before = followed.pop(name, None)
            after = before.after(seat, **more) if before is not None else None
            if after is not None:
                followed[name] = after
    return followed


def without_figures(facts: Facts, kinds: Iterable[str]) -> dict[str, Any]:
    """The facts without the exit poll where one of these kinds of bulletins has changed it."""
    gone = {"external_figures"} if Bulletin.Kind.EXTERNAL_FIGURES in kinds else set()
    return {name: value for name, value in facts.items() if name not in gone}


def without_bodies(facts: Facts, seats: Iterable[Seat]) -> dict[str, Any]:
    """The facts without the bodies whose tallies a bulletin about these seats has moved."""
    moved = {seat.contest.body_id for seat in seats}
    known = facts.get("known_bodies", {})
    return {**facts, "known_bodies": {pk: body for pk, body in known.items() if pk not in moved}}


#: By election: the epoch and the sequence of the last bulletin, and what was rendered for it.
_last: dict[int, tuple[UUID, int, Rendered]] = {}


def last_rendered(night: Night) -> Rendered:
    """What stands after the night's newest bulletin, as far as it is known."""
    epoch, sequence, rendered = _last.get(night.pk, (None, 0, Rendered()))
    if epoch != night.epoch or not 0 <= night.sequence - sequence <= CATCH_UP:
        return Rendered()
    return rendered if sequence == night.sequence else _caught_up(rendered, night, sequence)


def known_party_names(night: Night) -> PartyNames | None:
    """The names of all labels, if this process published the night's newest bulletin."""
    epoch, sequence, rendered = _last.get(night.pk, (None, 0, Rendered()))
    is_newest = (epoch, sequence) == (night.epoch, night.sequence)
    return rendered.facts.get("party_names") if is_newest else None


def remember_rendered(night: Night, rendered: Rendered) -> None:
    """Keep it for the next bulletin, once this one is committed."""
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
    """The same after the bulletins that followed `since`: these are looked at, not all contests."""
    rows = Bulletin.objects.filter(election=night.pk, sequence__gt=since).defer("fragments")
    bulletins = list(rows.select_related("contest__standing"))
    if any(bulletin.kind == Bulletin.Kind.DETAILS for bulletin in bulletins):
        return Rendered()
    facts = dict(rendered.facts)
    before = facts.pop("milestones", None)
    snapshot = snapshot_with(night, facts)
    contests = [bulletin.contest for bulletin in bulletins if bulletin.contest is not None]
    followed = follow(facts, [snapshot.seat(contest) for contest in contests])
    followed = without_figures(followed, [bulletin.kind for bulletin in bulletins])
    snapshot = snapshot_with(night, followed)
    newest = None
    if rendered.newest is not None and before is not None:
        changed = None
        if not _is_resumed(rendered.newest, bulletins):
            changed = _changed_entries(snapshot, bulletins, before, since)
        if changed is not None:
            rendered_again = render_entries(snapshot, newest_of(changed))
            newest = merge_entries(rendered.newest, rendered_again)
    # The night's fragments may have changed, and are not known.
    return Rendered(newest, facts=facts_of(snapshot))


def _is_resumed(newest: Iterable[RenderedEntry], bulletins: Iterable[Bulletin]) -> bool:
    """Whether a poll of which an entry says that it is postponed is held after all."""
    shown = {entry.id for entry in newest}
    contests = (bulletin.contest for bulletin in bulletins)
    return any(
        postponed_entry_id(contest) in shown and _postponed_in(contest) is None
        for contest in contests
        if contest is not None
    )


def _postponed_in(contest: Contest) -> int | None:
    """The bulletin that said so; a quote may be of a contest that has no standing yet."""
    standing = getattr(contest, "standing", None)
    return standing.postponed_in if standing else None


def _begins_again(bulletin: Bulletin) -> bool:
    """Whether it may have taken its contest's entry to another place: totals are left behind."""
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
    """The entries that the bulletins added or changed; None if they may have removed one.

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
