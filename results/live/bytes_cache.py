"""A Django cache in this process's memory that hands out the objects it was given.

Django's own keeps a pickled copy and makes another for each reader, and counts entries where what
fills the memory is their size.
"""

import threading
from typing import Any

from cachetools import LRUCache
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache


class _Store:
    """What is kept under one location, for every thread."""

    def __init__(self, most: int) -> None:
        self.kept: LRUCache[str, bytes] = LRUCache(most, getsizeof=len)
        self.lock = threading.Lock()


#: Django makes a cache object for each thread.
_stores: dict[str, _Store] = {}


class BytesCache(BaseCache):
    """Bytes by key, at most OPTIONS["MAX_BYTES"]; who was asked for least lately goes first.

    Nothing expires: a key names a version of a page.
    """

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        store = _stores.setdefault(location, _Store(params.get("OPTIONS", {})["MAX_BYTES"]))
        self._kept, self._lock = store.kept, store.lock

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        with self._lock:
            return self._kept.get(self._made(key, version), default)

    def set(
        self, key: Any, value: bytes, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        if len(value) > self._kept.maxsize:
            return
        with self._lock:
            self._kept[self._made(key, version)] = value

    def add(
        self, key: Any, value: bytes, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        with self._lock:
            made = self._made(key, version)
            if made in self._kept or len(value) > self._kept.maxsize:
                return False
            self._kept[made] = value
            return True

    def delete(self, key: Any, version: int | None = None) -> bool:
        with self._lock:
            return self._kept.pop(self._made(key, version), None) is not None

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()

    @property
    def bytes(self) -> int:
        """What it holds now."""
        return int(self._kept.currsize)

    def _made(self, key: Any, version: int | None) -> str:
        return str(self.make_and_validate_key(key, version=version))
