"""Clients of a night under faults: reporters' phones with an outbox, and readers' pages.

Both follow the page's own scripts (`static/reporter/outbox.js`, `static/reader/live.js`) except for
their timeouts, and record every response.
"""

import asyncio
import contextlib
import http.client
import json
import random
import re
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException
from websockets.typing import Origin

from tests.faults.history import History
from tests.faults.parts import parts_of, with_later
from tests.inflater import Inflater
from tests.phone import Addresses, Phone
from tests.seeds.counts import PASSWORD
from tests.servers import Server

#: How long a phone waits for an answer, and before it tries again.
TIMEOUT_SECONDS, RETRY_SECONDS = 3.0, 0.2
#: Silence after which a page considers its socket dead: a heartbeat comes every 20 seconds.
SILENCE_SECONDS = 30.0
#: What a request may end with instead of an answer of the desk's own.
TROUBLES = (OSError, AssertionError, http.client.HTTPException, ValueError)
#: Between two checks of a condition that is awaited.
POLL_SECONDS = 0.05


@dataclass
class Item:
    """An item of a phone's outbox: sent under the same key until it is answered."""

    seat: str
    votes: Sequence[int | None]
    fields: dict[str, str]
    key: str


class Writer(threading.Thread):
    """A reporter who sends `items` one after the other, each until it is answered."""

    def __init__(
        self,
        name: str,
        server: Addresses,
        items: list[Item],
        history: History,
        timeout: float = TIMEOUT_SECONDS,
    ) -> None:
        super().__init__(daemon=True)
        self.who, self.items, self.history = name, items, history
        self.phone = Phone(server)
        self.timeout = timeout
        self.over = threading.Event()

    def run(self) -> None:
        for item in self.items:
            self._send(item)

    def _send(self, item: Item) -> None:
        details = {"key": item.key, "seat": item.seat, "votes": item.votes}
        self.history.record(self.who, "invoke", **details)
        while not self.over.is_set() and not self._settled(item):
            self.over.wait(RETRY_SECONDS)

    def _settled(self, item: Item) -> bool:
        """Send once; return whether the desk has answered: published or refused."""
        try:
            status, answer = self._post(item)
        except (OSError, http.client.HTTPException, ValueError):
            self.history.record(self.who, "unknown", key=item.key)
            return False
        if status == 200 and answer.get("key") == item.key and "sequence" in answer:
            self.history.record(self.who, "ok", key=item.key, sequence=answer["sequence"])
            return True
        if status in (409, 422) and answer.get("key") == item.key:
            self.history.record(self.who, "fail", key=item.key, answer=answer)
            return True
        if status in (401, 403):
            with contextlib.suppress(*TROUBLES):
                self.phone.sign_in(self.who, PASSWORD)
        return False

    def _post(self, item: Item) -> tuple[int, dict[str, Any]]:
        """Post the item. Raises OSError, HTTPException or ValueError without the desk's answer."""
        fields = {"csrfmiddlewaretoken": self.phone.token, **item.fields, "key": item.key}
        request = urllib.request.Request(
            self.phone.server.url(f"/count/ge/{item.seat}/"),
            data=urllib.parse.urlencode(fields).encode(),
            headers={"Accept": "application/json"},
        )
        try:
            response = self.phone.opener.open(request, timeout=self.timeout)
        except urllib.error.HTTPError as refusal:
            response = refusal
        with response:
            text = response.read().decode()
            status: int = response.status
        if status in (401, 403):
            return status, {}
        data = json.loads(text)
        return status, data if isinstance(data, dict) else {}


@dataclass
class Page:
    """What an open page shows: the parts of the page as loaded, and of every frame since."""

    epoch: str = ""
    sequence: int = -1
    topics: str = ""
    parts: dict[str, str] = field(default_factory=dict)


