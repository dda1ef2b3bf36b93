"""Messages of the desk's socket, as text or deflated."""

import re
import zlib

from websockets.sync.client import ClientConnection

#: Bytes at the beginning of a message that say which it is.
HEAD = 200
SEQUENCE = re.compile(rb'"sequence":(\d+)')


def head_of(message: "bytes | memoryview", *, deflated: bool) -> bytes:
    """The beginning of a message's text."""
    if deflated:
        return zlib.decompressobj().decompress(message, HEAD)
    return bytes(message[:HEAD])


def sequence_of(message: "bytes | memoryview", *, deflated: bool) -> int:
    """The message's sequence; 0 for one without."""
    match = SEQUENCE.search(head_of(message, deflated=deflated))
    return int(match[1]) if match else 0


def receive_until(reader: ClientConnection, sequence: int) -> list[str | bytes]:
    """Return the next messages, up to the one with this sequence. Heartbeats come in between."""
    messages: list[str | bytes] = []
    while True:
        message = reader.recv(timeout=60)
        messages.append(message)
        is_text = isinstance(message, str)
        content = message.encode() if isinstance(message, str) else message
        if sequence_of(content, deflated=not is_text) == sequence:
            return messages
