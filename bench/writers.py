"""Reporters and an editor who send requests while readers come and go, and how long these take."""

import re
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle

from bench import seeds
from tests.phone import Phone, Response
from tests.servers import Server

#: Seconds between two requests of one person.
PAUSE_SECONDS = 0.25
STATES = ("recount", "under_way", "bundle_check")
PASSWORD = "a-password"
REPORTERS, EDITOR = "reporters", "editor"
#: Reporters who report the state of one count each, and counts that one more reporter declares.
STATE_REPORTERS, DECLARED = 2, 400


@dataclass(frozen=True)
class Latencies:
    """Response times in milliseconds of one group of people during one phase."""

    requests: int
    p50: float
    p99: float
    slowest: float


class Writers:
    """Everybody who writes. Each sends a request, waits for the response, pauses, and repeats.

    `seeded` is the server whose database is prepared; `server` is the one that gets the requests.
    """

    def __init__(self, seeded: Server, server: Server, election: str) -> None:
        pk, seats = seeded.seed(seeds.writers, election, STATE_REPORTERS, DECLARED, PASSWORD)
        self.server, self.phase = server, ""
        self.counts = [f"/count/{election}/{seat}/" for seat in seats]
        self.election = str(pk)
        self._milliseconds: dict[tuple[str, str], list[float]] = defaultdict(list)
        self._errors: list[BaseException] = []
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []

    def begin(self) -> None:
        for number in range(STATE_REPORTERS):
            phone = self._signed_in(f"bench-{number}")
            self._start(REPORTERS, _report_states(phone, self.counts[number]))
        declaring = self._signed_in(f"bench-{STATE_REPORTERS}")
        self._start(REPORTERS, _declare(declaring, self.counts[STATE_REPORTERS:]))
        self._start(EDITOR, _edit(self._signed_in("bench-editor"), self.election))

    def end(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def latencies(self, group: str, phase: str) -> Latencies:
        """Summarise one phase. Raises the first error of any thread: its times are worthless."""
        for error in self._errors:
            raise error
        # A phase may end before anybody had a response in it.
        times = sorted(self._milliseconds[group, phase]) or [float("nan")]
        count = len(self._milliseconds[group, phase])
        return Latencies(count, times[len(times) // 2], times[int(len(times) * 0.99)], times[-1])

    def _signed_in(self, name: str) -> Phone:
        phone = Phone(self.server)
        phone.sign_in(name, PASSWORD)
        return phone

    def _start(self, group: str, requests: Iterator[Response]) -> None:
        thread = threading.Thread(target=self._run, args=(group, requests), daemon=True)
        self._threads.append(thread)
        thread.start()

    def _run(self, group: str, requests: Iterator[Response]) -> None:
        try:
            while not self._over.wait(PAUSE_SECONDS):
                # A request belongs to the phase in which it began.
                phase, start = self.phase, time.perf_counter()
                answer = next(requests)
                self._milliseconds[group, phase].append((time.perf_counter() - start) * 1000)
                assert answer.status == 200, (answer.path, answer.status, answer.text[:500])
        except BaseException as exc:
            self._errors.append(exc)


def _report_states(phone: Phone, count: str) -> Iterator[Response]:
    for number, state in enumerate(cycle(STATES)):
        yield phone.get(count)
        # Answered as JSON, as for the outbox: one request, and no page after it.
        yield phone.send(count, {"step": "status", "status": state, "key": f"{count}-{number}"})


def _declare(phone: Phone, counts: list[str]) -> Iterator[Response]:
    for count in counts:
        page = phone.get(count)
        yield page
        data = result_of(page, count)
        yield phone.post(count, {**data, "step": "check"})
        published = phone.send(count, {**data, "step": "publish"})
        assert '"published"' in published.text, published.text
        yield published


def result_of(page: Response, key: str) -> dict[str, str]:
    """Return the fields of a plausible result for the form on a count's page."""
    names = dict.fromkeys(re.findall(r'name="(votes-\d+)"', page.text))
    # Some thousands each, all different: an electorate is about seventy thousand.
    votes = {name: str(9000 - 1000 * position) for position, name in enumerate(names)}
    return {**votes, "base_revision": "0", "key": key, "warning_reason": "As read out"}


def _edit(phone: Phone, election: str) -> Iterator[Response]:
    add = "/admin/results/headline/add/"
    for number in range(10_000):
        yield phone.get(f"/admin/results/election/{election}/night/")
        form = phone.get(add)
        yield form
        match = re.search(r'name="key" value="([^"]+)"', form.text)
        assert match is not None, form.text[:2000]
        data = {"election": election, "text": f"The count, part {number}", "key": match[1]}
        # Followed by the list that the admin redirects to.
        yield phone.post(add, data)
