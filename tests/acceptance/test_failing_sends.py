"""A frame that cannot be sent closes its socket and is reported to operators.

A client that merely goes away is no failure.
"""

import socket as sockets
import struct
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from websockets.exceptions import ConnectionClosed

from tests.acceptance.epochs import EpochNight, frame, news
from tests.servers import Server

SMALL, FAILING = "tests.acceptance.small_messages", "tests.acceptance.failing_sends"


@pytest.fixture(params=[("daphne", SMALL), ("daphne", FAILING), ("uvicorn", FAILING)])
def failing_night(
    request: pytest.FixtureRequest, make_night: Callable[..., EpochNight]
) -> Iterator[EpochNight]:
    """A night on a server that cannot send a frame of the size that a bulletin has."""
    program, module = request.param
    night = make_night(program=program)
    night.desk.application = f"{module}:application"
    with night.desk:
        yield night


@pytest.fixture(params=["daphne", "uvicorn"])
def night(
    request: pytest.FixtureRequest, make_night: Callable[..., EpochNight]
) -> Iterator[EpochNight]:
    night = make_night(program=request.param)
    with night.desk:
        yield night


def metric(desk: Server, name: str) -> float:
    lines = [line for line in desk.get("/metrics").splitlines() if line.startswith(name)]
    return float(lines[0].rsplit(" ", 1)[1]) if lines else 0.0


def readiness(desk: Server) -> dict[str, object]:
    """What /readyz says once the pages of the start are rendered."""
    desk.wait_until_ready()
    return desk.readiness()[1]


def test_failed_send_closes_the_socket_and_is_reported(failing_night: EpochNight) -> None:
    night, desk, newest = failing_night, failing_night.desk, failing_night.position()
    with night.socket(newest) as reader:
        assert frame(reader)["fragments"] == {}
        assert readiness(desk)["sockets"] == "ok"
        night.declare_the_next()
        # A message that is short enough tells the page to poll.
        assert "return" in news(reader, newest)["poll"]
        with pytest.raises(ConnectionClosed) as closed:
            frame(reader)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4011
    desk.wait_until(lambda: metric(desk, "desk_readers") == 0)
    assert metric(desk, "desk_send_failures_total") == 1
    answer = readiness(desk)
    assert answer["ready"] is True
    assert answer["sockets"] == "degraded: 1 could not be sent to in the last minute"
    assert "WARNING results.live.send_failures" in desk.output()
    assert "Traceback" in desk.output()


def test_client_that_goes_away_is_no_failure(night: EpochNight) -> None:
    """With a close frame, without one, or with its connection reset."""
    desk, newest = night.desk, night.position()
    with ExitStack() as stack:
        readers = [stack.enter_context(night.socket(newest)) for _reader in range(9)]
        for reader in readers:
            assert frame(reader)["fragments"] == {}
        for reader in readers[0:3]:
            reader.close()
        for reader in readers[3:6]:
            reader.socket.shutdown(sockets.SHUT_RDWR)
        for reader in readers[6:9]:
            # Closed like this, it sends a reset.
            linger = struct.pack("ii", 1, 0)
            reader.socket.setsockopt(sockets.SOL_SOCKET, sockets.SO_LINGER, linger)
            reader.socket.close()
        night.declare_the_next()
        desk.wait_until(lambda: metric(desk, "desk_readers") == 0)
    assert metric(desk, "desk_send_failures_total") == 0
    assert readiness(desk)["sockets"] == "ok"
    assert "send_failures" not in desk.output()
    assert "Traceback" not in desk.output()