class Reader:
    """One open page. While `asleep` is set it receives nothing, like a locked phone."""

    def __init__(self, name: str, server: Server, path: str, history: History) -> None:
        self.who, self.server, self.path, self.history = name, server, path, history
        self.page = Page()
        self.asleep = asyncio.Event()
        self.awake = asyncio.Event()
        self.awake.set()

    async def read(self) -> None:
        """Follow the night until cancelled; after any error wait, and try again."""
        while True:
            try:
                await self.awake.wait()
                if not self.page.epoch:
                    await self._load()
                await self._listen()
            except (OSError, WebSocketException, http.client.HTTPException, ValueError):
                await self._ask()
            await asyncio.sleep(random.uniform(0, 0.3))

    async def _load(self) -> None:
        text = await asyncio.to_thread(self._get, self.path)
        head = dict(re.findall(r'data-(epoch|sequence|topics)="([^"]+)"', text))
        self.page = Page(head["epoch"], int(head["sequence"]), head["topics"], parts_of(text))
        self.history.record(
            self.who,
            "page",
            path=self.path,
            epoch=self.page.epoch,
            sequence=self.page.sequence,
            parts=dict(self.page.parts),
        )

    def _get(self, path: str) -> str:
        request = urllib.request.Request(self.server.url(path))
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as response:
            text: str = response.read().decode()
        return text

    async def _listen(self) -> None:
        page = self.page
        position = f"since={page.sequence}&epoch={page.epoch}"
        query = f"{position}&topics={page.topics}&coding=deflate-previous"
        inflater = Inflater()
        async with connect(
            self.server.socket_url(f"/live/ge/?{query}"),
            origin=Origin(self.server.origin),
            open_timeout=TIMEOUT_SECONDS,
            close_timeout=1,
        ) as socket:
            last_message_at = time.monotonic()
            while page is self.page and not self.asleep.is_set():
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(1):
                        self._apply(inflater.read(await socket.recv()))
                        last_message_at = time.monotonic()
                if time.monotonic() - last_message_at > SILENCE_SECONDS:
                    raise OSError("nothing heard for too long")

    async def _ask(self) -> None:
        """Poll once, as a page without a socket does; ignore a failure."""
        if not self.page.epoch or self.asleep.is_set():
            return
        page = self.page
        address = f"/ge/updates/{page.sequence}/?epoch={page.epoch}&topics={page.topics}"
        with contextlib.suppress(OSError, ValueError, http.client.HTTPException):
            self._apply(json.loads(await asyncio.to_thread(self._get, address)))

    def _apply(self, frame: dict[str, Any]) -> None:
        if "bye" in frame or "poll" in frame:
            return
        if frame.get("resync") or frame["epoch"] != self.page.epoch:
            self.page = Page()
            return
        self.page.parts = with_later(self.page.parts, frame["fragments"])
        self.page.sequence = max(self.page.sequence, frame["sequence"])
        self.history.record(self.who, "frame", **frame)

    def end(self) -> None:
        self.history.record(
            self.who,
            "end",
            path=self.path,
            epoch=self.page.epoch,
            sequence=self.page.sequence,
            parts=dict(self.page.parts),
        )


class Crowd(threading.Thread):
    """All readers, on an event loop in a thread."""

    def __init__(self, readers: list[Reader]) -> None:
        super().__init__(daemon=True)
        self.readers = readers
        self.loop = asyncio.new_event_loop()

    def run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.tasks = [self.loop.create_task(reader.read()) for reader in self.readers]
        with contextlib.suppress(asyncio.CancelledError):
            self.loop.run_until_complete(asyncio.gather(*self.tasks, return_exceptions=True))
        # Each socket has a task of its own that pings.
        left = asyncio.all_tasks(self.loop)
        for task in left:
            task.cancel()
        self.loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        self.loop.close()

    def sleep(self, reader: Reader) -> None:
        self.loop.call_soon_threadsafe(reader.awake.clear)
        self.loop.call_soon_threadsafe(reader.asleep.set)

    def wake(self, reader: Reader) -> None:
        self.loop.call_soon_threadsafe(reader.asleep.clear)
        self.loop.call_soon_threadsafe(reader.awake.set)

    def all_at(self, epoch: str, sequence: int, seconds: float) -> bool:
        """Return whether every page reaches this position in time."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if all(
                (reader.page.epoch, reader.page.sequence) == (epoch, sequence)
                for reader in self.readers
            ):
                return True
            time.sleep(POLL_SECONDS)
        return False

    def end(self) -> None:
        for task in self.tasks:
            self.loop.call_soon_threadsafe(task.cancel)
        self.join(timeout=60)
        for reader in self.readers:
            reader.end()
