"""One night: who takes part in it, what happens in the middle, and what is wrong at its end."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.faults.checker import log_of, violations
from tests.faults.history import History
from tests.faults.people import Item, Writer
from tests.faults.proxy import Proxy
from tests.needs import ROOT
from tests.seeds import whole_night as seeds
from tests.seeds.counts import PASSWORD
from tests.seeds.whole_night import EDITORS, REPORTER, Seat
from tests.servers import Server
from tests.tls import Site
from tests.whole_night.browser_phone import BrowserPhone
from tests.whole_night.clock import Clock
from tests.whole_night.elections import PastElection
from tests.whole_night.feed import Feed, paced
from tests.whole_night.logs import errors_at_rest, statuses, unexplained
from tests.whole_night.pages import Browser
from tests.whole_night.people import (
    Approver,
    BadLine,
    Corrector,
    PacedWriter,
    Withdrawer,
    correction_of,
    items_of,
    withdrawal_of,
)
from tests.whole_night.production import Production

#: Reporters whose phones are HTTP clients on the bad line; one more has a page in Chromium on it.
REPORTERS = ("ann", "bob", "cal", "dee")
#: Seats that an editor withdraws.
WITHDRAWN = 3
#: Parts of the night after which something is done to the processes, and memory is read.
DEPLOY, REDIS, POSTGRES, WRITER, READER = 0.25, 0.45, 0.55, 0.65, 0.72
READINGS = {"before": 0.2, "middle": 0.85}
#: Growth of one process from a reading to the next, in megabytes, that is no leak: its caches of
#: pages hold 72. The process started at least WARM_SECONDS before the first of the two.
GROWTH = 80.0
#: Seconds without an answer to anybody after which those who still wait have none. A busy machine
#: may lag behind the night: while answers come, it goes on.
ANSWER_SECONDS = 120.0


@dataclass(frozen=True)
class Plan:
    """The size of a night."""

    election: PastElection
    seconds: float
    readers: int
    #: The first seats to declare; 0 for all.
    seats: int = 0


@dataclass
class Report:
    """What was seen; `problems` is empty for a night on which nothing was wrong."""

    problems: list[str] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)

    def add(self, what: str, problems: Any) -> None:
        found = list(problems)
        self.problems.extend(f"{what}: {problem}" for problem in found)
        self.facts.append(f"{what}: {len(found) or 'nothing'} wrong")


class WholeNight:
    def __init__(self, plan: Plan, folder: Path, static_root: Path) -> None:
        self.plan, self.folder = plan, folder
        # Of its connections every socket takes two.
        connections = 2 * plan.readers + 1_000
        self.production = Production(folder, static_root, connections=connections)
        self.clock, self.history, self.over = Clock(plan.seconds), History(), threading.Event()
        self.memory: dict[str, dict[str, tuple[int, float]]] = {}
        self.report = Report()

    def run(self) -> Report:
        with ExitStack() as stack:
            stack.enter_context(self.production)
            self._prepare()
            self.production.start()
            site = self.production.nginx.site
            self.records = self._records(stack)
            crowd = stack.enter_context(_crowd(self.plan, self.production, self.seats))
            line = stack.enter_context(Proxy(site.https_port))
            stack.callback(self.over.set)
            pk = self.records.seed(seeds.election_pk)
            browser = stack.enter_context(Browser(site, self.watched, pk, EDITORS, line.port))
            browser.open_all()
            phone = BrowserPhone(browser, self.records, self.history)
            phone.sign_in()
            _connected(crowd)
            try:
                self._run(site, line, phone)
                self._finish(crowd, browser, phone)
            finally:
                self.history.save(self.folder / "history.jsonl")
                self.production.keep_logs()
        return self.report

    def _records(self, stack: ExitStack) -> Server:
        """A server that is never started, whose seed functions read the database directly."""
        desk = self.production.desk
        records = Server(self.folder, database_url=self.production.postgres.url)
        records.environment |= desk.environment
        stack.callback(records.close)
        return records

    # --- Before ---------------------------------------------------------------------------------

    def _prepare(self) -> None:
        desk = self.production.desk
        desk.manage("migrate", "--verbosity", "0")
        self.plan.election.set_up(desk)
        files = [str(file) for file in self.plan.election.files]
        seats = desk.seed(seeds.tonight, files)
        due = paced(seats, self.plan.seconds)
        if self.plan.seats:
            due = paced([seat for _at, seat in due[: self.plan.seats]], self.plan.seconds)
        self.seats = [seat for _at, seat in due]
        self.counts = _counts(self.seats)
        taken = {seat["slug"] for seats in self.counts.values() for seat in seats}
        self.due = [(at, seat) for at, seat in due if seat["slug"] not in taken]
        self.watched = self.due[0][1]["slug"]
        names = {name: [seat["slug"] for seat in seats] for name, seats in self.counts.items()}
        self.secret = desk.seed(seeds.people, names)
        desk.close()

    def _people(self, site: Site, line: Proxy) -> list[Writer]:
        bad = Site(site.name, _certificate(self.production), https_port=line.port)
        winner_first = not self.plan.election.is_council
        writers: list[Writer] = []
        for name in REPORTERS:
            items: list[Item] = [
                item
                for seat in self.counts[name]
                for item in items_of(seat, name, winner_first=winner_first)
            ]
            writers.append(PacedWriter(name, bad, items, self.history, self.clock))
        eve, fay = EDITORS
        fed = [seat for _at, seat in self.due]
        corrected = [*self.counts["ann"], *fed[3::9]]
        withdrawn = fed[5::9][:WITHDRAWN]
        for kind, name, seats, item_of in (
            (Corrector, eve, corrected, correction_of),
            (Withdrawer, fay, withdrawn, withdrawal_of),
        ):
            known = {seat["slug"]: (seat["pk"], self._key_of(seat)) for seat in seats}
            items = [item_of(seat, name) for seat in seats]
            writers.append(kind(name, site, items, self.history, known))
        for writer in writers:
            writer.phone.sign_in(writer.who, PASSWORD)
        return writers

    def _key_of(self, seat: Seat) -> str:
        """The key under which the figures of a seat are sent."""
        for name in REPORTERS:
            if seat in self.counts[name]:
                return f"{name}-{seat['slug']}-figures"
        return f"agency-{seat['slug']}"

    # --- In the night ---------------------------------------------------------------------------

    def _run(self, site: Site, line: Proxy, phone: BrowserPhone) -> None:
        self.feed = Feed(site, self.secret, self.due, self.history, self.clock)
        self.writers = self._people(site, line)
        self.approver = Approver(EDITORS[1], site, self.history)
        self.approver.phone.sign_in(EDITORS[1], PASSWORD)
        self.memory["start"] = self.production.memory()
        self.clock.begin()
        events = threading.Thread(target=self._events, daemon=True)
        for thread in (self.feed, *self.writers, self.approver, BadLine(line, self.over), events):
            thread.start()
        mine = self.counts[REPORTER]
        for number, seat in enumerate(mine, start=1):
            phone.wait_until(self.clock, number * self.clock.length / (len(mine) + 1))
            phone.declare(seat, without_signal=number % 2 == 0)
        phone.wait_until(self.clock, self.clock.length)
        events.join()
        self.over.set()

    def _events(self) -> None:
        production = self.production
        steps: list[tuple[float, str, Callable[[], object]]] = [
            (DEPLOY, "deploy", production.deploy),
            (REDIS, "Redis restarts", production.restart_redis),
            (POSTGRES, "PostgreSQL restarts", production.restart_postgres),
            (WRITER, "a process for writers is killed", lambda: production.kill("writers 1")),
            (READER, "a process for readers is killed", lambda: production.kill("readers 2")),
            *(
                (part, f"memory, {name}", partial(self._read_memory, name))
                for name, part in READINGS.items()
            ),
        ]
        for part, name, step in sorted(steps, key=lambda each: each[0]):
            self.clock.wait_until(part * self.clock.length, threading.Event())
            print(f"{self.clock.now:5.0f} s: {name}", flush=True)
            try:
                step()
            except Exception as exc:
                self.report.problems.append(f"{name}: {exc}")

    def _read_memory(self, name: str) -> None:
        self.memory[name] = self.production.memory()

    # --- After ----------------------------------------------------------------------------------

    def _finish(
        self, crowd: "subprocess.Popen[str]", browser: Browser, phone: BrowserPhone
    ) -> None:
        report, history = self.report, self.history
        report.add("answers to all who sent", self._unanswered())
        self.records.close()
        data = self.records.seed(seeds.log)
        log = log_of(data)
        report.facts.append(f"bulletins: {log.sequence}, revisions: {len(log.revisions)}")
        for what in ("ok", "fail", "unknown", "refused", "waits", "approved"):
            report.facts.append(f"answers, {what}: {len(history.of(what))}")
        answers = (entry for entry in history.of("fail") if entry["answer"])
        report.add("refusals", (f"{e['key']}: {e['answer']}" for e in answers))
        report.add("publications", violations(history.entries, log))
        report.add("quotes", self._of_quotes(data["quotes"]))
        assert crowd.stdin is not None
        assert crowd.stdout is not None
        crowd.stdin.write(f"finish {log.epoch} {log.sequence}\n")
        crowd.stdin.flush()
        found = json.loads(crowd.stdout.readline())
        self.production.note_that_the_crowd_leaves()
        report.facts.append(f"sockets: {found['counts']}")
        report.add("sockets", (f"{each} ({n} times)" for each, n in found["problems"].items()))
        report.add("open pages", browser.problems(log.sequence))
        report.facts.append(f"loads: { {each.name: each.loads for each in browser.shown} }")
        report.facts += [f"{name}: {weight}" for name, weight in browser.weights.items()]
        report.add("the phone in Chromium", phone.untrue())
        sent = len(phone.published)
        report.facts.append(
            f"it sent {sent} results, and loaded a page again {phone.reloads} times"
        )
        self.memory["end"] = self.production.memory()
        report.add("memory", self._growth())
        checked = self.production.desk.manage("verify", "ge", "--pages", check=False)
        report.add("verify --pages", [checked.stderr] if checked.returncode else [])
        report.facts.append(checked.stdout.strip())
        report.add("logs", (f"{line} ({n})" for line, n in unexplained(self.production).items()))
        errors = errors_at_rest(self.production)
        report.add("answers of 5xx at rest", (f"{each} ({n})" for each, n in errors.items()))
        report.facts += [f"nginx: {each}: {n}" for each, n in statuses(self.production).items()]
        report.facts.append(f"killed in the deploy: {self.production.late or 'none'}")
        for began, ended, what in self.production.stages:
            report.facts.append(f"{what}: {ended - began:.1f} s")

    def _unanswered(self) -> Iterator[str]:
        threads: list[Feed | Writer] = [self.feed, *self.writers]
        answers, last = 0, time.monotonic()
        while time.monotonic() - last < ANSWER_SECONDS and self._wait(threads):
            time.sleep(0.2)
            number = len(self.history.of("ok", "fail", "waits", "approved"))
            if number > answers:
                answers, last = number, time.monotonic()
        for thread in threads:
            if thread.is_alive():
                yield f"{getattr(thread, 'who', 'the agency')} still waits for an answer"
        if len(self.history.of("approved")) < len(self.history.of("waits")):
            yield "not every quote was approved"
        for each in (*threads, self.approver):
            each.over.set()

    def _wait(self, threads: list[Feed | Writer]) -> bool:
        """Whether somebody waits: for an answer, or for a quote to be approved."""
        unapproved = len(self.history.of("approved")) < len(self.history.of("waits"))
        return unapproved or any(thread.is_alive() for thread in threads)

    def _of_quotes(self, quotes: dict[str, list[int]]) -> Iterator[str]:
        """What was sent and approved is published once, under the number that the editor saw."""
        answers = {entry["item"]: entry["sequence"] for entry in self.history.of("approved")}
        for entry in self.history.of("waits"):
            numbers = quotes.get(entry["key"], [])
            if len(numbers) != 1:
                yield f"{entry['key']}: accepted, and in the bulletins {numbers}"
            elif answers.get(entry["item"]) not in (None, numbers[0]):
                yield f"{entry['key']}: said to be {answers[entry['item']]}, and is {numbers[0]}"

    def _growth(self) -> Iterator[str]:
        names = ("start", *READINGS, "end")
        for process in self.production.processes:
            readings = [self.memory[name].get(process, (0, 0.0)) for name in names]
            text = ", ".join(
                f"{name} {size:.0f} MB" for name, (_pid, size) in zip(names, readings, strict=True)
            )
            self.report.facts.append(f"{process}: {text}")
            for (pid, size), (later_pid, later) in pairwise(readings):
                if pid and pid == later_pid and later - size > GROWTH:
                    yield f"{process} grew by {later - size:.0f} MB: {text}"


def _counts(seats: list[Seat]) -> dict[str, list[Seat]]:
    """The seats of each reporter: every tenth of all, by turns."""
    names = (*REPORTERS, REPORTER)
    chosen = seats[4::10] if len(seats) > 100 else seats[2::5]
    return {name: chosen[number :: len(names)] for number, name in enumerate(names)}


def _certificate(production: Production) -> Path:
    return production.nginx.folder / "fullchain.pem"


def _crowd(plan: Plan, production: Production, seats: list[Seat]) -> "subprocess.Popen[str]":
    slugs = [seats[number]["slug"] for number in (0, len(seats) // 2, -1)]
    fronts = ["/ge/"] * 6
    specification = {
        "name": production.nginx.site.name,
        "certificate": str(_certificate(production)),
        "port": production.nginx.site.https_port,
        "readers": plan.readers,
        "deflates": True,
        "paths": [*fronts, *(f"/ge/{slug}/" for slug in slugs), "/ge/corrections/", "/ge/wall/"],
        "addresses": [f"127.0.1.{number}" for number in range(1, 21)],
    }
    return subprocess.Popen(
        [sys.executable, "-m", "tests.whole_night.crowd", json.dumps(specification)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _connected(crowd: "subprocess.Popen[str]") -> None:
    assert crowd.stdout is not None
    print(crowd.stdout.readline().strip(), flush=True)
