"""Processes for readers as deploy/ starts them: uvicorn, chosen by the role."""

import signal
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

from tests.acceptance.epochs import EpochNight, frame, news
from tests.processes import START_SECONDS


@pytest.fixture
def night(make_night: Callable[..., EpochNight]) -> Iterator[EpochNight]:
    night = make_night(program="auto", environment={"ROLE": "readers"})
    with night.desk:
        yield night


def last_message(reader: ClientConnection) -> dict[str, Any]:
    """Return the last message before the server closes the socket."""
    message: dict[str, Any] = {}
    try:
        while True:
            message = frame(reader)
    except ConnectionClosed:
        return message


def test_outside_socket_gets_the_next_bulletin(night: EpochNight) -> None:
    position = night.position()
    with night.socket(position) as reader:
        assert frame(reader)["fragments"] == {}
        night.declare_the_next()
        document = news(reader, position)
    sequences = document["since"], document["sequence"]
    assert sequences == (position.sequence, night.position().sequence)
    assert document["fragments"]
    assert night.updates(position)["sequence"] == document["sequence"]


def test_answer_about_the_newest_bulletin_has_one_date(night: EpochNight) -> None:
    """Of two, a script reads neither (static/reader/clock.js)."""
    with urllib.request.urlopen(night.desk.url("/ge/now/"), timeout=START_SECONDS) as answer:
        assert len(answer.headers.get_all("Date")) == 1


def test_process_that_stops_tells_readers_to_reconnect(night: EpochNight) -> None:
    desk = night.desk
    with night.socket(night.position()) as reader:
        assert frame(reader)["fragments"] == {}
        assert desk.process is not None
        desk.process.send_signal(signal.SIGTERM)
        assert last_message(reader) == {"bye": {"in": [0, 20]}}
    assert reader.close_code == 4012
    assert desk.process.wait(timeout=START_SECONDS) in (0, -signal.SIGTERM)
    assert "Traceback" not in desk.output()
