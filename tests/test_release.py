"""The release: its name in the list of changes, and the Pythons that it is tested on."""

import os
import re
import subprocess

import pytest

from electiondesk.release import VERSION
from tests.needs import ROOT

OTHER = "/opt/python3.13"


def make(*arguments: str) -> str:
    """The output of `make`, which must succeed."""
    environment = {
        name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MFLAGS")
    }
    completed = subprocess.run(
        ["make", "--no-print-directory", *arguments],
        cwd=ROOT, env=environment, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return completed.stdout


def test_version_is_that_of_the_newest_changes() -> None:
    """Its section is marked as unreleased until it has a day."""
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## (.+)$", changes, re.MULTILINE)
    assert newest is not None
    name = re.escape(VERSION)
    assert re.fullmatch(rf"Unreleased: {name}|{name} \(\d{{4}}-\d\d-\d\d\)", newest[1])


def test_newest_changes_can_be_read_in_a_few_minutes() -> None:
    """Each instruction is there once, and details are in the documentation."""
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = changes.split("\n## ")[1]
    assert len(newest.split()) < 1_500
    headings = re.findall(r"^### .+$", newest, re.MULTILINE)
    assert len(headings) == len(set(headings))


@pytest.mark.parametrize("python", [OTHER, ""])
def test_all_tests_include_those_on_the_other_python_where_it_is_installed(python: str) -> None:
    commands = make("--dry-run", "test", f"OTHER_PYTHON={python}")
    stages = re.search(r"tests\.stages (.+?)\n(?!\t)", commands, re.DOTALL)
    assert stages is not None
    assert ("python3.13" in stages[1].split()) == bool(python)


def test_says_that_the_other_python_is_not_installed_and_goes_on() -> None:
    assert make("python3.13", "OTHER_PYTHON=").startswith("No test ran on Python 3.13: ")


def test_workflow_runs_tests_on_the_other_python() -> None:
    workflow = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    assert "image: python:3.13-" in workflow
    assert "run: make python3.13" in workflow
