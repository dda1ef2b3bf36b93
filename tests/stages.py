"""Run the stages of the tests and print the time that each has taken.

`python -m tests.stages lint suite,services` runs two sequences of stages side by side: `lint` in
one, `suite` and then `services` in the other. A stage is a target of the Makefile. The output of
parallel stages is printed when they end. A failed stage fails the run, and the others still run.
"""

import os
import subprocess
import sys
import tempfile
import threading
import time
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


class Sequence(threading.Thread):
    """Stages that run one after the other."""

    def __init__(self, stages: list[str], *, only: bool) -> None:
        super().__init__(daemon=True)
        self.stages, self.only = stages, only
        self.results: list[Result] = []

    def run(self) -> None:
        for stage in self.stages:
            self.results.append(self._streamed(stage) if self.only else self._buffered(stage))

    def _streamed(self, stage: str) -> Result:
        print(f"--- {stage}", flush=True)
        return run_stage(stage, None)

    def _buffered(self, stage: str) -> Result:
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


def main(arguments: list[str]) -> int:
    began = time.monotonic()
    sequences = [Sequence(argument.split(","), only=len(arguments) == 1) for argument in arguments]
    for sequence in sequences:
        sequence.start()
    for sequence in sequences:
        sequence.join()
    results = [result for sequence in sequences for result in sequence.results]
    passed = all(result.passed for result in results)
    cpu_seconds = sum(result.cpu_seconds for result in results)
    print()
    for result in [*results, Result("together", passed, time.monotonic() - began, cpu_seconds)]:
        print(result)
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
