"""The process beside a server that runs a test's seeds on the server's database."""

import json
import subprocess
import sys
from collections.abc import Mapping
from threading import Timer
from typing import Any

from tests.needs import ROOT

#: What a seed may take on a loaded machine before its process is killed.
CALL_SECONDS = 120.0


class SeedWorker:
    """Runs one call after another, so that Python and Django are started once for all of them."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = dict(environment)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.seeds"],
            env=self.environment,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def call(self, function: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        """The function's result; raises RuntimeError with its traceback where it raised."""
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        deadline = Timer(CALL_SECONDS, process.kill)
        deadline.start()
        try:
            process.stdin.write(
                json.dumps({"function": function, "args": args, "kwargs": kwargs}) + "\n"
            )
            process.stdin.flush()
            line = process.stdout.readline()
        finally:
            deadline.cancel()
        if not line:
            raise RuntimeError(f"{function}: the process of the seeds ended")
        answered = json.loads(line)
        if "error" in answered:
            raise RuntimeError(f"{function} failed:\n{answered['error']}")
        return answered["result"]

    def close(self) -> None:
        """End the process and wait for its end."""
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()
        self._process.wait(timeout=CALL_SECONDS)
