"""A deploy in a whole night stops processes as systemd does."""

import subprocess
from typing import Any

import pytest

from tests.whole_night.production import Production


class SlowProcess:
    """A process that does not end in time when it is asked to."""

    def __init__(self) -> None:
        self.environment: dict[str, str] = {}
        self.calls: list[str] = []

    def stop(self) -> None:
        self.calls.append("stop")
        raise subprocess.TimeoutExpired("serve", 30)

    def kill(self) -> None:
        self.calls.append("kill")

    def start(self) -> None:
        self.calls.append("start")


@pytest.fixture
def slow() -> SlowProcess:
    return SlowProcess()


@pytest.fixture
def production(slow: Any) -> Production:
    production = object.__new__(Production)
    production.processes = {"worker": slow}
    production.stages, production.late = [], []
    return production


def test_kills_what_does_not_end_in_time(production: Production, slow: SlowProcess) -> None:
    production.deploy()
    assert slow.calls == ["stop", "kill", "start"]
    assert production.late == ["worker"]


def test_records_a_stage_that_failed(production: Production) -> None:
    """Its warnings are explained by it all the same."""
    production.processes = {}
    with pytest.raises(KeyError):
        production.kill("writers 1")
    assert [name for _began, _ended, name in production.stages] == ["writers 1 is killed"]
