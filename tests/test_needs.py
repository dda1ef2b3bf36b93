"""Prerequisites of tests: skipping, and failing with REQUIRE_SERVICES=1."""

from pathlib import Path

import pytest

from tests import needs


@pytest.fixture(autouse=True)
def everything_promised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(needs, "REQUIRED", True)


def election_data() -> None:
    try:
        needs.election_data()
    except needs.Missing as reason:
        needs.skip_for(reason)


def test_missing_real_results_fail(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ELECTION_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(pytest.fail.Exception, match="there are no real results"):
        election_data()


def test_skips_real_results_that_are_declared_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELECTION_DATA", "absent")
    with pytest.raises(pytest.skip.Exception, match="declared absent"):
        election_data()


def test_fails_for_anything_else_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELECTION_DATA", "absent")
    try:
        needs.program("no-such-server", package="no-such-package")
    except needs.Missing as reason:
        with pytest.raises(pytest.fail.Exception, match="no-such-package"):
            needs.skip_for(reason)
