"""Limit, notify, check and count the sockets of signed-in users in one process.

A change comes from this process, or from another over the channel layer. If neither sends it (no
channel layer between processes, or one that is down), it is found in the audit trail, which has an
entry for each action, and is read every other second while sockets are open.
"""

import asyncio
import contextlib
import logging
import random
import time
import uuid
from collections import Counter, deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import connections

from results.desk.audit_tail import AuditTail
from results.desk.change_layer import receive_changes, send_changes
from results.desk.changes import Change, ChangeKind

T = TypeVar("T")

logger = logging.getLogger(__name__)

#: Close codes, like those of readers' sockets (`results/live/socket.py`).
SIGNED_OUT, AWAY, FULL = 4401, 4012, 4013
#: Interval of readings of the audit trail: about half of the delay by a lost notification.
POLL_SECONDS = 2.0
#: Interval of checks of a socket's session, besides those after a change of access.
CHECK_SECONDS = 30.0
#: Delay before subscribing again to a channel layer that failed.
LAYER_RETRY_SECONDS = 1.0
#: Least time between two warnings of the channel layer.
WARN_SECONDS = 10.0
#: Most sockets of one user: tabs, and connections that a phone has lost. The oldest is closed.
MOST_PER_USER = 10
#: Sockets that are notified per second of a change that concerns more of them …
WOKEN_PER_SECOND = 100
#: … and the longest that this may delay one.
LONGEST_SPREAD_SECONDS = 5.0
#: Most changes waiting for the channel layer; older ones are left to the audit trail.
MOST_UNSENT = 1000


class Listener(Protocol):
    """The interface of a socket that this module needs."""

    page: str
    user: int

    def concerns(self, change: Change) -> bool:
        """Whether the socket's page has to be notified of a change."""

    def wake(self, kind: ChangeKind) -> None:
        """Notify the socket's page of a change of this kind."""

    async def check(self) -> None:
        """Close the socket if it may not be open any more."""

    def end(self, code: int) -> None:
        """Close the socket with this code."""


