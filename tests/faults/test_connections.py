"""Dropped and half-open client connections during a night."""

import copy
from collections.abc import Callable

import pytest

from tests.faults.night import Night
from tests.faults.proxy import BACK, THERE, Proxy
from tests.servers import Server


def through(proxy: Proxy) -> Callable[[Server], Server]:
    """Return a function that gives a copy of the desk with the proxy's port."""

    def way(server: Server) -> Server:
        proxied = copy.copy(server)
        proxied.port = proxy.port
        return proxied

    return way


@pytest.mark.parametrize("fault", ["cut", "answers lost", "requests lost"])
def test_client_connections_fail(
    make_desk: Callable[..., Server], make_night: Callable[..., Night], fault: str
) -> None:
    """Each fault affects the connections that are open then; new ones get through.

    A line that loses answers looks like a desk that thinks: a reporter's phone asks again under
    the same key, and a page takes a silence longer than any heartbeat for the end of its socket.
    """
    desk = make_desk()
    with Proxy(desk.port) as proxy, make_night(desk, way=through(proxy)) as night:
        night.write()
        for answers in (2, 5, 8, 11):
            night.wait_for_answers(answers)
            proxy.cut() if fault == "cut" else proxy.lose(
                BACK if fault == "answers lost" else THERE
            )
        assert night.finish() == []
    # Readers were connected each time: bytes of theirs were dropped.
    assert proxy.lost or fault == "cut"
    assert desk.manage("verify", "ge").returncode == 0
