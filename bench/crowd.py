"""Readers of one server in a separate process: `python -m bench.crowd URL ORIGIN READERS [SPREAD]`.

SPREAD is the number of seconds over which they connect, each at a random moment, as pages
reconnect.

Prints one line of JSON when all have connected and received their position, and one each time all
have received a message: its sequence, and when each reader received it (the machine's monotonic
clock).
"""

import asyncio
import json
import random
import sys
import time
from collections import defaultdict
from typing import Any

from picows import WSListener, WSMsgType, WSTransport, ws_connect

from bench.messages import sequence_of

#: Readers that connect at the same time; `bench.reconnecting` measures more.
CONCURRENT = 50


class Crowd:
    def __init__(self, url: str, origin: str, readers: int, spread: int) -> None:
        self.url, self.origin, self.readers, self.spread = url, origin, readers, spread
        self.received: dict[int, list[float]] = defaultdict(list)
        self.greeted = 0
        self.all_connected = asyncio.Event()
        self.disconnected = asyncio.Event()
        self._newest: tuple[bytes, int] = (b"", 0)

    def sequence_of(self, message: memoryview, *, deflated: bool) -> int:
        """The message's sequence; 0 for one without. Read once for all who get the same bytes."""
        content, sequence = self._newest
        if message != content:
            content = bytes(message)
            sequence = sequence_of(content, deflated=deflated)
            self._newest = content, sequence
        return sequence

    def greet(self) -> None:
        self.greeted += 1
        if self.greeted == self.readers:
            self.all_connected.set()

    def receive(self, sequence: int, at: float) -> None:
        times = self.received[sequence]
        times.append(at)
        if len(times) == self.readers:
            emit({"sequence": sequence, "times": times})
            del self.received[sequence]

    async def connect(self) -> None:
        slots = asyncio.Semaphore(CONCURRENT)

        async def connect_reader() -> WSTransport:
            await asyncio.sleep(random.uniform(0, self.spread))
            async with slots:
                headers = {"Origin": self.origin}
                transport, _ = await ws_connect(
                    lambda: Reader(self), self.url, extra_headers=headers, proxy=None
                )
                return transport

        self.transports = await asyncio.gather(*(connect_reader() for _ in range(self.readers)))
        await self.all_connected.wait()
        emit({"connected": self.readers})


class Reader(WSListener):  # type: ignore[misc]  # its base has no types
    def __init__(self, crowd: Crowd) -> None:
        super().__init__()
        self.crowd = crowd
        self.sequence: int | None = None

    def on_ws_frame(self, transport: Any, frame: Any) -> None:
        if frame.msg_type not in (WSMsgType.TEXT, WSMsgType.BINARY):
            return
        now = time.monotonic()
        message = frame.get_payload_as_memoryview()
        sequence = self.crowd.sequence_of(message, deflated=frame.msg_type is WSMsgType.BINARY)
        if self.sequence is None:
            self.crowd.greet()
        elif sequence > self.sequence:
            self.crowd.receive(sequence, now)
        self.sequence = sequence

    def on_ws_disconnected(self, transport: Any) -> None:
        self.crowd.disconnected.set()


def emit(document: dict[str, Any]) -> None:
    print(json.dumps(document), flush=True)


async def main(url: str, origin: str, readers: str, spread: str = "0") -> None:
    crowd = Crowd(url, origin, int(readers), int(spread))
    await crowd.connect()
    await crowd.disconnected.wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
