"""A receiver of webhooks: a local HTTP server that notes what it is sent."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from results.webhooks import sending
from tests.processes import START_SECONDS


@dataclass
class Receiver:
    """`statuses` are answered one after the other, the last one for ever."""

    port: int = 0
    statuses: list[int] = field(default_factory=lambda: [200])
    received: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    hang: threading.Event | None = None
    retry_after: str = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.received.append((self.path, headers, body))
            if receiver.hang is not None:
                receiver.hang.wait(30)
            statuses = receiver.statuses
            status = statuses.pop(0) if len(statuses) > 1 else statuses[0]
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", receiver.url)
            if receiver.retry_after:
                self.send_header("Retry-After", receiver.retry_after)
            self.end_headers()

        def log_message(self, *_args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()


#: What a test asks a silent server in place of a request.
PROBE = b"?"
#: How long a request waits for a silent server.
SILENCE_SECONDS = 0.05


@dataclass
class SilentServer:
    """Takes connections, and never answers."""

    port: int
    open: list[socket.socket] = field(default_factory=list)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def connections(self) -> int:
        """How many have come: a probe, which is answered, comes after all of them."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=START_SECONDS) as probe:
            probe.sendall(PROBE)
            assert probe.recv(1) == PROBE
        return len(self.open)


@contextmanager
def silent_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[SilentServer]:
    """A silent server, which requests soon give up; they are patient with every other."""

    class Connection(sending._Connection):
        def connect(self) -> None:
            super().connect()
            if self._target.port == silent.port:
                self.sock.settimeout(SILENCE_SECONDS)

    monkeypatch.setattr(sending, "_Connection", Connection)
    monkeypatch.setattr(sending, "TIMEOUT_SECONDS", START_SECONDS)
    monkeypatch.setattr(sending, "WHOLE_SECONDS", START_SECONDS)
    with socket.create_server(("127.0.0.1", 0)) as server:
        silent = SilentServer(server.getsockname()[1])

        def accept() -> None:
            while first := (connection := server.accept()[0]).recv(1):
                if first == PROBE:
                    connection.sendall(PROBE)
                    connection.close()
                else:
                    silent.open.append(connection)
            connection.close()

        accepting = threading.Thread(target=accept)
        accepting.start()
        try:
            yield silent
        finally:
            socket.create_connection(("127.0.0.1", silent.port)).close()
            accepting.join()
            for connection in silent.open:
                connection.close()
