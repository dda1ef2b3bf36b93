"""Build the server's command line and run it, in one process or in several.

`manage.py serve` uses it, and so do `make run`, the systemd units, the container and the tests. The
benchmarks use `command` for applications of their own.
"""

import importlib.util
import logging
import resource
import runpy
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from types import FrameType
from typing import Literal, NoReturn, get_args

from electiondesk.lifecycle.timeouts import (
    KEEP_ALIVE_SECONDS,
    PING_SECONDS,
    RESTART_PAUSE_SECONDS,
)
from electiondesk.socket_messages import MAX_MESSAGE_BYTES

logger = logging.getLogger(__name__)

ServerName = Literal["daphne", "uvicorn"]
#: Values of `manage.py serve --server`.
ServerChoice = Literal["auto", "daphne", "uvicorn"]
SERVERS: tuple[ServerChoice, ...] = get_args(ServerChoice)

APPLICATION = "electiondesk.asgi:application"
#: Connections that the kernel holds until the server accepts them. The default of both servers is
#: far smaller, and a crowd that reconnects at once would be refused.
BACKLOG = 4096
#: Packages of requirements-readers.txt that uvicorn needs for sockets.
_UVICORN_PACKAGES = ("uvicorn", "websockets")


class ServerMissingError(Exception):
    """The server that was asked for is not installed."""


class AddressError(Exception):
    """The server cannot listen on the address and port that it was told."""


@dataclass(frozen=True)
class ServerOptions:
    """Options of a server; its `processes` accept from one listening socket."""

    server: ServerName = "daphne"
    host: str = "127.0.0.1"
    port: int = 8000
    backlog: int = BACKLOG
    processes: int = 1
    ping_seconds: int = PING_SECONDS
    application: str = APPLICATION


def choose_server(choice: ServerChoice, role: str) -> ServerName:
    """Return the server for a process of `role`; "auto" is uvicorn for readers where installed.

    Sending to a socket costs half as much on uvicorn. Daphne limits what nginx would limit
    otherwise, and needs no extra packages. Raises ServerMissingError.
    """
    has_uvicorn = all(importlib.util.find_spec(name) for name in _UVICORN_PACKAGES)
    if choice == "uvicorn" or (choice == "auto" and role == "readers" and has_uvicorn):
        if not has_uvicorn:
            raise ServerMissingError(
                "uvicorn is not installed: pip install -r requirements-readers.txt"
            )
        return "uvicorn"
    return "daphne"


def command(options: ServerOptions, *, listening_fd: int | None = None) -> list[str]:
    """Return the command line of one server process.

    It binds `host` and `port` itself, or accepts from `listening_fd`, a socket that it inherits.
    """
    build = _daphne if options.server == "daphne" else _uvicorn
    return [sys.executable, "-m", *build(options, listening_fd), options.application]


def _daphne(options: ServerOptions, listening_fd: int | None) -> list[str]:
    # No limits on the size of frames and messages: Daphne's library applies them to what is sent
    # as well. `electiondesk.daphne_frames` limits what is received.
    # No access log: it would hold the tokens of sign-in links.
    if listening_fd is not None:
        address = ["--fd", str(listening_fd)]
    else:
        interface = options.host.replace(":", r"\:")
        endpoint = f"tcp:port={options.port}:interface={interface}:backlog={options.backlog}"
        address = ["--endpoint", endpoint]
    ping = str(options.ping_seconds)
    return [
        "daphne", "--verbosity", "0", *address, "--ping-interval", ping, "--ping-timeout", ping,
        "--websocket-max-message-size", "0", "--websocket-max-frame-size", "0",
    ]  # fmt: skip


def _uvicorn(options: ServerOptions, listening_fd: int | None) -> list[str]:
    if listening_fd is not None:
        address = ["--fd", str(listening_fd)]
    else:
        address = ["--host", options.host, "--port", str(options.port)]
    ping = str(options.ping_seconds)
    return [
        "uvicorn", *address, "--backlog", str(options.backlog),
        "--ws-ping-interval", ping, "--ws-ping-timeout", ping,
        # Of the implementation that waits for a slow reader; the others buffer without a limit.
        "--ws", "electiondesk.uvicorn_frames:SharedFramesProtocol",
        # Compressing the same text again for each reader costs more than sending it.
        "--ws-per-message-deflate", "false",
        "--ws-max-size", str(MAX_MESSAGE_BYTES),
        # Longer than nginx keeps a connection without requests. Otherwise it would send one on a
        # connection that is being closed.
        "--timeout-keep-alive", str(KEEP_ALIVE_SECONDS),
        # electiondesk.proxies reads forwarded headers, from trusted proxies only.
        "--no-proxy-headers",
        # Beside a view's own there would be two (results/reader/updates.py). Daphne adds none.
        "--no-date-header",
        "--no-access-log", "--log-level", "warning", "--lifespan", "off",
    ]  # fmt: skip


def raise_open_file_limit(needed: int) -> int:
    """Raise the limit of open files to `needed`, as far as the hard limit allows; return it.

    Debian's soft limit is 1,024, its hard limit a million.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < needed:
        soft = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return soft if soft != resource.RLIM_INFINITY else sys.maxsize


def require_address(options: ServerOptions) -> None:
    """Raise AddressError, with the reason, unless a server can listen where the options say."""
    try:
        _listen(options).close()
    except OSError as exc:
        # Python's library adds what it was doing.
        reason, *_doing = (exc.strerror or str(exc)).split(" (while ")
        raise AddressError(
            f"Cannot listen on {options.host}, port {options.port}: {reason}."
        ) from None


def run(options: ServerOptions) -> NoReturn:
    """Run the server until SIGTERM: in this process, or in several child processes."""
    if options.processes == 1:
        _run_in_process(command(options))
    with _listen(options) as listening:
        _Supervisor(options, listening.fileno()).run()
    sys.exit(0)


def _run_in_process(argv: Sequence[str]) -> NoReturn:
    """Run `argv`, a `python -m` command line, without starting Python again."""
    module, sys.argv = argv[2], [argv[2], *argv[3:]]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
    sys.exit(0)


def _listen(options: ServerOptions) -> socket.socket:
    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    listening = socket.create_server(
        (options.host, options.port), family=family, backlog=options.backlog
    )
    listening.setblocking(False)
    return listening


class _Supervisor:
    """Runs child processes that accept from one socket, and restarts one that ends by itself."""

    def __init__(self, options: ServerOptions, listening_fd: int) -> None:
        self._argv = command(options, listening_fd=listening_fd)
        self._fd = listening_fd
        self._processes = options.processes
        self._children: dict[int, subprocess.Popen[bytes]] = {}
        self._stopping = False

    def _start(self, number: int) -> None:
        child = subprocess.Popen(self._argv, pass_fds=[self._fd])  # noqa: S603 - our own
        self._children[number] = child
        if self._stopping:  # the signal came while it was started
            child.send_signal(signal.SIGTERM)

    def run(self) -> None:
        """Keep the children running until SIGTERM or SIGINT, then wait for each to end."""
        for signal_number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signal_number, self._stop)
        for number in range(self._processes):
            self._start(number)
        while not self._stopping:
            for number, child in list(self._children.items()):
                if child.poll() is not None and not self._stopping:
                    logger.error("server process ended (%s): starting another", child.returncode)
                    self._start(number)
            time.sleep(RESTART_PAUSE_SECONDS)
        for child in self._children.values():
            child.wait()

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True
        for child in list(self._children.values()):
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
