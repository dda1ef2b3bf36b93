"""Per-process caches of rendered pages, keyed by content version.

Each has a size of its own in the settings: `PAGES` for pages that many readers ask for, `CHOICES`
for a person's own choice of seats or search, which have too many values to compete with them.
"""

import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.core.cache import caches

PAGES, CHOICES = "pages", "choices"
#: Enough that two different pages seldom share a lock.
_locks = [threading.Lock() for _lock in range(64)]


def make_key(*parts: object) -> str:
    """Return one cache key, a hexadecimal digest, for `parts`."""
    return hashlib.sha256("\n".join(str(part) for part in parts).encode()).hexdigest()


def get(key: str, cache: str = PAGES) -> bytes | None:
    body: bytes | None = caches[cache].get(key)
    return body


def set(key: str, body: bytes, cache: str = PAGES) -> None:  # noqa: A001 - page_cache.set(…)
    caches[cache].set(key, body)


@contextmanager
def lock(name: str) -> Iterator[bool]:
    """Let one thread at a time render the page called `name`; yield whether this one has waited.

    When a bulletin is published many readers ask for the same page at once: one request renders
    it, the others wait and find it in the cache.
    """
    one = _locks[int(make_key(name)[:8], 16) % len(_locks)]
    has_waited = not one.acquire(blocking=False)
    if has_waited:
        one.acquire()
    try:
        yield has_waited
    finally:
        one.release()


def get_or_create(key: str, create: Callable[[], bytes]) -> bytes:
    """Return the body cached under `key`; `create` it once, however many threads ask."""
    body = get(key)
    if body is None:
        with lock(key):
            body = get(key)
            if body is None:
                body = create()
                set(key, body)
    return body
