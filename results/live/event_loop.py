"""Asking the event loop from a request's thread, without waiting for it for ever.

asgiref's own way waits until the loop answers; a loop that has been told to stop never does, and
the thread then keeps the whole process from ending.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from asgiref.sync import SyncToAsync, async_to_sync

T = TypeVar("T")


def run_on_event_loop(
    work: Callable[..., Coroutine[Any, Any, T]], *args: object, timeout: float
) -> T:
    """What ``work`` answers, on the loop of the server or, in a command, on one of its own.

    Raises TimeoutError after ``patience`` seconds or where the loop has ended already, and
    whatever ``work`` raises.
    """
    loop = getattr(SyncToAsync.threadlocal, "main_event_loop", None)
    if loop is None:
        return async_to_sync(work)(*args)
    if not loop.is_running():
        raise TimeoutError("the server's loop has ended")
    asked = asyncio.run_coroutine_threadsafe(work(*args), loop)
    try:
        return asked.result(timeout=timeout)
    except TimeoutError:
        asked.cancel()
        raise
