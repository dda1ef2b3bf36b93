"""What this process rendered for an election's last bulletin, so that the next one reuses it.

It is used for the bulletin that follows directly, in the same epoch. After a bulletin of another
process, or one that may remove an entry or edit candidates, everything is read and rendered again.
"""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.db import transaction

from results.live.fragments import RenderedEntry
from results.live.party_table import LabelsStanding
from results.models import Night


@dataclass(frozen=True, slots=True)
class Rendered:
    """Parts of the pages that most bulletins do not change."""

    newest: tuple[RenderedEntry, ...]
    labels_standing: LabelsStanding


#: By election: the epoch and the sequence of the last bulletin, and what was rendered for it.
_last: dict[int, tuple[UUID, int, Rendered]] = {}


def last_rendered(night: Night) -> Rendered | None:
    """What was rendered for the bulletin before the night's present one; None if not known."""
    epoch, sequence, rendered = _last.get(night.pk, (None, None, None))
    return rendered if (epoch, sequence) == (night.epoch, night.sequence - 1) else None


def remember_rendered(night: Night, rendered: Rendered) -> None:
    """Keep it for the next bulletin, once this one is committed."""
    entry = (night.epoch, night.sequence, rendered)
    transaction.on_commit(partial(_last.__setitem__, night.pk, entry))
