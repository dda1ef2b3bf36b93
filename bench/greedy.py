"""A reporter's POST alone, and beside clients that request readers' rare pages in a loop.

One process serves everybody, as `manage.py serve` does by default. Rounds with and without greedy
clients alternate, so that whatever else the machine does meanwhile meets both.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from statistics import median

from bench import seeds
from bench.night import Prepared
from bench.rigs import ELECTION
from bench.writers import PASSWORD, result_of
from tests.needs import ROOT
from tests.phone import Phone
from tests.servers import Server

ROUNDS, POSTS = 10, 8
#: Pause between two POSTs, in which the greedy clients begin more work.
PAUSE_SECONDS = 0.3
#: Pause before the first POST of a round, so that every client is at work.
WARM_UP_SECONDS = 2.0
ALONE, BESIDE = "alone", "beside four greedy clients"


@dataclass(frozen=True)
class Posts:
    """Times in milliseconds of one kind of round; `responses` is what greedy clients were sent."""

    kind: str
    posts: int
    p50: float
    slowest: float
    responses: int


def greedy(prepared: Prepared) -> list[Posts]:
    """Measure both kinds. Raises AssertionError if a response is not the expected one."""
    folder = prepared.copy("greedy")
    times: dict[str, list[float]] = {ALONE: [], BESIDE: []}
    responses = 0
    with Server(folder, environment={"DJANGO_SETTINGS_MODULE": "electiondesk.settings"}) as desk:
        _pk, seats = desk.seed(seeds.writers, ELECTION, 0, 2 * ROUNDS * POSTS + 1, PASSWORD)
        reporter = Phone(desk)
        reporter.sign_in("bench-0", PASSWORD)
        counts = iter([f"/count/{ELECTION}/{seat}/" for seat in seats])
        _post(reporter, next(counts))  # The first opens connections and compiles templates.
        for _round in range(ROUNDS):
            for kind in (ALONE, BESIDE):
                with ExitStack() as stack:
                    answered = []
                    if kind == BESIDE:
                        answered = stack.enter_context(_clients(desk, seats))
                    for _number in range(POSTS):
                        times[kind].append(_post(reporter, next(counts)))
                        time.sleep(PAUSE_SECONDS)
                responses += sum(answered)
    return [_summary(kind, times[kind], responses if kind == BESIDE else 0) for kind in times]


def _summary(kind: str, times: list[float], responses: int) -> Posts:
    return Posts(kind, len(times), median(times), max(times), responses)


def _post(phone: Phone, count: str) -> float:
    """Publish a result; return the milliseconds from the POST to its response."""
    data = result_of(phone.get(count), count)
    start = time.perf_counter()
    answer = phone.send(count, {**data, "step": "publish"})
    milliseconds = (time.perf_counter() - start) * 1000
    assert '"published"' in answer.text, answer.text
    return milliseconds


@contextmanager
def _clients(desk: Server, seats: list[str]) -> Iterator[list[int]]:
    """Run greedy clients; afterwards the list holds the number of responses they had."""
    answered: list[int] = []
    newest = json.loads(desk.get(f"/{ELECTION}/now/"))["sequence"]
    command = [sys.executable, "-m", "bench.greedy_clients", desk.origin, ELECTION, str(newest)]
    process = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    process.stdin.write(" ".join(seats) + "\n")
    process.stdin.flush()
    time.sleep(WARM_UP_SECONDS)
    try:
        yield answered
    finally:
        output, _errors = process.communicate(timeout=60)
        statuses = json.loads(output)
        assert set(statuses) == {"200"}, statuses
        answered.append(sum(statuses.values()))
