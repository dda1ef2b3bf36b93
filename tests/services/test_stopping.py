"""A server that is stopped ends, even with requests in progress."""

import http.client
import itertools
import threading
import urllib.request
from collections.abc import Callable

import pytest

from tests.phone import Phone
from tests.seeds import counts
from tests.servers import Server
from tests.soak import rounds

ROUNDS = rounds(3, 20)


@pytest.mark.soak
@pytest.mark.parametrize("program", ["daphne", "uvicorn"])
def test_ends_in_the_middle_of_requests(make_desk: Callable[..., Server], program: str) -> None:
    """`stop` waits for the process, and fails if it does not end."""
    desk = make_desk(program=program)
    desk.seed(counts.seat_with_reporter)
    for number in range(ROUNDS):
        desk.start()
        over = threading.Event()

        def ask(number: int, over: threading.Event = over) -> None:
            asked = 0
            while not over.is_set():
                asked += 1
                path = f"/ge/feed/?before={number * 1000 + asked + 1}"
                try:
                    urllib.request.urlopen(desk.url(path), timeout=5).close()
                except OSError:
                    continue

        def publish(over: threading.Event = over) -> None:
            phone = Phone(desk)
            states = itertools.cycle(["recount", "under_way", "bundle_check"])
            try:
                phone.sign_in("reporter", counts.PASSWORD)
                while not over.is_set():
                    sent = {"step": "status", "status": next(states)}
                    phone.post("/count/ge/islington-north/", sent)
            except (OSError, http.client.HTTPException, AssertionError):
                return

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
        threads += [threading.Thread(target=publish) for _phone in range(2)]
        for thread in threads:
            thread.start()
        threads[0].join(timeout=1 + number * 0.07)
        try:
            desk.stop()
        finally:
            over.set()
            desk.kill()
        for thread in threads:
            thread.join()
