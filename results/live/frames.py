"""The JSON documents that readers' pages are sent, over the socket and by `/updates/`."""

import json
from typing import Any
from uuid import UUID

Document = dict[str, Any]
#: HTML by element id: what one bulletin changes on the pages.
Fragments = dict[str, str]


def frame(epoch: UUID, since: int, sequence: int, fragments: Fragments) -> Document:
    """The fragments that bring a page at bulletin `since` to `sequence`."""
    return {"epoch": str(epoch), "since": since, "sequence": sequence, "fragments": fragments}


def resync(epoch: UUID, sequence: int) -> Document:
    """Tell a page that cannot catch up to load itself again."""
    return {"resync": True, "epoch": str(epoch), "sequence": sequence}


def bye(reconnect_seconds: tuple[int, int]) -> Document:
    """Tell a page to reconnect after a random delay between these two."""
    return {"bye": {"in": reconnect_seconds}}


def poll(reconnect_seconds: tuple[int, int]) -> Document:
    """Tell a page to poll `/updates/`, and to try a socket again after a random delay."""
    return {"poll": {"return": reconnect_seconds}}


def encode(document: Document) -> str:
    return json.dumps(document, separators=(",", ":"))
