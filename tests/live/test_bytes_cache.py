"""The cache of drawn pages: bounded by bytes, shared by threads, without copies."""

import threading

import pytest
from django.core.cache import caches

from results.live.bytes_cache import BytesCache


@pytest.fixture
def cache(request):
    return BytesCache(request.node.name, {"OPTIONS": {"MAX_BYTES": 100}})


def test_hands_out_the_very_object(cache):
    body = bytes(range(50))
    cache.set("a", body)
    assert cache.get("a") is body
    assert cache.get("b") is None
    assert cache.get("b", b"else") == b"else"


def test_holds_no_more_bytes_than_it_may(cache):
    for number in range(50):
        cache.set(str(number), bytes(30))
        assert cache.bytes <= 100
    assert cache.get("49") is not None
    assert cache.get("0") is None


def test_what_is_asked_for_stays(cache):
    cache.set("hot", bytes(30))
    for number in range(50):
        cache.set(str(number), bytes(30))
        assert cache.get("hot") is not None


def test_what_is_larger_than_all_of_it_drives_nothing_out(cache):
    cache.set("small", b"x")
    cache.set("large", bytes(101))
    assert not cache.add("larger", bytes(102))
    assert (cache.get("small"), cache.get("large")) == (b"x", None)


def test_what_is_there_is_not_added_again(cache):
    assert cache.add("a", b"first")
    assert not cache.add("a", b"second")
    assert cache.get("a") == b"first"
    assert cache.delete("a")
    assert not cache.delete("a")
    cache.set("a", b"third")
    cache.clear()
    assert cache.get("a") is None


def test_every_thread_sees_the_same():
    """Django gives each thread a cache object of its own, and each request here has a thread."""
    caches["pages"].set("of-this-test", b"drawn")
    seen = []
    other = threading.Thread(target=lambda: seen.append(caches["pages"].get("of-this-test")))
    other.start()
    other.join()
    assert seen == [b"drawn"]
