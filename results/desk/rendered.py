"""What this process read and rendered for an election's last bulletin, so that the next reuses it.

It is used for the bulletin that follows directly, in the same epoch. After a bulletin of another
process, or one that may edit contests or candidates, everything is read and rendered again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction

from results.live.election_snapshot import EXPECTED, ElectionSnapshot
from results.live.fragments import RenderedEntry
from results.live.seat import Seat
from results.models import Night

#: Values of a snapshot's cached properties, by name.
Facts = Mapping[str, Any]

#: Properties of a snapshot that hold until contests, candidates or parties are edited, or that
#: `follow` keeps up to date. Reading some of them looks at every contest.
REUSED = ("party_names", "covered", "labels_standing", "milestones", "upcoming", "latest")


@dataclass(frozen=True, slots=True)
class Rendered:
    """Parts of the pages and of the snapshot that most bulletins do not change.

    `newest` are the feed's entries as the pages have them; None if not known.
    """

    newest: tuple[RenderedEntry, ...] | None = None
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
    followed = dict(facts)
    for seat in seats:
        for name, more in (("upcoming", {"wanted": EXPECTED}), ("latest", {})):
            before = followed.pop(name, None)
            after = before.after(seat, **more) if before is not None else None
            if after is not None:
                followed[name] = after
    return followed


#: By election: the epoch and the sequence of the last bulletin, and what was rendered for it.
_last: dict[int, tuple[UUID, int, Rendered]] = {}


def last_rendered(night: Night) -> Rendered:
    """What was rendered for the night's newest bulletin; nothing if that is not known."""
    epoch, sequence, rendered = _last.get(night.pk, (None, None, Rendered()))
    return rendered if (epoch, sequence) == (night.epoch, night.sequence) else Rendered()


def remember_rendered(night: Night, rendered: Rendered) -> None:
    """Keep it for the next bulletin, once this one is committed."""
    entry = (night.epoch, night.sequence, rendered)
    transaction.on_commit(partial(_last.__setitem__, night.pk, entry))
