"""Pages a second: this application, a bare Django view and nginx, all with the same bytes."""

import socket
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from bench.night import Prepared
from bench.rigs import ELECTION
from tests import needs
from tests.backing import Backing
from tests.servers import Server

#: Connections that request without a pause, and for how long.
CONNECTIONS, SECONDS = 8, 5.0
BARE = "a bare Django view"


@dataclass(frozen=True)
class PageRate:
    """Responses a second at one address, and their size in bytes."""

    address: str
    per_second: float
    size: int


class BareServer(Server):
    """A Django view without middleware that returns the same bytes, on the same server."""

    application = "bench.rigs.plain_view:application"


class Nginx(Backing):
    """nginx with a file, and with a cache in front of the application as in deploy/nginx.conf."""

    def __init__(self, files: Path, desk: Server) -> None:
        self.program = needs.program("nginx", package="nginx-light", folders="/usr/sbin")
        super().__init__()
        self.url = f"http://127.0.0.1:{self.port}"
        temporary = "".join(
            f"{name}_temp_path {self.folder}/{name};\n"
            for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (self.folder / "nginx.conf").write_text(
            f"user root;\ndaemon off;\npid {self.folder}/pid;\n"
            f"error_log {self.folder}/error.log;\nevents {{}}\nhttp {{\naccess_log off;\n"
            f"{temporary}keepalive_requests 1000000;\n"
            f"proxy_cache_path {self.folder}/cache keys_zone=desk:10m use_temp_path=off;\n"
            f"server {{\nlisten 127.0.0.1:{self.port};\n"
            f"location /file/ {{ alias {files}/; gzip_static on; }}\n"
            "location / {\nproxy_cache desk; proxy_cache_lock on; proxy_cache_use_stale updating;\n"
            "proxy_cache_background_update on; proxy_http_version 1.1;\n"
            f"proxy_set_header Connection ''; proxy_pass http://127.0.0.1:{desk.port};\n}}\n"
            "}\n}\n"
        )

    def command(self) -> list[str | Path]:
        return [self.program, "-p", self.folder, "-c", self.folder / "nginx.conf"]


def page_rates(prepared: Prepared) -> list[PageRate]:
    folder = prepared.copy("pages")
    desk = Server(folder)
    with ExitStack() as stack:
        stack.enter_context(desk)
        page = f"/{ELECTION}/"
        body, headers = _once(desk.port, page)
        (folder / "files").mkdir()
        for name in ("page.html", "page.html.gz"):
            (folder / "files" / name).write_bytes(body)
        bare = stack.enter_context(
            BareServer(folder, environment={"BENCH_BODY": str(folder / "files/page.html")})
        )
        tag = dict(line.split(": ", 1) for line in headers.splitlines()[1:] if ": " in line)["ETag"]
        # (name, port, path, headers); measured in turn, under the same conditions.
        requests = [
            (BARE, bare.port, "/", ""),
            ("the live page", desk.port, page, ""),
            ("the live page, unchanged (304)", desk.port, page, f"If-None-Match: {tag}\r\n"),
            ("a poll (now/)", desk.port, f"/{ELECTION}/now/", ""),
            ("updates (updates/)", desk.port, f"/{ELECTION}/updates/90/", ""),
        ]
        try:
            nginx = stack.enter_context(Nginx(folder / "files", desk))
            requests += [
                ("the live page behind nginx’s cache of a second", nginx.port, page, ""),
                ("the archived file, by nginx", nginx.port, "/file/page.html", ""),
            ]
        except needs.Missing:
            pass  # the table then lacks these two rows
        return [PageRate(name, *_rate(port, path, more)) for name, port, path, more in requests]


def _request(path: str, more: str) -> bytes:
    return (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n{more}\r\n"
    ).encode()


def _once(port: int, path: str) -> tuple[bytes, str]:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(_request(path, ""))
        with connection.makefile("rb") as file:
            return _response(file)


def _response(file: BinaryIO) -> tuple[bytes, str]:
    """Read one response from a connection that stays open; return its body and head."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += file.readline()
    text = head.decode("latin-1")
    sizes = [line for line in text.lower().splitlines() if line.startswith("content-length:")]
    assert " 200 " in text.splitlines()[0] or " 304 " in text.splitlines()[0], text
    size = int(sizes[0].split(":")[1]) if sizes and " 304 " not in text.splitlines()[0] else 0
    return file.read(size), text


def _rate(port: int, path: str, more: str) -> tuple[float, int]:
    """Return the responses a second, and the bytes of one."""
    counts, sizes, over = [0] * CONNECTIONS, [0] * CONNECTIONS, threading.Event()

    def repeat(number: int) -> None:
        address = ("127.0.0.1", port)
        with socket.create_connection(address) as connection, connection.makefile("rb") as file:
            while not over.is_set():
                connection.sendall(_request(path, more))
                sizes[number] = len(_response(file)[0])
                counts[number] += 1

    threads = [threading.Thread(target=repeat, args=(number,)) for number in range(CONNECTIONS)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    over.wait(SECONDS)
    over.set()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - start), max(sizes)
