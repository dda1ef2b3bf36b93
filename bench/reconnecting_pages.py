"""Open pages that lose their server: `python -m bench.reconnecting_pages PORT SLUG PAGES POLICY`.

With the policy "page" they reconnect as static/reader/live.js does: after the time that the server
gave, otherwise within ten seconds and later within a growing time; after the first failure to open
a socket they poll as well. With "at once" they try every second, as a page without such a policy
does.

Prints one line of JSON when all are connected, and one when all have what was published while the
server was down: when each received it (the machine's monotonic clock), how many sockets were
tried, and how many pages had received nothing after the time limit.
"""

import asyncio
import contextlib
import json
import random
import re
import sys
import time
from typing import Any

from picows import WSError, WSListener, WSMsgType, WSTransport, ws_connect

from bench.messages import HEAD, SEQUENCE, head_of
from bench.rigs import FRONT

CONCURRENT = 50
#: As in static/reader/live.js.
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS, POLL_SECONDS = 10, 60, 10
RETRY_SECONDS = 1.0
#: After this time, pages that have received nothing are counted as missing.
LIMIT_SECONDS = 120
#: A browser waits for a handshake far longer than the library does.
HANDSHAKE_SECONDS = 60
EPOCH = re.compile(rb'"epoch":"([^"]+)"')
COME_BACK = re.compile(rb'"(?:bye":\{"in"|poll":\{"return"):\[(\d+),(\d+)\]')


class Crowd:
    """All pages, with what their report counts. Ends only with the process: pages stay open."""

    def __init__(self, port: int, election: str, pages: int, policy: str) -> None:
        self.port, self.election, self.policy = port, election, policy
        self.origin = f"http://127.0.0.1:{port}"
        self.pages = [Page(self) for _ in range(pages)]
        self.times: list[float] = []
        self.attempts = 0
        self.connected = 0
        self.all_connected, self.all_updated = asyncio.Event(), asyncio.Event()

    async def run(self) -> None:
        slots = asyncio.Semaphore(CONCURRENT)
        tasks = [asyncio.create_task(page.run(slots)) for page in self.pages]
        await self.all_connected.wait()
        self.attempts = 0
        emit({"connected": self.connected})
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LIMIT_SECONDS):
                await self.all_updated.wait()
        missing = self.connected - len(self.times)
        emit({"times": self.times, "attempts": self.attempts, "missing": missing})
        await asyncio.gather(*tasks, return_exceptions=True)

    def greet(self) -> None:
        self.connected += 1
        if self.connected == len(self.pages):
            self.all_connected.set()

    def update(self) -> None:
        self.times.append(time.monotonic())
        if len(self.times) == len(self.pages):
            self.all_updated.set()


class Page(WSListener):  # type: ignore[misc]  # its base has no types
    def __init__(self, crowd: Crowd) -> None:
        super().__init__()
        self.crowd = crowd
        self.sequence: int | None = None
        self.epoch = ""
        self.was_open = False
        self.failures = 0
        self.come_back: tuple[int, int] | None = None
        self.polling: asyncio.Task[None] | None = None

    # --- The socket ---------------------------------------------------------------------------

    async def run(self, slots: asyncio.Semaphore) -> None:
        async with slots:
            transport = await self._connect()
        while True:
            if transport is not None:
                await transport.wait_disconnected()
            await asyncio.sleep(self._wait_seconds())
            transport = await self._connect()

    async def _connect(self) -> WSTransport | None:
        crowd = self.crowd
        crowd.attempts += 1
        position = f"&since={self.sequence}&epoch={self.epoch}" if self.epoch else ""
        try:
            transport, _ = await ws_connect(
                lambda: self,
                f"ws://127.0.0.1:{crowd.port}/live/{crowd.election}/?{FRONT}{position}",
                extra_headers={"Origin": crowd.origin},
                proxy=None,
                websocket_handshake_timeout=HANDSHAKE_SECONDS,
            )
        except (OSError, TimeoutError, WSError):
            return None
        self.was_open = True
        return transport

    def on_ws_frame(self, transport: Any, frame: Any) -> None:
        if frame.msg_type not in (WSMsgType.TEXT, WSMsgType.BINARY):
            return
        deflated = frame.msg_type is WSMsgType.BINARY
        head = head_of(frame.get_payload_as_memoryview(), deflated=deflated)
        if match := COME_BACK.search(head):
            self.come_back = int(match[1]), int(match[2])
        else:
            self._apply(head)

    def _apply(self, head: Any) -> None:
        sequence, epoch = SEQUENCE.search(head), EPOCH.search(head)
        if not (sequence and epoch):
            return
        before, self.sequence, self.epoch = self.sequence, int(sequence[1]), epoch[1].decode()
        if before is None:
            self.crowd.greet()
        elif self.sequence > before:
            self.crowd.update()
            if self.polling is not None:
                self.polling.cancel()

    # --- When to reconnect --------------------------------------------------------------------

    def _wait_seconds(self) -> float:
        """Return the seconds until the next socket, as `closed` and `comeBack` of live.js do."""
        if self.crowd.policy != "page":
            return RETRY_SECONDS
        come_back, self.come_back = self.come_back, None
        if come_back is not None:
            self.was_open = False
            return random.uniform(*come_back)
        # These pages count as long open, as most are on a night, however short the measurement.
        self.failures = 0 if self.was_open else self.failures + 1
        self.was_open = False
        if self.failures and self.polling is None:
            self.polling = asyncio.create_task(self._poll())
        longest = min(LONGEST_WAIT_SECONDS, 2 * 2 ** min(self.failures, 6))
        return random.uniform(0, FIRST_WAIT_SECONDS if self.failures <= 1 else longest)

    async def _poll(self) -> None:
        """Poll at once, then every ten to twenty seconds, until there is a socket."""
        home = f"/{self.crowd.election}"
        while True:
            with contextlib.suppress(OSError):
                await self._poll_once(home)
            await asyncio.sleep(POLL_SECONDS + random.uniform(0, POLL_SECONDS))

    async def _poll_once(self, home: str) -> None:
        now = json.loads(await self._get(f"{home}/now/"))
        if now["sequence"] > self.sequence:
            span = f"{self.sequence}-{now['sequence']}"
            self._apply((await self._get(f"{home}/updates/{self.epoch}/{span}/"))[:HEAD])

    async def _get(self, path: str) -> bytes:
        """Return the body of a 200 response; raises OSError for anything else."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.crowd.port)
        try:
            request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.crowd.port}\r\n"
            writer.write(f"{request}Connection: close\r\n\r\n".encode())
            head, _, body = (await reader.read()).partition(b"\r\n\r\n")
            if b" 200 " not in head.split(b"\r\n")[0]:
                raise OSError(head[:100])
            return body
        finally:
            writer.close()


def emit(document: dict[str, Any]) -> None:
    print(json.dumps(document), flush=True)


if __name__ == "__main__":
    asyncio.run(Crowd(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4]).run())
