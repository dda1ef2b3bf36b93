"""The commands of docs/api.md and the program of docs/data.md, run as they stand on the demo."""

import json
import subprocess
import sys
import uuid
from collections.abc import Callable
from itertools import islice
from typing import Any

import pytest

from tests.acceptance.documentation import blocks
from tests.needs import ROOT, program
from tests.seeds import api
from tests.servers import Server

PAGE, DATA_PAGE = ROOT / "docs" / "api.md", ROOT / "docs" / "data.md"
#: Shell commands before each block: an error status ends it, and answers are on lines of their own.
CURL = """\
set -eu
curl() { command curl --silent --show-error --fail-with-body "$@"; echo; }
"""


@pytest.fixture(scope="module")
def demo(make_desk: Callable[..., Server]) -> Server:
    desk = make_desk(environment={"DEMO": "1"})
    desk.manage("demo", "--seats", "8")
    return desk


def run(commands: str, variables: dict[str, str]) -> str:
    program("curl", package="curl")
    completed = subprocess.run(
        ["bash", "-c", CURL + commands], env=variables, capture_output=True, text=True, check=False
    )
    assert completed.returncode == 0, completed.stdout + completed.stderr
    return completed.stdout


def answers(output: str) -> list[Any]:
    return [json.loads(line) for line in output.splitlines() if line.startswith("{")]


def test_commands_work_on_the_demo(demo: Server) -> None:
    with demo:
        secret = demo.seed(api.issue_token)
        variables = {"PATH": demo.environment["PATH"], "DESK": demo.origin, "TOKEN": secret}
        outputs: dict[str, list[str]] = {}
        for block in blocks(PAGE):
            if "curl" in block.commands:
                outputs.setdefault(block.section, []).append(run(block.commands, variables))
    reads, conditional = outputs["Read"]
    assert len(answers(reads)) == 11
    assert "304 Not Modified" in conditional
    states = [answer["state"] for output in outputs["Publish"] for answer in answers(output)]
    assert states == [
        *("published", "published", "waiting"),  # the status, the headline, the quote
        "published",  # the headline's withdrawal
        *("published", "published"),  # the result, and the answer to its key
        "waiting",  # the correction
    ]
    (embed,) = answers(outputs["WordPress and other CMSs"][0])
    assert embed["type"] == "rich"


def test_the_program_that_opens_a_socket_is_sent_what_is_published(demo: Server) -> None:
    (block,) = [block for block in blocks(DATA_PAGE) if block.section == "Sockets"]
    with demo:
        secret = demo.seed(api.issue_token)
        variables = {"PATH": demo.environment["PATH"], "DESK": demo.origin, "TOKEN": secret}
        with subprocess.Popen(
            [sys.executable, "-c", block.commands], env=variables, stdout=subprocess.PIPE, text=True
        ) as follower:
            assert follower.stdout is not None
            try:
                assert follower.stdout.readline().endswith(" []\n")  # nothing after `since` yet
                run(
                    f"""curl -X POST "$DESK/api/v1/desk/elections/ge2019/headline" \\
                    -H "Authorization: Bearer $TOKEN" -H "Idempotency-Key: {uuid.uuid4()}" \\
                    -H "Content-Type: application/json" -d '{{"text": "Results are in"}}'""",
                    variables,
                )
                # Lines of heartbeats, without fragments, may come before it.
                assert any("'headline'" in line for line in islice(follower.stdout, 5))
            finally:
                follower.kill()
