"""Graceful shutdown: on SIGTERM, finish requests in progress and tell readers to reconnect.

Daphne and Uvicorn end at once: a declaration in progress would be cut off, and every reader would
be back within a second. The middleware catches the signal first and passes it to the server when
all is done.
"""

import asyncio
import contextlib
import logging
import signal
import threading
from collections import Counter
from collections.abc import Callable
from types import FrameType
from typing import Any, ClassVar

from electiondesk.lifecycle.timeouts import DRAIN_POLL_SECONDS, DRAIN_SECONDS, QUIET_SECONDS
from electiondesk.proxies import Application, Message, Receive, Scope, Send
from results.desk.signed_in_sockets import get_signed_in_sockets
from results.live.hub import get_hub

logger = logging.getLogger(__name__)


class DrainingMiddleware:
    """ASGI middleware that counts requests and drains the process on SIGTERM; one to a process."""

    #: SIGTERM has been received by this process.
    is_draining: ClassVar[bool] = False

    def __init__(self, application: Application) -> None:
        self._application = application
        self._handles_sigterm = False
        #: Requests in progress, by whether they arrived after SIGTERM.
        self._in_progress = Counter[bool]()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self._handles_sigterm:
            self._handle_sigterm()
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        is_late = self.is_draining
        self._in_progress[is_late] += 1
        try:
            await self._application(scope, receive, self._closing(send))
        finally:
            self._in_progress[is_late] -= 1

    def _closing(self, send: Send) -> Send:
        """Send `Connection: close` while draining, so that the next request goes elsewhere."""

        async def send_closing(message: Message) -> None:
            if self.is_draining and message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), (b"connection", b"close")]
            await send(message)

        return send_closing

    def _handle_sigterm(self) -> None:
        """Put a handler before the server's own, where there is one: a command has none."""
        self._handles_sigterm = True
        if threading.current_thread() is not threading.main_thread():
            return
        server_handler = signal.getsignal(signal.SIGTERM)
        if not callable(server_handler):
            return
        loop = asyncio.get_running_loop()

        def handler(number: int, frame: FrameType | None) -> None:
            if self.is_draining:  # a second SIGTERM: end at once
                server_handler(number, frame)
                return
            DrainingMiddleware.is_draining = True
            loop.call_soon_threadsafe(self._start_draining, lambda: server_handler(number, frame))

        signal.signal(signal.SIGTERM, handler)

    def _start_draining(self, end: Callable[[], Any]) -> None:
        # Referenced, since the garbage collector may take a task that nothing refers to.
        self._task = asyncio.create_task(self._drain(end))

    async def _drain(self, end: Callable[[], Any]) -> None:
        hub, requests = get_hub(), self._in_progress
        logger.info("draining: %s requests, %s readers", requests[False], hub.readers)
        try:
            async with asyncio.timeout(DRAIN_SECONDS):
                await hub.drain()
                await get_signed_in_sockets().drain()
                await _until(lambda: not requests[False] and not hub.readers)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(QUIET_SECONDS):
                        await _until(lambda: not requests[True])
        except TimeoutError:
            logger.warning("not drained: %s requests, %s readers", requests[False], hub.readers)
        finally:
            end()


async def _until(condition: Callable[[], bool]) -> None:
    while not condition():  # noqa: ASYNC110 - counts that several owners change
        await asyncio.sleep(DRAIN_POLL_SECONDS)
