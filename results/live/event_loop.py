"""Run a coroutine from a worker thread, or without a task until it first waits."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Generator
from typing import Any, TypeVar

from asgiref.sync import SyncToAsync, async_to_sync

T = TypeVar("T")


def server_loop() -> asyncio.AbstractEventLoop | None:
    """The event loop of the server whose worker thread this is; None in a command."""
    loop: asyncio.AbstractEventLoop | None = getattr(
        SyncToAsync.threadlocal, "main_event_loop", None
    )
    return loop


def run_on_event_loop(
    work: Callable[..., Coroutine[Any, Any, T]], *args: object, timeout: float
) -> T:
    """Run `work(*args)` on the server's loop or, in a command, a new one; return its result.

    It is for worker threads. asgiref's `async_to_sync` waits without a timeout: a loop that is
    stopping never answers, and the thread that waits for it would keep the process from ending.

    Raises TimeoutError after `timeout` seconds or if the server's loop has ended, and whatever
    `work` raises.
    """
    loop = server_loop()
    if loop is None:
        return async_to_sync(work)(*args)
    if not loop.is_running():
        raise TimeoutError("the server's event loop has ended")
    future = asyncio.run_coroutine_threadsafe(work(*args), loop)
    try:
        return future.result(timeout=timeout)
    except TimeoutError:
        future.cancel()
        raise


class Started:
    """A coroutine that has run until it first waited; awaiting this runs the rest in a task.

    Raises what the coroutine raises. Code that runs before the first wait must not use the current
    task.
    """

    __slots__ = ("_steps", "_waits_for", "done")

    def __init__(self, work: Awaitable[None]) -> None:
        self._steps = work.__await__()
        self._waits_for: Any = None
        #: Whether it has finished without waiting.
        self.done = False
        try:
            self._waits_for = next(self._steps)
        except StopIteration:
            self.done = True

    def __await__(self) -> Generator[Any, Any, None]:
        if not self.done:
            yield self._waits_for
            yield from self._steps
            self.done = True
