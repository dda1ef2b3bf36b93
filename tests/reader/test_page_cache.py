"""Concurrent requests for the same page render it once."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections
from django.test import Client

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


@pytest.mark.django_db(transaction=True)
def test_concurrent_requests_render_a_page_once(monkeypatch: pytest.MonkeyPatch) -> None:
    nights.islington_north(nights.election())
    calls, render = [], pages._render

    def counted(*args: Any) -> Any:
        calls.append(args)
        return render(*args)

    monkeypatch.setattr(pages, "_render", counted)
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
