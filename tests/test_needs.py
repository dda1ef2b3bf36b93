"""What is skipped, and what fails where REQUIRE_SERVICES=1 promises that everything is there."""

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


def test_missing_files_of_real_results_fail(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ELECTION_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(pytest.fail.Exception, match="there are no real results"):
        election_data()


def test_declared_absence_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELECTION_DATA", "absent")
    with pytest.raises(pytest.skip.Exception, match="declared absent"):
        election_data()


def test_declared_absence_excuses_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELECTION_DATA", "absent")
    try:
        needs.program("no-such-server", package="no-such-package")
    except needs.Missing as reason:
        with pytest.raises(pytest.fail.Exception, match="no-such-package"):
            needs.skip_for(reason)
