"""Readers of one server, in a process of their own: `python -m bench.crowd URL ORIGIN READERS`.

A fourth word is the seconds over which they come, each at a moment of its own, as pages come back.

Prints a line of JSON when all have connected and heard where they are, and one each time all have
received a message: its number, and when each of them had it (the machine's monotonic clock).
"""

import asyncio
import json
import random
import re
import sys
import time
from collections import defaultdict
from typing import Any

from picows import WSListener, WSMsgType, WSTransport, ws_connect

#: So many connect at a time: a wave of them is another measurement.
ABREAST = 50
NUMBER = re.compile(rb'"sequence":(\d+)')


class Crowd:
    def __init__(self, url: str, origin: str, readers: int, spread: int) -> None:
        self.url, self.origin, self.readers, self.spread = url, origin, readers, spread
        self.heard: dict[int, list[float]] = defaultdict(list)
        self.greeted = 0
        self.all_here = asyncio.Event()
        self.gone = asyncio.Event()

    def greet(self) -> None:
        self.greeted += 1
        if self.greeted == self.readers:
            self.all_here.set()

    def hear(self, sequence: int, at: float) -> None:
        times = self.heard[sequence]
        times.append(at)
        if len(times) == self.readers:
            say({"sequence": sequence, "times": times})
            del self.heard[sequence]

    async def connect(self) -> None:
        gate = asyncio.Semaphore(ABREAST)

        async def one() -> WSTransport:
            await asyncio.sleep(random.uniform(0, self.spread))
            async with gate:
                headers = {"Origin": self.origin}
                transport, _ = await ws_connect(
                    lambda: Reader(self), self.url, extra_headers=headers, proxy=None
                )
                return transport

        self.transports = await asyncio.gather(*(one() for _ in range(self.readers)))
        await self.all_here.wait()
        say({"connected": self.readers})


class Reader(WSListener):  # type: ignore[misc]  # its base has no types
    def __init__(self, crowd: Crowd) -> None:
        super().__init__()
        self.crowd = crowd
        self.at: int | None = None

    def on_ws_frame(self, transport: Any, frame: Any) -> None:
        if frame.msg_type is not WSMsgType.TEXT:
            return
        now = time.monotonic()
        found = NUMBER.search(frame.get_payload_as_memoryview()[:200])
        sequence = int(found[1]) if found else 0
        if self.at is None:
            self.crowd.greet()
        elif sequence > self.at:
            self.crowd.hear(sequence, now)
        self.at = sequence

    def on_ws_disconnected(self, transport: Any) -> None:
        self.crowd.gone.set()


def say(what: dict[str, Any]) -> None:
    print(json.dumps(what), flush=True)


async def main(url: str, origin: str, readers: str, spread: str = "0") -> None:
    crowd = Crowd(url, origin, int(readers), int(spread))
    await crowd.connect()
    await crowd.gone.wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
