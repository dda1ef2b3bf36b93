"""The JSON documents that readers' pages are sent, over the socket and by `/updates/`."""

import json
import zlib
from collections.abc import MutableMapping
from functools import cached_property
from typing import Any
from uuid import UUID

Document = dict[str, Any]
#: Of ASGI: an event that an application sends.
Message = MutableMapping[str, Any]
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


#: Characters of a frame that is sent as text to readers of deflated frames too: it would grow.
SHORT = 200
#: Of zlib. Higher levels cost a third more and save one byte in a hundred.
DEFLATE_LEVEL = 6


class Frame:
    """One document as sockets and `/updates/` send it, encoded once for all who are sent it."""

    def __init__(self, document: Document) -> None:
        self.text = encode(document)

    @cached_property
    def deflated(self) -> bytes:
        """The text in zlib's format (RFC 1950), which HTTP and browsers call “deflate”."""
        return zlib.compress(self.text.encode(), DEFLATE_LEVEL)

    def message(self, *, deflates: bool = False) -> Message:
        """As an ASGI message: one for all readers, so it must not be changed."""
        return self._bytes_message if deflates and len(self.text) > SHORT else self._text_message

    @cached_property
    def _text_message(self) -> Message:
        return {"type": "websocket.send", "text": self.text}

    @cached_property
    def _bytes_message(self) -> Message:
        return {"type": "websocket.send", "bytes": self.deflated}

    def __len__(self) -> int:
        return len(self.text)


def size_of(message: Message) -> int:
    """The characters or bytes of a message that sends a frame."""
    return len(message.get("text") or message["bytes"])
