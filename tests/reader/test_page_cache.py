"""In the moment of a bulletin a crowd asks for the same page: it is drawn once."""

import threading

import pytest
from django.db import connections
from django.test import Client

from results.reader import page_cache, pages
from tests import nights

CROWD = 8


def at_once(ask):
    """What `ask` answered to a crowd that asked in one moment."""
    answers, together = [], threading.Barrier(CROWD)

    def one():
        together.wait()
        try:
            answers.append(ask())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for _reader in range(CROWD)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.django_db(transaction=True)
def test_a_page_is_drawn_once_however_many_ask(monkeypatch):
    nights.islington_north(nights.election())
    drawn, really = [], pages._draw
    monkeypatch.setattr(pages, "_draw", lambda *args: drawn.append(args) or really(*args))
    answers = at_once(lambda: Client().get("/ge/"))
    assert len(drawn) == 1
    assert len(answers) == CROWD
    assert {(answer.content, answer.headers["ETag"]) for answer in answers} == {
        (answers[0].content, answers[0].headers["ETag"])
    }


def test_what_could_not_be_made_is_tried_by_the_next():
    asked = []

    def fails_once():
        asked.append(1)
        if len(asked) == 1:
            raise OSError("the disk is full")
        return b"made"

    with pytest.raises(OSError, match="disk"):
        page_cache.get_or_create("a-key-of-this-test", fails_once)
    assert page_cache.get_or_create("a-key-of-this-test", fails_once) == b"made"
    assert page_cache.get_or_create("a-key-of-this-test", fails_once) == b"made"
    assert len(asked) == 2
