"""Choice of the server of a process: uvicorn for readers if installed, else Daphne."""

import importlib.util
import urllib.request
from collections.abc import Callable

import pytest

from electiondesk.launcher import ServerChoice, ServerMissingError, choose_server
from tests.servers import Server

ROLES = ("all", "readers", "writers")


@pytest.fixture
def without_uvicorn(monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "uvicorn" else find(name)
    )


@pytest.mark.parametrize(
    ("role", "server"), [("readers", "uvicorn"), ("writers", "daphne"), ("all", "daphne")]
)
def test_readers_run_on_uvicorn_and_all_others_on_daphne(
    make_desk: Callable[..., Server], role: str, server: str
) -> None:
    with make_desk(program="auto", environment={"ROLE": role}) as desk:
        with urllib.request.urlopen(desk.url("/healthz")) as answer:
            assert answer.headers["Server"].lower().startswith(server)
        desk.stop()
        assert "Traceback" not in desk.output()


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("server", ["daphne", "uvicorn"])
def test_option_overrides_the_role(role: str, server: ServerChoice) -> None:
    assert choose_server(server, role) == server


@pytest.mark.usefixtures("without_uvicorn")
@pytest.mark.parametrize("role", ROLES)
def test_without_uvicorn_everything_runs_on_daphne(role: str) -> None:
    assert choose_server("auto", role) == "daphne"
    with pytest.raises(ServerMissingError, match=r"requirements-readers\.txt"):
        choose_server("uvicorn", role)
