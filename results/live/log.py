"""Reading the published log: what has happened after a given number, as one document."""

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from results.models import Bulletin, Night

#: Further behind than this a page is cheaper to load afresh than to catch up.
CATCH_UP = 100

Document = dict[str, Any]


def frame(epoch: UUID, since: int, sequence: int, fragments: dict[str, str]) -> Document:
    """All that a page at ``since`` lacks to be the page at ``sequence``."""
    return {"epoch": str(epoch), "since": since, "sequence": sequence, "fragments": fragments}


def resync(epoch: UUID, sequence: int) -> Document:
    """The page cannot be caught up: it is to load itself afresh."""
    return {"resync": True, "epoch": str(epoch), "sequence": sequence}


def encode(document: Document) -> str:
    return json.dumps(document, separators=(",", ":"))


def merged(fragments: Iterable[dict[str, str]]) -> dict[str, str]:
    """Later bulletins win, id by id: every fragment states the whole of what is."""
    whole: dict[str, str] = {}
    for part in fragments:
        whole |= part
    return whole


def read_after(night: Night, sequence: int, limit: int) -> list[tuple[int, dict[str, str]]]:
    """The bulletins of the night's epoch after ``sequence``, oldest first, at most ``limit``."""
    bulletins = Bulletin.objects.filter(
        election_id=night.election_id, epoch=night.epoch, sequence__gt=sequence
    ).order_by("sequence")
    return list(bulletins.values_list("sequence", "fragments")[:limit])


def read_tail(night: Night) -> list[tuple[int, dict[str, str]]]:
    """The newest bulletins of the night's epoch, as far back as pages are caught up from.

    None where the epoch is new: it begins at a number, and its first bulletin may be hours away.
    """
    entries = read_after(night, max(night.sequence - CATCH_UP, 0), CATCH_UP)
    return unbroken(entries, night.sequence)


def unbroken(
    entries: list[tuple[int, dict[str, str]]], sequence: int
) -> list[tuple[int, dict[str, str]]]:
    """Those of ``entries`` that lead up to ``sequence`` without a hole."""
    run: list[tuple[int, dict[str, str]]] = []
    for entry in reversed(entries):
        if entry[0] == sequence - len(run):
            run.append(entry)
    return run[::-1]


def document_since(night: Night, sequence: int, epoch: str | None = None) -> Document:
    """What a page that is at ``sequence`` of ``epoch`` (or of the present one) should do.

    Up to the number that ``night`` was read at, whatever has been published since.
    """
    if (epoch and epoch != str(night.epoch)) or sequence > night.sequence:
        return resync(night.epoch, night.sequence)
    if night.sequence - sequence > CATCH_UP:
        return resync(night.epoch, night.sequence)
    entries = read_after(night, sequence, night.sequence - sequence)
    if [number for number, _ in entries] != list(range(sequence + 1, night.sequence + 1)):
        return resync(night.epoch, night.sequence)  # A hole is a fault; a fresh page has none.
    return frame(night.epoch, sequence, night.sequence, merged(part for _, part in entries))
