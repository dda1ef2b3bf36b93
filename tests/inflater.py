"""Read the messages of a reader's socket with `coding=deflate-previous`, as docs/data.md says."""

import json
import zlib
from typing import Any

#: Bytes of a dictionary.
WINDOW = 32_768


class Inflater:
    """Reads the messages of one socket, in their order."""

    def __init__(self, last: bytes = b"") -> None:
        """`last` is the text of the message before the first one, or its end."""
        self._last = last

    def inflate(self, message: bytes) -> bytes:
        """The text of a binary message. Raises zlib.error where it is damaged."""
        dictionary = self._last[-WINDOW:] if message[0] else b""
        inflater = zlib.decompressobj(-zlib.MAX_WBITS, zdict=dictionary)
        self._last = inflater.decompress(message[1:]) + inflater.flush()
        return self._last

    def read(self, message: str | bytes) -> dict[str, Any]:
        """The frame in a message, text or binary."""
        text = message if isinstance(message, str) else self.inflate(message)
        frame: dict[str, Any] = json.loads(text)
        return frame
