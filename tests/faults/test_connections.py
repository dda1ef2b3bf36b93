"""Dropped and half-open client connections during a night."""

import copy
from collections.abc import Callable

import pytest

from tests.faults.night import Night
from tests.faults.proxy import FROM_SERVER, TO_SERVER, Proxy
from tests.servers import Server


def through(proxy: Proxy) -> Callable[[Server], Server]:
    """Return a function that gives a copy of the desk with the proxy's port."""

    def proxied_copy(server: Server) -> Server:
        proxied = copy.copy(server)
        proxied.port = proxy.port
        return proxied

    return proxied_copy


@pytest.mark.parametrize("fault", ["cut", "answers lost", "requests lost"])
def test_client_connections_fail(
    make_desk: Callable[..., Server], make_night: Callable[..., Night], fault: str
) -> None:
    """Each fault affects the connections that are open then; new ones get through.

    A client cannot tell lost answers from a slow desk: the reporter's phone repeats its request
    with the same key, and a page reconnects after a silence longer than any heartbeat.
    """
    desk = make_desk()
    with Proxy(desk.port) as proxy, make_night(desk, way=through(proxy)) as night:
        night.write()
        for answers in (2, 5, 8, 11):
            night.wait_for_answers(answers)
            if fault == "cut":
                proxy.cut()
            else:
                proxy.lose(FROM_SERVER if fault == "answers lost" else TO_SERVER)
        assert night.finish() == []
    # Readers were connected each time: bytes of theirs were dropped.
    assert proxy.lost or fault == "cut"
    assert desk.manage("verify", "ge").returncode == 0
