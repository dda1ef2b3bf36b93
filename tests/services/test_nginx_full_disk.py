"""The disk of nginx's machine is full: readers get their pages, and whoever sends is answered."""

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.faults.small_disk import fill, mounted
from tests.nginx import SITE, Nginx
from tests.services.nginx_desks import start_nginx

pytestmark = pytest.mark.services

#: More than nginx takes into memory of what is sent to it.
LONG = 300_000
#: Of pages that are asked for the first time: in compose.yaml, and in /run of a small machine.
MEGABYTES_A_SECOND, IN_RUN = 36, 12
SECONDS_UNTIL_DELETED = 10
#: docs/deploy.md wants 2 GB of memory, and Debian gives /run a tenth of it.
MEGABYTES_OF_RUN = 200


class PageHandler(BaseHTTPRequestHandler):
    """Answers everything with a page that may be cached."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Cache-Control", "max-age=0, s-maxage=60")
        self.send_header("Content-Length", "60000")
        self.end_headers()
        self.wfile.write(b"x" * 60_000)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with mounted(tmp_path / "small", 8) as folder:
        yield folder


@pytest.fixture
def nginx(disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Nginx]:
    """A site whose files are on the small disk, and what it keeps in /run is not."""
    with (
        ThreadingHTTPServer(("127.0.0.1", 0), PageHandler) as desk,
        monkeypatch.context() as patch,
    ):
        threading.Thread(target=desk.serve_forever, daemon=True).start()
        patch.setattr("tempfile.tempdir", str(disk))
        server = start_nginx([desk.server_port] * 4)
        site = server.folder / SITE.name
        text = site.read_text().replace(f"{server.folder}/cache", f"{tmp_path}/cache")
        site.write_text(text)
        with server:
            yield server
        desk.shutdown()


def test_keeps_pages_in_memory() -> None:
    """systemd mounts /run there; compose.yaml has a folder of its own in memory."""
    (folder,) = re.findall(r"(?m)^proxy_cache_path (\S+) ", SITE.read_text())
    assert Path(folder).parts[:2] == ("/", "run")
    assert f'tmpfs: ["{folder}:' in (SITE.parent / "compose.yaml").read_text()


def test_disk_of_pages_holds_what_comes_until_nginx_deletes() -> None:
    """It looks every ten seconds, and until then a crawler of every page goes on."""
    most, least = re.findall(r"max_size=(\d+)m\s+min_free=(\d+)m", SITE.read_text())[0]
    compose = (SITE.parent / "compose.yaml").read_text()
    (size,) = re.findall(r"/run/election-desk-cache:size=(\d+)m", compose)
    assert int(size) - int(most) >= MEGABYTES_A_SECOND * SECONDS_UNTIL_DELETED
    assert MEGABYTES_OF_RUN - int(most) >= IN_RUN * SECONDS_UNTIL_DELETED
    # With less than 16 MB free there, systemd refuses to load changed units.
    assert int(least) >= 2 * 16


def test_readers_get_their_pages(nginx: Nginx, disk: Path) -> None:
    """nginx closed the connection of each page that it could not store."""
    fill(disk / "ballast")
    for expected in ("MISS", "HIT"):
        answer = nginx.site.get("/ge/")
        assert (answer.status, len(answer.body)) == (200, 60_000)
        assert answer.headers["X-Cache"] == expected
    assert nginx.site.request("POST", "/count/ge/vale/", body=b"x" * 1000).status == 200


def test_who_sends_too_much_is_told(nginx: Nginx, disk: Path) -> None:
    body = b"x" * LONG
    assert nginx.site.request("POST", "/count/ge/vale/", body=body).status == 200
    fill(disk / "ballast")
    refused = nginx.site.request("POST", "/count/ge/vale/", body=body)
    assert refused.status == 500
    assert "This page cannot be shown now" in refused.text
    assert "No space left on device" in (nginx.folder / "error.log").read_text()
    (disk / "ballast").unlink()
    assert nginx.site.request("POST", "/count/ge/vale/", body=body).status == 200
