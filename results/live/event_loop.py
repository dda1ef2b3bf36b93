"""Runs a coroutine on the server's event loop from a worker thread, with a timeout.

asgiref's `async_to_sync` waits without one. A loop that is stopping never answers, and the thread
that waits for it would keep the process from ending.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from asgiref.sync import SyncToAsync, async_to_sync

T = TypeVar("T")


def run_on_event_loop(
    work: Callable[..., Coroutine[Any, Any, T]], *args: object, timeout: float
) -> T:
    """Return the result of `work(*args)`, run on the server's loop or, in a command, on a new one.

    Raises TimeoutError after `timeout` seconds or if the server's loop has ended, and whatever
    `work` raises.
    """
    loop = getattr(SyncToAsync.threadlocal, "main_event_loop", None)
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
