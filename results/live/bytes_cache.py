"""An in-memory Django cache for bytes, bounded by their size and shared by all threads.

Django's LocMemCache pickles each value, copies it for each reader, and bounds the number of
entries rather than their size.
"""

import threading
from typing import Any

from cachetools import LRUCache
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache


class _Store:
    """The entries of one cache location."""

    def __init__(self, max_bytes: int) -> None:
        self.entries: LRUCache[str, bytes] = LRUCache(max_bytes, getsizeof=len)
        self.lock = threading.Lock()


#: Shared, because Django creates a cache object in each thread.
_stores: dict[str, _Store] = {}


class BytesCache(BaseCache):
    """Bytes by key, at most `OPTIONS["MAX_BYTES"]`; the least recently used entry goes first.

    Nothing expires, because a key names a version of a page.
    """

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        store = _stores.setdefault(location, _Store(params.get("OPTIONS", {})["MAX_BYTES"]))
        self._entries, self._lock = store.entries, store.lock

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        with self._lock:
            return self._entries.get(self._full_key(key, version), default)

    def set(
        self, key: Any, value: bytes, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        if len(value) > self._entries.maxsize:
            return
        with self._lock:
            self._entries[self._full_key(key, version)] = value

    def add(
        self, key: Any, value: bytes, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        with self._lock:
            full_key = self._full_key(key, version)
            if full_key in self._entries or len(value) > self._entries.maxsize:
                return False
            self._entries[full_key] = value
            return True

    def delete(self, key: Any, version: int | None = None) -> bool:
        with self._lock:
            return self._entries.pop(self._full_key(key, version), None) is not None

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()

    @property
    def bytes(self) -> int:
        """The size of everything it holds."""
        return int(self._entries.currsize)

    def _full_key(self, key: Any, version: int | None) -> str:
        return str(self.make_and_validate_key(key, version=version))
