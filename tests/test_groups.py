"""Distribution of tests to workers by group."""

import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

from tests.needs import ROOT

CONFTEST = "from tests.groups import pytest_collection_modifyitems\n"
TESTS = """
import os
import pytest

@pytest.fixture(scope="module")
def shared(): ...

@pytest.mark.parametrize("number", range(4))
def test_shared(shared, number):
    with open("workers", "a") as file:
        file.write(f"{__name__} {os.environ['PYTEST_XDIST_WORKER']}\\n")

@pytest.mark.xdist_group("marked")
@pytest.mark.parametrize("number", range(2))
def test_marked(number):
    with open("workers", "a") as file:
        file.write(f"marked {os.environ['PYTEST_XDIST_WORKER']}\\n")
"""


def test_tests_that_share_a_fixture_run_in_one_worker(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(CONFTEST)
    for name in ("test_one", "test_two"):
        (tmp_path / f"{name}.py").write_text(TESTS)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:django", "-n", "2", "--dist", "loadgroup"],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True,
    )  # fmt: skip
    workers = defaultdict(list)
    for line in (tmp_path / "workers").read_text().splitlines():
        group, worker = line.split()
        workers[group].append(worker)
    assert sorted(map(len, workers.values())) == [4, 4, 4]
    assert [len(set(names)) for names in workers.values()] == [1, 1, 1]
