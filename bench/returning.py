"""Open pages that lose their server: `python -m bench.returning PORT ELECTION PAGES POLICY`.

With the policy "page" they come back as static/reader/live.js does: when the desk has said so, else
within ten seconds, later within a growing time, and they ask over HTTP as well from the first
failure to open a socket on. With "at once" they try each second, as a page without such a policy
does.

Prints a line of JSON when all are here, and one when all have what was published while the server
was away: the moments (the machine's monotonic clock), how many sockets were tried, and how many
had nothing when there was no more waiting.
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

ABREAST = 50
#: Seconds, as in static/reader/live.js.
FIRST_WAIT, LONGEST_WAIT, POLL = 10, 60, 10
AGAIN = 1.0
#: Seconds after which whoever has heard nothing is given up.
PATIENCE = 120
#: A browser waits for a handshake far longer than the library does.
HANDSHAKE = 60
SEQUENCE = re.compile(rb'"sequence":(\d+)')
EPOCH = re.compile(rb'"epoch":"([^"]+)"')
BYE = re.compile(rb'"(?:bye":\{"in"|poll":\{"return"):\[(\d+),(\d+)\]')


class Crowd:
    def __init__(self, port: int, election: str, pages: int, policy: str) -> None:
        self.port, self.election, self.policy = port, election, policy
        self.origin = f"http://127.0.0.1:{port}"
        self.pages = [Page(self) for _ in range(pages)]
        self.times: list[float] = []
        self.tried = 0
        self.here = 0
        self.all_here, self.all_heard = asyncio.Event(), asyncio.Event()

    async def run(self) -> None:
        gate = asyncio.Semaphore(ABREAST)
        live = [asyncio.create_task(page.live(gate)) for page in self.pages]
        await self.all_here.wait()
        self.tried = 0
        say({"here": self.here})
        try:
            async with asyncio.timeout(PATIENCE):
                await self.all_heard.wait()
        except TimeoutError:
            pass
        say({"times": self.times, "tried": self.tried, "without": self.here - len(self.times)})
        await asyncio.gather(*live, return_exceptions=True)

    def greet(self) -> None:
        self.here += 1
        if self.here == len(self.pages):
            self.all_here.set()

    def hear(self) -> None:
        self.times.append(time.monotonic())
        if len(self.times) == len(self.pages):
            self.all_heard.set()


class Page(WSListener):  # type: ignore[misc]  # its base has no types
    def __init__(self, crowd: Crowd) -> None:
        super().__init__()
        self.crowd = crowd
        self.sequence: int | None = None
        self.epoch = ""
        self.was_open = False
        self.failures = 0
        self.told: tuple[int, int] | None = None
        self.asking: asyncio.Task[None] | None = None

    # --- The socket ---------------------------------------------------------------------------

    async def live(self, gate: asyncio.Semaphore) -> None:
        async with gate:
            transport = await self._connect()
        while True:
            if transport is not None:
                await transport.wait_disconnected()
            await asyncio.sleep(self._wait())
            transport = await self._connect()

    async def _connect(self) -> WSTransport | None:
        crowd = self.crowd
        crowd.tried += 1
        where = f"since={self.sequence}&epoch={self.epoch}" if self.epoch else ""
        try:
            transport, _ = await ws_connect(
                lambda: self,
                f"ws://127.0.0.1:{crowd.port}/live/{crowd.election}/?{where}",
                extra_headers={"Origin": crowd.origin},
                proxy=None,
                websocket_handshake_timeout=HANDSHAKE,
            )
        except (OSError, TimeoutError, WSError):
            return None
        self.was_open = True
        return transport

    def on_ws_frame(self, transport: Any, frame: Any) -> None:
        if frame.msg_type is not WSMsgType.TEXT:
            return
        head = frame.get_payload_as_memoryview()[:200]
        if told := BYE.search(head):
            self.told = int(told[1]), int(told[2])
        else:
            self._take(head)

    def _take(self, head: Any) -> None:
        found, epoch = SEQUENCE.search(head), EPOCH.search(head)
        if not (found and epoch):
            return
        before, self.sequence, self.epoch = self.sequence, int(found[1]), epoch[1].decode()
        if before is None:
            self.crowd.greet()
        elif self.sequence > before:
            self.crowd.hear()
            if self.asking is not None:
                self.asking.cancel()

    # --- When to come back --------------------------------------------------------------------

    def _wait(self) -> float:
        """Seconds until the next socket: `closed` and `comeBack` of live.js."""
        if self.crowd.policy != "page":
            return AGAIN
        told, self.told = self.told, None
        if told is not None:
            self.was_open = False
            return random.uniform(*told)
        # These pages count as long open, as most are on a night, however short the trial.
        self.failures = 0 if self.was_open else self.failures + 1
        self.was_open = False
        if self.failures and self.asking is None:
            self.asking = asyncio.create_task(self._ask())
        longest = min(LONGEST_WAIT, 2 * 2 ** min(self.failures, 6))
        return random.uniform(0, FIRST_WAIT if self.failures <= 1 else longest)

    async def _ask(self) -> None:
        """`ask` at once, then every ten to twenty seconds, until there is a socket."""
        home = f"/{self.crowd.election}"
        while True:
            with contextlib.suppress(OSError):
                await self._ask_once(home)
            await asyncio.sleep(POLL + random.uniform(0, POLL))

    async def _ask_once(self, home: str) -> None:
        now = json.loads(await self._get(f"{home}/now/"))
        if now["sequence"] > self.sequence:
            span = f"{self.sequence}-{now['sequence']}"
            self._take((await self._get(f"{home}/updates/{self.epoch}/{span}/"))[:200])

    async def _get(self, path: str) -> bytes:
        """An answer's body; raises OSError where there is none."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.crowd.port)
        try:
            asked = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.crowd.port}\r\n"
            writer.write(f"{asked}Connection: close\r\n\r\n".encode())
            head, _, body = (await reader.read()).partition(b"\r\n\r\n")
            if b" 200 " not in head.split(b"\r\n")[0]:
                raise OSError(head[:100])
            return body
        finally:
            writer.close()


def say(what: dict[str, Any]) -> None:
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    asyncio.run(Crowd(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4]).run())
