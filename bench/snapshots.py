"""Pages a second: the desk's own beside a bare Django view and beside nginx with the same bytes."""

import socket
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from bench.night import ELECTION, Prepared
from tests import needs
from tests.backing import Backing
from tests.servers import Server

#: Connections that ask without a pause, and for how many seconds.
ABREAST, SECONDS = 8, 5.0
BARE = "a bare Django view"


@dataclass(frozen=True)
class Asked:
    what: str
    per_second: float
    size: int


class Bare(Server):
    """A view that answers with bytes, on the same server, in the fewest lines that Django takes."""

    application = "bench.rigs.bare:application"


class Nginx(Backing):
    """A file, or the desk behind a cache of a second, as deploy/nginx.conf has it."""

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


def snapshots(prepared: Prepared) -> list[Asked]:
    folder = prepared.copy("snapshots")
    desk = Server(folder)
    with ExitStack() as stack:
        stack.enter_context(desk)
        page = f"/{ELECTION}/"
        body, headers = _once(desk.port, page)
        (folder / "files").mkdir()
        for name in ("page.html", "page.html.gz"):
            (folder / "files" / name).write_bytes(body)
        bare = stack.enter_context(
            Bare(folder, environment={"BENCH_BODY": str(folder / "files/page.html")})
        )
        tag = dict(line.split(": ", 1) for line in headers.splitlines()[1:] if ": " in line)["ETag"]
        # Names, ports and paths; each in turn, so that all meet one machine.
        asked = [
            (BARE, bare.port, "/", ""),
            ("the live page", desk.port, page, ""),
            ("the live page, unchanged (304)", desk.port, page, f"If-None-Match: {tag}\r\n"),
            ("where the night is (now/)", desk.port, f"/{ELECTION}/now/", ""),
            ("what came since (updates/)", desk.port, f"/{ELECTION}/updates/90/", ""),
        ]
        try:
            nginx = stack.enter_context(Nginx(folder / "files", desk))
            asked += [
                ("the live page behind nginx’s cache of a second", nginx.port, page, ""),
                ("the archived file, by nginx", nginx.port, "/file/page.html", ""),
            ]
        except needs.Missing:
            pass  # the table then lacks these two lines
        return [Asked(what, *_rate(port, path, more)) for what, port, path, more in asked]


def _request(path: str, more: str) -> bytes:
    return (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n{more}\r\n"
    ).encode()


def _once(port: int, path: str) -> tuple[bytes, str]:
    with socket.create_connection(("127.0.0.1", port)) as line, line.makefile("rb") as file:
        line.sendall(_request(path, ""))
        return _answer(file)


def _answer(file: BinaryIO) -> tuple[bytes, str]:
    """The body and the head of one answer on a line that stays open."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += file.readline()
    text = head.decode("latin-1")
    sizes = [line for line in text.lower().splitlines() if line.startswith("content-length:")]
    assert " 200 " in text.splitlines()[0] or " 304 " in text.splitlines()[0], text
    size = int(sizes[0].split(":")[1]) if sizes and " 304 " not in text.splitlines()[0] else 0
    return file.read(size), text


def _rate(port: int, path: str, more: str) -> tuple[float, int]:
    """Answers a second, and the bytes of one."""
    counts, sizes, over = [0] * ABREAST, [0] * ABREAST, threading.Event()

    def ask(place: int) -> None:
        with socket.create_connection(("127.0.0.1", port)) as line, line.makefile("rb") as file:
            while not over.is_set():
                line.sendall(_request(path, more))
                sizes[place] = len(_answer(file)[0])
                counts[place] += 1

    threads = [threading.Thread(target=ask, args=(place,)) for place in range(ABREAST)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    over.wait(SECONDS)
    over.set()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - start), max(sizes)