class SignedInSockets:
    """The sockets of one process, and the tasks that wake them."""

    def __init__(self) -> None:
        self.name = uuid.uuid4().hex
        #: Open sockets, the oldest first.
        self.open: dict[Listener, None] = {}
        #: Number of sockets that are being opened.
        self.opening = 0
        self.turned_away = 0
        self.closed = Counter[str]()
        #: Number of changes after which the sockets that they concern are checked.
        self.access_changes = 0
        self.draining = False
        # An own thread, so that hundreds that reconnect at once only wait for each other.
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="signed-in")
        self._tail = AuditTail()
        self._unsent: deque[Change] = deque(maxlen=MOST_UNSENT)
        self._has_unsent = asyncio.Event()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._checks: set[asyncio.Task[None]] = set()
        self._warned_at = float("-inf")

    @property
    def is_full(self) -> bool:
        most: int = settings.SIGNED_IN_SOCKETS_PER_PROCESS
        return len(self.open) + self.opening >= most

    def add(self, listener: Listener, access_changes: int) -> None:
        """Add an open socket, and close its user's oldest beyond `MOST_PER_USER`.

        It was checked after `access_changes`, and is checked again where there were more since.
        It is woken for changes from before as soon as later ones are sure to be found: a page that
        asked sooner would miss those between its question and the first reading of the trail.
        """
        own = [other for other in self.open if other.user == listener.user]
        for oldest in own[: max(0, len(own) - MOST_PER_USER + 1)]:
            oldest.end(FULL)
        self.open[listener] = None
        if self.draining:
            listener.end(AWAY)
            return
        if access_changes != self.access_changes:
            self._start(listener.check())
        if self._tail.has_started:
            listener.wake(ChangeKind.ANY)
        self._keep_running("poll", self._poll_forever)
        self._keep_running("layer", self._receive_forever)

    def remove(self, listener: Listener) -> None:
        self.open.pop(listener, None)

    async def in_thread(self, job: Callable[..., T], *args: object) -> T:
        """Run a job with the database in this object's own thread."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._executor, _with_connection, job, *args)

    # --- Changes --------------------------------------------------------------------------------

    def publish(self, change: Change) -> None:
        """Notify this process's sockets, and the other processes."""
        self.receive(change)
        self._unsent.append(change)
        self._has_unsent.set()
        self._keep_running("send", self._send_forever)

    def receive(self, change: Change) -> None:
        """Wake the sockets that a change concerns, spread over a few seconds if they are many."""
        self._tail.mark_notified(change.entries)
        if change.kind in (ChangeKind.ACCESS, ChangeKind.COUNT):
            self.access_changes += 1
            concerned = [each for each in self.open if _may_end(each, change)]
            self._start(self._check(concerned))
        woken = [listener for listener in self.open if listener.concerns(change)]
        spread = min(len(woken) / WOKEN_PER_SECOND, LONGEST_SPREAD_SECONDS)
        loop = asyncio.get_running_loop()
        for listener in woken:
            delay = random.uniform(0, spread) if spread > 1 else 0  # noqa: S311 - no secret
            loop.call_later(delay, listener.wake, change.kind)

    async def _check(self, listeners: Iterable[Listener]) -> None:
        for listener in listeners:
            await listener.check()

    async def drain(self) -> None:
        """Close every socket, because the process is about to stop."""
        self.draining = True
        for listener in list(self.open):
            listener.end(AWAY)

    async def close(self) -> None:
        """End the tasks and the thread."""
        tasks = [*self._tasks.values(), *self._checks]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._executor.shutdown(wait=False)

    # --- Tasks ----------------------------------------------------------------------------------

    def _keep_running(self, name: str, work: Callable[[], "asyncio._CoroutineLike[None]"]) -> None:
        task = self._tasks.get(name)
        if task is None or task.done():
            self._tasks[name] = asyncio.create_task(work())

    def _start(self, work: "asyncio._CoroutineLike[None]") -> None:
        task = asyncio.create_task(work)
        # Referenced, since the garbage collector may destroy a task without references.
        self._checks.add(task)
        task.add_done_callback(self._checks.discard)

    async def _send_forever(self) -> None:
        while True:
            await self._has_unsent.wait()
            self._has_unsent.clear()
            changes = [self._unsent.popleft() for _each in range(len(self._unsent))]
            try:
                await send_changes(changes, self.name)
            except Exception as exc:
                self._warn(exc)

    async def _receive_forever(self) -> None:
        while self.open:
            try:
                async with contextlib.aclosing(receive_changes(self.name)) as changes:
                    async for change in changes:
                        self.receive(change)
                return  # there is no channel layer
            except Exception as exc:
                self._warn(exc)
                await asyncio.sleep(LAYER_RETRY_SECONDS)

    async def _poll_forever(self) -> None:
        """Read the audit trail, and check sessions in turn, while sockets are open."""
        checked_at: dict[Listener, float] = {}
        while self.open:
            starts = not self._tail.has_started
            try:
                missed = await self.in_thread(self._tail.read)
            except Exception as exc:
                logger.warning("could not read the audit trail for open pages: %r", exc)
            else:
                if missed:
                    logger.info("notified open pages of %s actions without a notification", missed)
                if missed or starts:
                    self.receive(Change(ChangeKind.ANY))
            now = time.monotonic()
            checked_at = {each: checked_at.get(each, now) for each in self.open}
            for listener in [each for each, at in checked_at.items() if now - at > CHECK_SECONDS]:
                checked_at[listener] = now
                await listener.check()
            await asyncio.sleep(POLL_SECONDS)
        self._tail.start_again()

    def _warn(self, error: BaseException) -> None:
        if time.monotonic() - self._warned_at >= WARN_SECONDS:
            self._warned_at = time.monotonic()
            logger.warning(
                "channel layer away (%r): pages are notified of other processes' actions from the"
                " audit trail, up to %s s later",
                error,
                2 * POLL_SECONDS,
            )


def _may_end(listener: Listener, change: Change) -> bool:
    """Whether a change of access may concern a socket's user."""
    return not change.users or listener.user in change.users or listener.concerns(change)


def _with_connection(job: Callable[..., T], *args: object) -> T:
    try:
        return job(*args)
    finally:
        connections.close_all()


_by_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, SignedInSockets] = WeakKeyDictionary()


def get_signed_in_sockets() -> SignedInSockets:
    """The sockets of the running event loop: one object for each process."""
    loop = asyncio.get_running_loop()
    if loop not in _by_loop:
        _by_loop[loop] = SignedInSockets()
    return _by_loop[loop]


def publish_here(change: Change) -> None:
    """Publish a change from the process that made it, on its event loop."""
    get_signed_in_sockets().publish(change)
