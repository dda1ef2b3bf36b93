"""JSON documents sent to readers' pages over the socket and by `/updates/`."""

import json
import struct
import weakref
import zlib
from collections.abc import MutableMapping
from enum import StrEnum
from functools import cached_property
from typing import Any
from uuid import UUID

Document = dict[str, Any]
#: An ASGI event that an application sends.
Message = MutableMapping[str, Any]
#: HTML by element id: the parts of pages that one bulletin changes.
Fragments = dict[str, str]

#: Key in the extensions of an ASGI scope: a function that writes one whole WebSocket frame (bytes)
#: to the connection, at once and in order with messages. It returns False, and has written nothing,
#: where the connection's buffer is full, or it is not open yet, or closing.
SEND_FRAME = "desk.send_frame"


def frame(epoch: UUID, since: int, sequence: int, fragments: Fragments) -> Document:
    """Return the document with fragments that bring a page from bulletin `since` to `sequence`."""
    return {"epoch": str(epoch), "since": since, "sequence": sequence, "fragments": fragments}


def resync(epoch: UUID, sequence: int) -> Document:
    """Return the document that tells a page that cannot catch up to reload."""
    return {"resync": True, "epoch": str(epoch), "sequence": sequence}


def clock(now: float) -> Document:
    """Return the document that tells a page the time, in seconds: its device's may be wrong."""
    return {"clock": now}


def bye(reconnect_seconds: tuple[int, int]) -> Document:
    """Return the document that tells a page to reconnect after a random delay in this range."""
    return {"bye": {"in": reconnect_seconds}}


def poll(reconnect_seconds: tuple[int, int]) -> Document:
    """Return the document that tells a page to poll `/updates/`, and to retry a socket later."""
    return {"poll": {"return": reconnect_seconds}}


def encode(document: Document) -> str:
    return json.dumps(document, separators=(",", ":"))


class Coding(StrEnum):
    """Coding of the longer frames of a socket, chosen by `coding=` in its address."""

    TEXT = ""
    #: A binary message in zlib's format (RFC 1950), which HTTP calls “deflate” too.
    DEFLATE = "deflate"
    #: A binary message of a byte and raw deflate (RFC 1951). The byte is 1 if the text of the
    #: binary message before it, on the same socket, is the dictionary, and 0 if there is none.
    PREVIOUS = "deflate-previous"


#: Most characters of a frame that is always sent as text, since deflating would make it longer.
SHORT = 200
#: Level of zlib. Higher ones cost a third more time and save one byte in a hundred.
DEFLATE_LEVEL = 6
#: Bytes of deflate's window: a dictionary has no more.
WINDOW = 1 << 15


class Encoded:
    """A frame as one coding sends it, shared by all recipients."""

    def __init__(self, payload: str | bytes) -> None:
        self.payload = payload

    @cached_property
    def message(self) -> Message:
        """The ASGI message, which must not be changed."""
        field = "text" if isinstance(self.payload, str) else "bytes"
        return {"type": "websocket.send", field: self.payload}

    @cached_property
    def websocket_frame(self) -> bytes:
        """A server's WebSocket frame, for connections that take one (`SEND_FRAME`)."""
        if isinstance(self.payload, str):
            return websocket_frame(self.payload.encode(), binary=False)
        return websocket_frame(self.payload, binary=True)


class Frame:
    """One document as sockets and `/updates/` send it, encoded once for all recipients.

    `previous` is the frame that most of its recipients were sent last. Two bulletins of a night
    have most of their text in common, so that its text as the dictionary saves three bytes in four.
    """

    def __init__(self, document: Document, previous: "Frame | None" = None) -> None:
        self.text = encode(document)
        # Weak, or each frame would hold all that came before it.
        self._previous = weakref.ref(previous) if previous is not None else None
        self._after_previous: Encoded | None = None

    @property
    def is_short(self) -> bool:
        return len(self.text) <= SHORT

    @cached_property
    def deflated(self) -> bytes:
        return zlib.compress(self.text.encode(), DEFLATE_LEVEL)

    def encoded(self, coding: Coding = Coding.TEXT, last: "Frame | None" = None) -> Encoded:
        """Return what a recipient is sent whose last frame that was not short is `last`."""
        if self.is_short or coding is Coding.TEXT:
            return self._as_text
        if coding is Coding.DEFLATE:
            return self._as_deflated
        if last is None or self._previous is None or self._previous() is not last:
            return self._without_dictionary
        if self._after_previous is None:
            self._after_previous = Encoded(b"\1" + _deflate(self.text, last.text))
        return self._after_previous

    @cached_property
    def _as_text(self) -> Encoded:
        return Encoded(self.text)

    @cached_property
    def _as_deflated(self) -> Encoded:
        return Encoded(self.deflated)

    @cached_property
    def _without_dictionary(self) -> Encoded:
        return Encoded(b"\0" + _deflate(self.text))

    def __len__(self) -> int:
        return len(self.text)


def _deflate(text: str, dictionary: str = "") -> bytes:
    """Compress to raw deflate."""
    window = dictionary.encode()[-WINDOW:]
    compressor = zlib.compressobj(DEFLATE_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS, zdict=window)
    return compressor.compress(text.encode()) + compressor.flush()


def websocket_frame(payload: bytes, *, binary: bool) -> bytes:
    """Encode a message as one frame of a server, which is not masked (RFC 6455, 5.2)."""
    opcode, size = 2 if binary else 1, len(payload)
    if size < 126:
        head = struct.pack("!BB", 0x80 | opcode, size)
    elif size < 1 << 16:
        head = struct.pack("!BBH", 0x80 | opcode, 126, size)
    else:
        head = struct.pack("!BBQ", 0x80 | opcode, 127, size)
    return head + payload


def size_of(message: Message) -> int:
    """Return the number of characters or bytes of a message that sends a frame."""
    return len(message.get("text") or message["bytes"])
