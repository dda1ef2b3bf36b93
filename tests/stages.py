"""Run the stages of the tests and print the time that each has taken.

`python -m tests.stages --alone lint suite --beside 2 browser services` makes those of `--alone` one
after the other, then keeps two of the rest running: one that ends is followed by the next of the
list. A stage is a target of the Makefile. The output of parallel stages is printed when they end. A
failed stage fails the run, and the others still run.
"""

import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from argparse import ArgumentParser
from dataclasses import dataclass
from typing import IO

_printing = threading.Lock()


@dataclass(frozen=True)
class Result:
    """A stage that has run: `seconds` by the clock, `cpu_seconds` of all its processes."""

    stage: str
    passed: bool
    seconds: float
    cpu_seconds: float

    def __str__(self) -> str:
        minutes, seconds = divmod(round(self.seconds), 60)
        outcome = "passed" if self.passed else "FAILED"
        return f"{self.stage:12}{outcome}{minutes:6}:{seconds:02}{self.cpu_seconds:8.0f} s of CPU"


def run_stage(stage: str, output: IO[bytes] | None) -> Result:
    """Make one stage; its output goes to `output`, or to this program's own."""
    began = time.monotonic()
    # A parallel make would pass its job server to its children.
    environment = {
        name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MFLAGS")
    }
    process = subprocess.Popen(
        ["make", "--no-print-directory", stage],
        env=environment,
        stdout=output,
        stderr=None if output is None else subprocess.STDOUT,
    )
    _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return Result(
        stage,
        process.returncode == 0,
        time.monotonic() - began,
        used.ru_utime + used.ru_stime,
    )


class Runner(threading.Thread):
    """Takes one stage after another from `waiting`, until there is none."""

    def __init__(self, waiting: "queue.SimpleQueue[str]", *, alone: bool) -> None:
        super().__init__(daemon=True)
        self.waiting = waiting
        self.make = _streamed if alone else _buffered
        self.results: list[Result] = []

    def run(self) -> None:
        while True:
            try:
                stage = self.waiting.get_nowait()
            except queue.Empty:
                return
            self.results.append(self.make(stage))


def _streamed(stage: str) -> Result:
    print(f"--- {stage}", flush=True)
    return run_stage(stage, None)


def _buffered(stage: str) -> Result:
    with _printing:
        print(f"--- {stage} has begun", flush=True)
    with tempfile.TemporaryFile() as output:
        result = run_stage(stage, output)
        output.seek(0)
        with _printing:
            print(f"--- {stage}", flush=True)
            sys.stdout.buffer.write(output.read())
            sys.stdout.flush()
    return result


def run_stages(stages: list[str], beside: int) -> list[Result]:
    """Make the stages, `beside` of them at any time; return their results in order of `stages`."""
    waiting: queue.SimpleQueue[str] = queue.SimpleQueue()
    for stage in stages:
        waiting.put(stage)
    runners = [Runner(waiting, alone=beside == 1) for _number in range(beside)]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()
    results = {result.stage: result for runner in runners for result in runner.results}
    return [results[stage] for stage in stages]


def main(arguments: list[str]) -> int:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--alone", nargs="+", default=[], metavar="STAGE")
    parser.add_argument("--beside", nargs="+", default=[], metavar=("NUMBER", "STAGE"))
    given = parser.parse_args(arguments)
    began = time.monotonic()
    results = run_stages(given.alone, 1)
    if given.beside:
        results += run_stages(given.beside[1:], int(given.beside[0]))
    passed = all(result.passed for result in results)
    cpu_seconds = sum(result.cpu_seconds for result in results)
    print()
    for result in [*results, Result("together", passed, time.monotonic() - began, cpu_seconds)]:
        print(result)
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
