"""Readers' sockets in a process of their own: `python -m tests.whole_night.crowd SPECIFICATION`.

Each does what `static/reader/live.js` does. What all of a kind are sent is decoded and applied once
for all of them, so that the content of every one is compared with a fresh page at the end.

Prints a line of JSON when all are connected, and one when it has read `finish EPOCH SEQUENCE` from
its standard input, and every socket is there or the time is over.
"""

import asyncio
import http.client
import json
import random
import re
import sys
import time
from collections import Counter, OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Origin

from tests.faults.checker import problems_of_frame
from tests.faults.parts import parts_of, with_later
from tests.inflater import WINDOW, Inflater
from tests.tls import Site

#: As in static/reader/live.js.
FIRST_BACKOFF_SECONDS, SILENCE_SECONDS = 10.0, 30.0
#: Sockets that open at the same time.
CONCURRENT = 50
#: Decoded frames and states that are remembered for those who get the same.
REMEMBERED = 2_000
RECOVERY_SECONDS = 120.0
ERRORS = (OSError, EOFError, WebSocketException, http.client.HTTPException, ValueError)


@dataclass(eq=False)
class Frame:
    """A frame as it was sent, and the end of its text, which the next one may refer to."""

    data: dict[str, Any]
    tail: bytes


@dataclass(eq=False)
class State:
    """What pages of one kind show at a position."""

    epoch: str
    sequence: int
    topics: str
    parts: dict[str, str]


class Shared:
    """Frames and states by what they were made of."""

    def __init__(self) -> None:
        self._frames: OrderedDict[tuple[int, str | bytes], tuple[Frame, Any]] = OrderedDict()
        self._states: OrderedDict[tuple[int, int], tuple[State, Any]] = OrderedDict()

    def decode(self, message: str | bytes, last: Frame | None) -> Frame:
        key = (id(last), message)
        if key not in self._frames:
            self._frames[key] = _decoded(message, last), last
            _forget_oldest(self._frames)
        return self._frames[key][0]

    def apply(self, state: State, frame: Frame) -> State:
        key = (id(state), id(frame))
        if key not in self._states:
            data = frame.data
            number = max(state.sequence, data["sequence"])
            parts = with_later(state.parts, data["fragments"])
            self._states[key] = State(state.epoch, number, state.topics, parts), (state, frame)
            _forget_oldest(self._states)
        return self._states[key][0]


def _decoded(message: str | bytes, last: Frame | None) -> Frame:
    tail = last.tail if last else b""
    if isinstance(message, str):
        return Frame(json.loads(message), tail)
    text = Inflater(tail).inflate(message)
    return Frame(json.loads(text), text[-WINDOW:])


def _forget_oldest(kept: "OrderedDict[Any, Any]") -> None:
    while len(kept) > REMEMBERED:
        kept.popitem(last=False)


