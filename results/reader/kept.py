"""What was made once for many readers, in this process's memory: bytes by what they are made of."""

import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.core.cache import caches

#: Enough that two different pages seldom share a turn.
_turns = [threading.Lock() for _turn in range(64)]


def key_of(*parts: object) -> str:
    return hashlib.sha256("\n".join(str(part) for part in parts).encode()).hexdigest()


def kept(key: str) -> bytes | None:
    body: bytes | None = caches["pages"].get(key)
    return body


def keep(key: str, body: bytes) -> None:
    caches["pages"].set(key, body)


@contextmanager
def turn_for(place: str) -> Iterator[None]:
    """One request makes it while the others that want the same wait, and then find it made.

    When a bulletin goes out a crowd asks for its page in the same moment.
    """
    with _turns[int(key_of(place)[:8], 16) % len(_turns)]:
        yield


def made_once(key: str, make: Callable[[], bytes]) -> bytes:
    """What is kept under ``key``, or what ``make`` makes: once, however many ask."""
    body = kept(key)
    if body is None:
        with turn_for(key):
            body = kept(key)
            if body is None:
                body = make()
                keep(key, body)
    return body
