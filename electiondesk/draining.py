"""A process that is told to stop finishes what it has begun and tells its readers to come back.

Servers of ASGI applications end at once: a declaration on its way is cut off, and every reader
is back within a second. This stands in front of the application and of the server's own handling
of the signal, which has its turn when all is done.
"""

import asyncio
import contextlib
import logging
import signal
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from types import FrameType
from typing import Any, ClassVar

from results.live.hub import get_hub

logger = logging.getLogger(__name__)

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[..., Awaitable[Any]]

#: Seconds that requests and readers are waited for. A service manager must wait longer.
GRACE = 20.0
#: Seconds of these for a moment without any request, once all that had begun before are done:
#: on a busy desk there may be none. What is then cut off a proxy or a phone asks again.
QUIET = 2.0
#: Seconds between two looks at whether all are gone.
LOOK = 0.05


class Draining:
    """An ASGI application in front of another; one to a process."""

    #: Of the process: it has been told to stop.
    leaving: ClassVar[bool] = False

    def __init__(self, application: Application) -> None:
        self._application = application
        self._armed = False
        #: Being answered, by whether they came before the process was told to stop or after.
        self._before = self._after = 0

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        if not self._armed:
            self._arm()
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        late = Draining.leaving
        self._count(late, 1)
        try:
            await self._application(scope, receive, self._parting(send))
        finally:
            self._count(late, -1)

    def _count(self, late: bool, change: int) -> None:
        if late:
            self._after += change
        else:
            self._before += change

    def _parting(self, send: Send) -> Send:
        """While leaving, a line is not kept open: what is asked next belongs elsewhere."""

        async def told(message: Message) -> None:
            if self.leaving and message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), (b"connection", b"close")]
            await send(message)

        return told

    def _arm(self) -> None:
        """Put ourselves before the server's handler, where there is one: a command has none."""
        self._armed = True
        if threading.current_thread() is not threading.main_thread():
            return
        theirs = signal.getsignal(signal.SIGTERM)
        if not callable(theirs):
            return
        loop = asyncio.get_running_loop()

        def ours(number: int, frame: FrameType | None) -> None:
            if self.leaving:  # told twice: at once, then
                theirs(number, frame)
                return
            Draining.leaving = True
            loop.call_soon_threadsafe(self._begin, lambda: theirs(number, frame))

        signal.signal(signal.SIGTERM, ours)

    def _begin(self, then: Callable[[], Any]) -> None:
        # Kept, since a task that nobody holds may be collected in the middle.
        self._task = asyncio.create_task(self._leave(then))

    async def _leave(self, then: Callable[[], Any]) -> None:
        hub = get_hub()
        logger.info("leaving: %s requests, %s readers", self._before, hub.readers)
        try:
            async with asyncio.timeout(GRACE):
                await hub.drain()
                await _until(lambda: not self._before and not hub.readers)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(QUIET):
                        await _until(lambda: not self._after)
        except TimeoutError:
            logger.warning("left: %s requests, %s readers", self._before, hub.readers)
        finally:
            then()


async def _until(is_so: Callable[[], bool]) -> None:
    while not is_so():  # noqa: ASYNC110 - counts of several owners
        await asyncio.sleep(LOOK)


def is_leaving() -> bool:
    """Whether this process has been told to stop."""
    return Draining.leaving