class Pages:
    """Fresh pages, each loaded once for all who ask within a second."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._loading: dict[str, asyncio.Task[State]] = {}

    async def load(self, path: str) -> State:
        if path not in self._loading:
            self._loading[path] = asyncio.create_task(self._load(path))
        return await asyncio.shield(self._loading[path])

    async def _load(self, path: str) -> State:
        try:
            page = await self._get(path)
            head = dict(re.findall(r'data-(epoch|sequence|topics)="([^"]+)"', page))
            found = State(head["epoch"], int(head["sequence"]), head["topics"], parts_of(page))
            await asyncio.sleep(1)
            return found
        finally:
            self._loading.pop(path, None)

    async def _get(self, path: str) -> str:
        response = await asyncio.to_thread(self.site.get, path, Accept_Encoding="br")
        if response.status != 200:
            raise OSError(f"{path}: status {response.status}")
        return response.text

    async def json(self, path: str) -> Any:
        return json.loads(await self._get(path))


@dataclass(eq=False)
class Reader:
    crowd: "Crowd"
    path: str
    address: str
    state: State | None = None
    connected: bool = False
    problems: list[str] = field(default_factory=list)
    away: tuple[float, float] | None = None

    async def read(self) -> None:
        """Follow the night until cancelled."""
        while True:
            self.away = None
            try:
                if self.state is None:
                    self.state = await self.crowd.pages.load(self.path)
                await self._listen()
            except ERRORS as exc:
                self.crowd.counts[f"errors: {type(exc).__name__}"] += 1
            except Exception as exc:
                # The frame cannot be applied: a page would lack a part that it is to show.
                at = self.state.sequence if self.state else None
                self.problems.append(f"{self.path}: after {at}: {exc!r}")
                self.state = None
            self.connected = False
            await asyncio.sleep(random.uniform(*(self.away or (0, FIRST_BACKOFF_SECONDS))))

    async def _listen(self) -> None:
        state, site = self.state, self.crowd.pages.site
        assert state is not None
        query = f"since={state.sequence}&epoch={state.epoch}&topics={state.topics}"
        query += "&coding=deflate-previous" if self.crowd.deflates else ""
        async with self.crowd.slots:
            socket = await connect(
                f"wss://{site.name}/live/ge/?{query}",
                ssl=site.context,
                host="127.0.0.1",
                port=site.https_port,
                local_addr=(self.address, 0),
                origin=Origin(site.origin),
                compression=None,
                max_size=None,
                proxy=None,
                open_timeout=15,
                close_timeout=1,
                ping_interval=None,
            )
        async with socket:
            await self._follow(socket)

    async def _follow(self, socket: ClientConnection) -> None:
        last: Frame | None = None
        while self.state is not None and self.away is None:
            async with asyncio.timeout(SILENCE_SECONDS):
                last = self.crowd.shared.decode(await socket.recv(), last)
            if not self.connected:
                self.connected = True
                self.crowd.counts["connected"] += 1
                self.crowd.greeted.set()
            await self._receive(last)

    async def _receive(self, frame: Frame) -> None:
        data, state = frame.data, self.state
        assert state is not None
        if "bye" in data or "poll" in data:
            self.away = tuple(data["bye"]["in"] if "bye" in data else data["poll"]["return"])
            self.crowd.counts["told to come back later"] += 1
        elif data.get("resync") or data["epoch"] != state.epoch:
            self.crowd.counts["told to reload"] += 1
            self.state = None
        elif data["since"] > state.sequence:
            self.crowd.counts["gaps"] += 1
            await self._fetch_gap(data["sequence"])
        else:
            found = problems_of_frame(data, state.epoch, state.sequence)
            self.problems.extend(found)
            self.crowd.counts["frames"] += 1
            self.state = self.crowd.shared.apply(state, frame)

    async def _fetch_gap(self, newest: int) -> None:
        state = self.state
        assert state is not None
        path = f"/ge/updates/{state.epoch}/{state.sequence}-{newest}/?topics={state.topics}"
        await self._receive(Frame(await self.crowd.pages.json(path), b""))


class Crowd:
    def __init__(self, specification: dict[str, Any]) -> None:
        site = Site(
            specification["name"],
            Path(specification["certificate"]),
            https_port=specification["port"],
        )
        self.pages, self.shared = Pages(site), Shared()
        self.deflates = specification["deflates"]
        self.slots = asyncio.Semaphore(CONCURRENT)
        self.counts: Counter[str] = Counter()
        self.greeted = asyncio.Event()
        paths, addresses = cycle(specification["paths"]), cycle(specification["addresses"])
        self.readers = [
            Reader(self, next(paths), next(addresses))
            for _reader in range(specification["readers"])
        ]

    async def run(self) -> None:
        tasks = [asyncio.create_task(reader.read()) for reader in self.readers]
        while not all(reader.connected for reader in self.readers):
            self.greeted.clear()
            await self.greeted.wait()
        emit({"connected": len(self.readers)})
        order = await asyncio.to_thread(sys.stdin.readline)
        if order:
            _finish, epoch, sequence = order.split()
            emit(await self._finish(epoch, int(sequence)))
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _finish(self, epoch: str, sequence: int) -> dict[str, Any]:
        deadline = time.monotonic() + RECOVERY_SECONDS
        while self._late(epoch, sequence) and time.monotonic() < deadline:  # noqa: ASYNC110
            await asyncio.sleep(0.5)
        problems = Counter(problem for reader in self.readers for problem in reader.problems)
        late = len(self._late(epoch, sequence))
        if late:
            problems[f"not at bulletin {sequence} after {RECOVERY_SECONDS:.0f} s"] = late
        paths = {reader.path for reader in self.readers}
        fresh = {path: await self._fresh(path, sequence, deadline) for path in paths}
        for (path, state), count in self._states().items():
            for problem in _differences(path, state, fresh[path]):
                problems[problem] += count
        return {"counts": self.counts, "problems": problems}

    async def _fresh(self, path: str, sequence: int, deadline: float) -> State:
        """The page as it is now; nginx may answer once more with the one before."""
        state = await self.pages.load(path)
        while state.sequence < sequence and time.monotonic() < deadline:
            state = await self.pages.load(path)
        return state

    def _late(self, epoch: str, sequence: int) -> list[Reader]:
        there = (epoch, sequence)
        return [
            reader
            for reader in self.readers
            if reader.state is None or (reader.state.epoch, reader.state.sequence) != there
        ]

    def _states(self) -> Counter[tuple[str, State]]:
        """How many readers show each state at the end, by path."""
        return Counter(
            (reader.path, reader.state) for reader in self.readers if reader.state is not None
        )


def _differences(path: str, state: State, fresh: State) -> Iterator[str]:
    names = fresh.parts.keys() | state.parts.keys()
    other = sorted(part for part in names if fresh.parts.get(part) != state.parts.get(part))
    if other:
        shown = ", ".join(other[:5])
        yield f"{path} at {state.sequence} has {len(other)} other parts than fresh: {shown}"


def emit(document: dict[str, Any]) -> None:
    print(json.dumps(document), flush=True)


if __name__ == "__main__":
    asyncio.run(Crowd(json.loads(sys.argv[1])).run())
