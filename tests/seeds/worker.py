"""Child process that runs seed functions on a server's database."""

import json
import subprocess
import sys
from collections.abc import Mapping
from threading import Timer
from typing import Any

from tests.needs import ROOT

#: Seconds that a call may take before the process is killed.
CALL_SECONDS = 120.0


class SeedWorker:
    """Runs calls one after another, so that Django starts only once for all of them."""

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
        """Return the function's result. Raises RuntimeError with its traceback."""
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
        answer = json.loads(line)
        if "error" in answer:
            raise RuntimeError(f"{function} failed:\n{answer['error']}")
        return answer["result"]

    def close(self) -> None:
        """End the process and wait for its end."""
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()
        self._process.wait(timeout=CALL_SECONDS)
