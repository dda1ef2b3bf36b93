"""Messages of the desk's socket, as text or deflated."""

import re
import zlib

from websockets.sync.client import ClientConnection

from tests.inflater import Inflater

#: Bytes at the beginning of a message that say which it is.
HEAD = 200
SEQUENCE = re.compile(rb'"sequence":(\d+)')


def head_of(message: bytes | memoryview, *, deflated: bool) -> bytes:
    """The beginning of a message's text."""
    if deflated:
        return zlib.decompressobj().decompress(message, HEAD)
    return bytes(message[:HEAD])


def sequence_of(message: bytes | memoryview, *, deflated: bool) -> int:
    """The message's sequence; 0 for one without."""
    match = SEQUENCE.search(head_of(message, deflated=deflated))
    return int(match[1]) if match else 0


def receive_until(
    reader: ClientConnection, sequence: int, inflater: Inflater | None = None
) -> list[str | bytes]:
    """Return the next messages, up to the one with this sequence. Heartbeats come in between.

    `inflater` is the socket's own where it asked for `coding=deflate-previous`.
    """
    messages: list[str | bytes] = []
    while True:
        message = reader.recv(timeout=60)
        messages.append(message)
        is_text = isinstance(message, str)
        content = message.encode() if isinstance(message, str) else message
        if inflater is not None and not is_text:
            content, is_text = inflater.inflate(content), True
        if sequence_of(content, deflated=not is_text) == sequence:
            return messages
