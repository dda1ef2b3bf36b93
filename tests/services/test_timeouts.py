"""The timeouts in the code, in the documentation and in deploy/ agree."""

import re
from types import ModuleType

import pytest

from electiondesk import lifecycle
from electiondesk.lifecycle import timeouts
from tests.needs import ROOT

ROW = re.compile(r"^\| `(\w+)` \| ([\d.]+) \| (.+) \|$", re.MULTILINE)
TABLE = ROW.findall(lifecycle.__doc__ or "")
#: Set in deploy/, not in the code.
DEPLOYED = ("TimeoutStopSec", "stop_grace_period")
#: Only how often a condition is polled.
NOT_LISTED = {"DRAIN_POLL_SECONDS"}


def constants(module: ModuleType) -> dict[str, float]:
    return {name: value for name, value in vars(module).items() if name.isupper()}


def test_documentation_has_the_same_table() -> None:
    page = (ROOT / "docs" / "server-processes.md").read_text()
    assert TABLE
    assert ROW.findall(page) == TABLE


def test_table_has_every_timeout_with_its_value() -> None:
    listed = {name: float(seconds) for name, seconds, _meaning in TABLE if name not in DEPLOYED}
    assert listed == {
        name: value for name, value in constants(timeouts).items() if name not in NOT_LISTED
    }


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("TimeoutStopSec", "election-desk-readers@.service"),
        ("TimeoutStopSec", "election-desk-writers@.service"),
        ("stop_grace_period", "compose.yaml"),
    ],
)
def test_service_managers_wait_as_long_as_the_table_says(name: str, file: str) -> None:
    listed = {row: seconds for row, seconds, _meaning in TABLE}
    text = (ROOT / "deploy" / file).read_text()
    (first, *_others) = re.findall(rf"\b{name}[:=]\s*(\d+)", text)
    assert first == listed[name]
    assert int(first) > timeouts.DRAIN_SECONDS


@pytest.mark.parametrize(
    "file",
    [
        "deploy/compose.yaml",
        "deploy/election-desk-readers@.service",
        "deploy/election-desk-writers@.service",
        "docs/capacity.md",
        "docs/deploy.md",
    ],
)
def test_every_page_that_names_the_time_to_drain_has_the_same(file: str) -> None:
    text = " ".join((ROOT / file).read_text().replace("\n#", "\n").split())
    named = re.findall(r"(?:up to|within) (\d+) seconds", text)
    assert f"{timeouts.DRAIN_SECONDS:.0f}" in named
