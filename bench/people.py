"""Reporters and an editor at work while readers come and go: how long their requests take."""

import re
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle

from bench import seeds
from tests.phone import Answer, Phone
from tests.servers import Server

#: Seconds between two requests of one person.
PAUSE = 0.25
STATES = ("recount", "under_way", "bundle_check")
PASSWORD = "a-password"
REPORTERS, EDITOR = "reporters", "editor"
#: Seats whose states are filed, by a reporter each, and seats that one more reporter declares.
WATCHED, DECLARED = 2, 400


@dataclass(frozen=True)
class Took:
    """Milliseconds of the requests of one phase, of one kind of people."""

    requests: int
    p50: float
    p99: float
    slowest: float


class Desk:
    """Everybody who writes: each sends a request, waits for its answer, pauses, goes on."""

    def __init__(self, seeded: Server, server: Server, election: str) -> None:
        pk, seats = seeded.seed(seeds.people, election, WATCHED, DECLARED, PASSWORD)
        self.server, self.phase = server, ""
        self.counts = [f"/count/{election}/{seat}/" for seat in seats]
        self.election = str(pk)
        self._took: dict[tuple[str, str], list[float]] = defaultdict(list)
        self._faults: list[BaseException] = []
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []

    def begin(self) -> None:
        for number in range(WATCHED):
            phone = self._signed_in(f"bench-{number}")
            self._start(REPORTERS, _filing_states(phone, self.counts[number]))
        declaring = self._signed_in(f"bench-{WATCHED}")
        self._start(REPORTERS, _declaring(declaring, self.counts[WATCHED:]))
        self._start(EDITOR, _editing(self._signed_in("bench-editor"), self.election))

    def end(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def took(self, who: str, phase: str) -> Took:
        """Raises what went wrong with anybody meanwhile: the time of an error is worth nothing."""
        for fault in self._faults:
            raise fault
        found = sorted(self._took[who, phase])
        # A phase may be over before anybody had an answer in it.
        times = found or [float("nan")]
        return Took(len(found), times[len(times) // 2], times[int(len(times) * 0.99)], times[-1])

    def _signed_in(self, name: str) -> Phone:
        phone = Phone(self.server)
        phone.sign_in(name, PASSWORD)
        return phone

    def _start(self, who: str, work: Iterator[Answer]) -> None:
        thread = threading.Thread(target=self._go_on, args=(who, work), daemon=True)
        self._threads.append(thread)
        thread.start()

    def _go_on(self, who: str, work: Iterator[Answer]) -> None:
        try:
            while not self._over.wait(PAUSE):
                # Of the phase that it began in.
                phase, start = self.phase, time.perf_counter()
                answer = next(work)
                self._took[who, phase].append((time.perf_counter() - start) * 1000)
                assert answer.status == 200, (answer.path, answer.status, answer.text[:500])
        except BaseException as exc:
            self._faults.append(exc)


def _filing_states(phone: Phone, count: str) -> Iterator[Answer]:
    for done, state in enumerate(cycle(STATES)):
        yield phone.get(count)
        # Answered as JSON, as the outbox asks: one request, and no page after it.
        yield phone.send(count, {"step": "status", "status": state, "key": f"{count}-{done}"})


def _declaring(phone: Phone, counts: list[str]) -> Iterator[Answer]:
    for count in counts:
        page = phone.get(count)
        yield page
        fields = dict.fromkeys(re.findall(r'name="(votes-\d+)"', page.text))
        # Some thousands each, all different: an electorate is about seventy thousand.
        votes = {name: str(9000 - 1000 * place) for place, name in enumerate(fields)}
        said = {**votes, "base_revision": "0", "key": count, "warning_reason": "As read out"}
        yield phone.post(count, {**said, "step": "check"})
        published = phone.send(count, {**said, "step": "publish"})
        assert '"published"' in published.text, published.text
        yield published


def _editing(phone: Phone, election: str) -> Iterator[Answer]:
    adding = "/admin/results/headline/add/"
    for done in range(10_000):
        yield phone.get(f"/admin/results/election/{election}/night/")
        form = phone.get(adding)
        yield form
        found = re.search(r'name="key" value="([^"]+)"', form.text)
        assert found is not None, form.text[:2000]
        said = {"election": election, "text": f"The count, part {done}", "key": found[1]}
        # With the list that the editor is sent to after it.
        yield phone.post(adding, said)
