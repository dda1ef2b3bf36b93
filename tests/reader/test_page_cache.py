"""Concurrent requests for the same page render it once."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connections
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from results.live.bytes_cache import BytesCache
from results.reader import page_cache, pages
from tests import nights

CROWD = 8


def at_once(ask: Callable[[], Any]) -> list[Any]:
    """Call `ask` in many threads at once; return all results."""
    answers, together = [], threading.Barrier(CROWD)

    def request_once() -> None:
        together.wait()
        try:
            answers.append(ask())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=request_once) for _reader in range(CROWD)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """A list of the calls that render a page."""
    calls, render = [], pages._render

    def counted(*args: Any) -> Any:
        calls.append(args)
        return render(*args)

    monkeypatch.setattr(pages, "_render", counted)
    return calls


@pytest.mark.django_db(transaction=True)
def test_concurrent_requests_render_a_page_once(calls: list[tuple[Any, ...]]) -> None:
    nights.islington_north(nights.election())
    answers = at_once(lambda: Client().get("/ge/"))
    assert len(calls) == 1
    assert len(answers) == CROWD
    assert {(answer.content, answer.headers["ETag"]) for answer in answers} == {
        (answers[0].content, answers[0].headers["ETag"])
    }


def test_failed_create_is_retried_by_the_next() -> None:
    asked = []

    def fails_once() -> bytes:
        asked.append(1)
        if len(asked) == 1:
            raise OSError("the disk is full")
        return b"made"

    with pytest.raises(OSError, match="disk"):
        page_cache.get_or_create("a-key-of-this-test", fails_once)
    assert page_cache.get_or_create("a-key-of-this-test", fails_once) == b"made"
    assert page_cache.get_or_create("a-key-of-this-test", fails_once) == b"made"
    assert len(asked) == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    "addresses",
    [
        ["feed/?seats=b-vale,a-vale", "feed/?seats=a-vale,b-vale,x", "feed/?seats=,a-vale,b-vale"],
        ["find/?q=vale", "find/?q=%20%20vale%20", "find/?q=vale&page=2"],
        ["feed/", "feed/?before=0", "feed/?before=99", "feed/?before=x", "feed/?only=nothing"],
    ],
)
def test_spellings_of_one_choice_are_rendered_once(
    client: Client, calls: list[tuple[Any, ...]], addresses: list[str]
) -> None:
    night = nights.election()
    for name in ("A Vale", "B Vale"):
        nights.contest(night, name, [("Ann Hall", "con"), ("Bob Rice", "lab")])
    answers = [client.get(f"/ge/{address}") for address in addresses]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert len(calls) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["feed/?seats=vale", "find/?q=x"])
def test_one_persons_choices_do_not_displace_shared_pages(client: Client, address: str) -> None:
    nights.contest(nights.election(), "Vale", [("Ann Hall", "con"), ("Bob Rice", "lab")])
    shared, choices = caches["pages"], caches["choices"]
    assert isinstance(shared, BytesCache)
    assert isinstance(choices, BytesCache)
    before = shared.bytes, choices.bytes
    assert client.get(f"/ge/{address}").status_code == 200
    assert shared.bytes == before[0]
    assert choices.bytes > before[1]


@pytest.mark.django_db
def test_bulletin_is_looked_up_only_when_its_page_is_rendered(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """Asking for it again and again costs as little as for any other page."""
    night = nights.election()
    nights.declare(nights.contest(night, "Vale", [("Ann Hall", "con"), ("Bob Rice", "lab")]), 9, 8)
    first = client.get("/ge/bulletins/1/")
    with django_assert_max_num_queries(4):
        assert client.get("/ge/bulletins/1/").content == first.content
