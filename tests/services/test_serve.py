"""The command `manage.py serve`."""

import os
import re
import signal
import socket
from collections.abc import Callable
from contextlib import ExitStack
from http import HTTPStatus
from http.client import HTTPConnection
from itertools import pairwise
from pathlib import Path

import pytest

from electiondesk.demo_accounts import PASSWORD
from electiondesk.launcher import APPLICATION, ServerName, ServerOptions, command
from tests.needs import ROOT
from tests.processes import START_SECONDS
from tests.servers import Server


def open_files(desk: Server) -> int:
    assert desk.process is not None
    limits = Path(f"/proc/{desk.process.pid}/limits").read_text()
    match = re.search(r"Max open files\s+(\d+)", limits)
    assert match is not None
    return int(match[1])


def children(desk: Server) -> list[int]:
    assert desk.process is not None
    pid = desk.process.pid
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.mark.parametrize("server", ["daphne", "uvicorn"])
def test_no_option_limits_the_size_of_messages_that_are_sent(server: ServerName) -> None:
    """Daphne's limits are of both directions, and 0 is none."""
    words = command(ServerOptions(server=server))
    limits = {name: value for name, value in pairwise(words) if name.startswith("--websocket-max")}
    off = {"--websocket-max-message-size": "0", "--websocket-max-frame-size": "0"}
    assert limits == (off if server == "daphne" else {})
    assert words[-1] == APPLICATION


def test_says_where_the_desk_is(make_desk: Callable[..., Server]) -> None:
    with make_desk() as desk:
        assert f"Serving the desk on {desk.origin}/ (Ctrl-C ends it)" in desk.output()


@pytest.mark.parametrize("processes", ["1", "2"])
def test_says_that_it_cannot_listen(make_desk: Callable[..., Server], processes: str) -> None:
    """In one sentence, before anything is started, and never that it serves."""
    desk = make_desk()
    with socket.create_server(("127.0.0.1", desk.port)):
        command = ("serve", "--port", str(desk.port), "--processes", processes)
        completed = desk.manage(*command, check=False)
    assert completed.returncode == 1
    words = f"CommandError: Cannot listen on 127.0.0.1, port {desk.port}: Address already in use."
    assert completed.stderr.strip() == words
    assert "Serving" not in completed.stdout


@pytest.mark.parametrize("server", ["daphne", "uvicorn"])
def test_names_each_status(make_desk: Callable[..., Server], server: ServerName) -> None:
    with make_desk(program=server) as desk:
        connection = HTTPConnection("127.0.0.1", desk.port, timeout=START_SECONDS)
        connection.request("GET", "/api/v1/elections/ge/contests?limit=0")
        answer = connection.getresponse()
        assert (answer.status, answer.reason) == (422, HTTPStatus(422).phrase)
        connection.close()


def test_raises_the_limit_of_open_files_to_the_number_of_readers(
    make_desk: Callable[..., Server],
) -> None:
    environment = {"READERS_PER_PROCESS": "3000"}
    with make_desk(environment=environment, open_files=(1024, 16_384)) as desk:
        assert open_files(desk) == 3000 + 1024
        assert "READERS_PER_PROCESS" not in desk.output()


def test_accepts_more_connections_than_the_shells_limit(
    make_desk: Callable[..., Server],
) -> None:
    """1,024 is the soft limit of Debian's shells, under which `make run` is started."""
    with make_desk(open_files=(1024, 16_384)) as desk, ExitStack() as idle:
        for _connection in range(1100):
            address = ("127.0.0.1", desk.port)
            idle.enter_context(socket.create_connection(address, timeout=START_SECONDS))
        assert desk.get("/healthz") == "ok\n"


def test_reports_a_hard_limit_that_is_too_low(make_desk: Callable[..., Server]) -> None:
    environment = {"READERS_PER_PROCESS": "3000"}
    with make_desk(environment=environment, open_files=(1024, 2048)) as desk:
        assert open_files(desk) == 2048
        assert "Open files are limited to 2048" in desk.output()


@pytest.mark.parametrize("server", ["daphne", "uvicorn"])
def test_processes_share_a_port_and_are_restarted(
    make_desk: Callable[..., Server], server: ServerName
) -> None:
    with make_desk(program=server, options=("--processes", "2")) as desk:
        first = children(desk)
        assert len(first) == 2
        os.kill(first[0], signal.SIGKILL)
        assert desk.process is not None
        desk.wait_until(lambda: len(set(children(desk)) - {first[0]}) == 2)
        desk.get("/healthz")
        desk.stop()
        assert desk.process.returncode == 0


def test_serves_the_role_of_the_command_line(make_desk: Callable[..., Server]) -> None:
    with make_desk(options=("--role", "readers")) as desk:
        desk.get("/")
        with pytest.raises(OSError, match="404"):
            desk.get("/count/sign-in/")


def test_refuses_to_start_in_public_with_accounts_of_the_demo(
    make_desk: Callable[..., Server],
) -> None:
    public = {
        "DEBUG": "0",
        "ALLOWED_HOSTS": "127.0.0.1",
        "CSRF_TRUSTED_ORIGINS": "https://desk.example",
        "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
    }
    desk = make_desk(environment=public)
    desk.manage(
        "createsuperuser", "--no-input", "--username", "editor", "--email", "e@desk.example"
    )
    completed = desk.manage("serve", "--port", str(desk.port), check=False)
    assert completed.returncode == 1
    assert "accounts of the demo: editor" in completed.stderr


def test_only_the_launcher_has_server_options() -> None:
    allowed = {"electiondesk/launcher.py", "tests/services/test_serve.py"}
    spelt = re.compile(r"daphne (-|--)|[\"']-m[\"'], [\"'](daphne|uvicorn)|/bin/(daphne|uvicorn)")
    files = [ROOT / "Makefile", ROOT / "README.md"]
    for folder in ("bench", "deploy", "docs", "electiondesk", "results", "tests"):
        files += [path for path in (ROOT / folder).rglob("*") if path.suffix != ".pyc"]
    wrong = [
        name
        for path in files
        if path.is_file()
        and (name := str(path.relative_to(ROOT))) not in allowed
        and spelt.search(path.read_text(errors="ignore"))
    ]
    assert wrong == []
