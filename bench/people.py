"""Reporters at work while readers come and go: how long each of their requests takes."""

import threading
import time
from collections import defaultdict
from dataclasses import dataclass

from tests.phone import Phone
from tests.servers import Server

#: Seconds between two things that one reporter does.
PAUSE = 0.25
STATES = ("recount", "under_way", "bundle_check")

SEED = """
from results.models import Assignment, Contest
from tests import nights
seats = Contest.objects.filter(election__slug="{election}", standing__status="awaiting")
names = []
for number, seat in enumerate(seats.order_by("-pk")[:{reporters}]):
    user = nights.user(f"bench-{{number}}")
    user.set_password("a-password"); user.save()
    Assignment.objects.create(reporter=user, contest=seat)
    names.append(seat.slug)
print(" ".join(names))
"""


@dataclass(frozen=True)
class Took:
    """Milliseconds of the requests of one phase."""

    requests: int
    p50: float
    p99: float
    slowest: float


class Reporters:
    """Each opens the page of a count and files a state of it, again and again."""

    def __init__(self, seeded: Server, server: Server, election: str, reporters: int = 3) -> None:
        said = seeded.python(SEED.format(election=election, reporters=reporters)).stdout
        self.seats = said.split()
        self.server, self.election = server, election
        self.phase = "alone"
        self._took: dict[str, list[float]] = defaultdict(list)
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []

    def begin(self) -> None:
        for number, seat in enumerate(self.seats):
            phone = Phone(self.server)
            phone.sign_in(f"bench-{number}", "a-password")
            thread = threading.Thread(target=self._work, args=(phone, seat), daemon=True)
            self._threads.append(thread)
            thread.start()

    def end(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def took(self, phase: str) -> Took:
        times = sorted(self._took[phase])
        return Took(len(times), times[len(times) // 2], times[int(len(times) * 0.99)], times[-1])

    def _work(self, phone: Phone, seat: str) -> None:
        done, address = 0, f"/count/{self.election}/{seat}/"
        while not self._over.wait(PAUSE):
            self._time(lambda: phone.get(address).status)
            said = {"step": "status", "status": STATES[done % 3], "key": f"{seat}-{done}"}
            # Answered as JSON, as the outbox asks: one request, and no page after it.
            self._time(lambda said=said: phone.send(address, said).status)  # type: ignore[misc]
            done += 1

    def _time(self, ask: object) -> None:
        phase, start = self.phase, time.perf_counter()
        status = ask()  # type: ignore[operator]
        assert status == 200, status
        self._took[phase].append((time.perf_counter() - start) * 1000)
