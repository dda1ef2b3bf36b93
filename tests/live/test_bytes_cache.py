"""The cache of rendered pages: bounded by bytes, shared by threads, without copies."""

import threading

import pytest
from django.core.cache import caches

from results.live.bytes_cache import BytesCache


@pytest.fixture
def cache(request: pytest.FixtureRequest) -> BytesCache:
    return BytesCache(request.node.name, {"OPTIONS": {"MAX_BYTES": 100}})


def test_returns_the_same_object(cache: BytesCache) -> None:
    body = bytes(range(50))
    cache.set("a", body)
    assert cache.get("a") is body
    assert cache.get("b") is None
    assert cache.get("b", b"else") == b"else"


def test_is_bounded_by_bytes(cache: BytesCache) -> None:
    for number in range(50):
        cache.set(str(number), bytes(30))
        assert cache.bytes <= 100
    assert cache.get("49") is not None
    assert cache.get("0") is None


def test_evicts_the_least_recently_used(cache: BytesCache) -> None:
    cache.set("hot", bytes(30))
    for number in range(50):
        cache.set(str(number), bytes(30))
        assert cache.get("hot") is not None


def test_value_larger_than_the_cache_evicts_nothing(cache: BytesCache) -> None:
    cache.set("small", b"x")
    cache.set("large", bytes(101))
    assert not cache.add("larger", bytes(102))
    assert (cache.get("small"), cache.get("large")) == (b"x", None)


def test_add_does_not_replace(cache: BytesCache) -> None:
    assert cache.add("a", b"first")
    assert not cache.add("a", b"second")
    assert cache.get("a") == b"first"
    assert cache.delete("a")
    assert not cache.delete("a")
    cache.set("a", b"third")
    cache.clear()
    assert cache.get("a") is None


def test_is_shared_by_threads() -> None:
    """Django gives each thread a cache object of its own, and each request here has a thread."""
    caches["pages"].set("of-this-test", b"rendered")
    seen: list[bytes] = []
    other = threading.Thread(target=lambda: seen.append(caches["pages"].get("of-this-test")))
    other.start()
    other.join()
    assert seen == [b"rendered"]
