"""The files in deploy/, run as they are: Debian's nginx in front of three processes of the desk."""

import json
import os
import re
import signal
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from websockets.sync.client import connect
from websockets.typing import Origin

from tests import needs
from tests.backing import Backing
from tests.servers import Server

pytestmark = pytest.mark.services

SEED = """
from tests import nights
nights.islington_north(nights.election())
"""
HEADLINE = """
from results import desk
from results.models import Election
from tests import nights
desk.headline(Election.objects.get(slug="ge"), {text!r}, by=nights.user(), key={text!r})
"""
ACTS = "from results.models import Act; print([act.network for act in Act.objects.all()])"
SITE = needs.ROOT / "deploy" / "nginx.conf"


class Nginx(Backing):
    """Debian's own, with our file: only ports, paths and the server's name are this test's."""

    def __init__(self, desks: list[Server]) -> None:
        self.program = needs.program("nginx", package="nginx-light", folders="/usr/sbin")
        super().__init__()
        self.url = f"http://127.0.0.1:{self.port}"
        site = SITE.read_text()
        for ours, theirs in (
            ("listen 80 ", f"listen 127.0.0.1:{self.port} "),
            ("server 127.0.0.1:8001 ", f"server 127.0.0.1:{desks[0].port} "),
            ("server 127.0.0.1:8002 ", f"server 127.0.0.1:{desks[1].port} "),
            ("server 127.0.0.1:8011 ", f"server 127.0.0.1:{desks[2].port} "),
            ("/var/cache/nginx/desk", str(self.folder / "cache")),
            ("/srv/election-desk/.static/", f"{needs.ROOT}/static/"),
            ("/var/log/nginx/desk.log", f"{self.folder}/access.log"),
            ("server_name desk.example;", "server_name 127.0.0.1;"),
        ):
            assert site.count(ours) == 1, ours
            site = site.replace(ours, theirs)
        # A port of our own is part of the name here, as 80 and 443 are not.
        site = site.replace("proxy_set_header Host $host;", "proxy_set_header Host $http_host;")
        (self.folder / "site.conf").write_text(site)
        user = "user root;" if os.getuid() == 0 else ""
        temporary = "\n".join(
            f"{name}_temp_path {self.folder}/{name};"
            for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (self.folder / "nginx.conf").write_text(
            f"{user}\ndaemon off;\npid {self.folder}/pid;\nerror_log {self.folder}/error.log;\n"
            f"events {{}}\nhttp {{\naccess_log off;\n{temporary}\n"
            f"include {self.folder}/site.conf;\n}}\n"
        )

    def command(self) -> list[str | Path]:
        return [self.program, "-p", self.folder, "-c", self.folder / "nginx.conf"]

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], str]:
        request = urllib.request.Request(self.url + path, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, dict(answer.headers), answer.read().decode("utf-8", "replace")
        except urllib.error.HTTPError as answer:
            return answer.code, dict(answer.headers), answer.read().decode()


@pytest.fixture
def desks(make_desk: Callable[..., Server], postgres_url: str, redis_url: str) -> list[Server]:
    """Two processes for readers, and one for writers."""
    three = [
        make_desk(
            database_url=postgres_url,
            redis_url=redis_url,
            environment={"ROLE": role},
        )
        for role in ("readers", "readers", "writers")
    ]
    three[0].python(SEED)
    for desk in three:
        desk.start()
    return three


@pytest.fixture
def nginx(desks: list[Server]) -> Iterator[Nginx]:
    try:
        server = Nginx(desks)
    except needs.Missing as reason:
        needs.skip_for(reason)
    with server:
        yield server


def test_the_file_is_what_nginx_takes(nginx: Nginx) -> None:
    done = subprocess.run([*nginx.command(), "-t"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "[warn]" not in done.stderr


def test_pages_are_kept_for_a_moment_and_readers_hear_at_once(
    nginx: Nginx, desks: list[Server]
) -> None:
    seen = [nginx.get("/ge/")[1]["X-Cache"] for _time in range(5)]
    assert seen[0] == "MISS"
    assert "HIT" in seen
    page = nginx.get("/ge/")[2]
    epoch = re.search(r'data-epoch="([^"]+)"', page).group(1)
    address = f"ws://127.0.0.1:{nginx.port}/live/ge/?epoch={epoch}&since=0"
    with connect(address, origin=Origin(nginx.url)) as reader:
        desks[0].python(HEADLINE.format(text="Through the proxy"))
        while True:
            frame = json.loads(reader.recv(timeout=20))
            if frame.get("sequence") == 1:
                break
    assert "Through the proxy" in frame["fragments"]["headline"]


def test_one_process_gone_is_no_page_less(nginx: Nginx, desks: list[Server]) -> None:
    desks[1].kill()
    for number in range(6):
        assert nginx.get(f"/ge/feed/?before={number + 100}")[0] == 200


def test_a_desk_that_is_away_leaves_the_last_page(nginx: Nginx, desks: list[Server]) -> None:
    assert nginx.get("/ge/")[0] == 200
    for desk in desks:
        desk.kill()
    status, headers, page = nginx.get("/ge/")
    assert (status, "General election" in page) == (200, True)
    assert headers["X-Cache"] in ("HIT", "STALE", "UPDATING")


def test_nothing_that_a_client_says_of_itself_is_believed(
    nginx: Nginx, desks: list[Server]
) -> None:
    cookie = nginx.get("/count/sign-in/")[1]["Set-Cookie"].split(";")[0]
    token = cookie.split("=")[1]
    body = f"username=ann&password=wrong&csrfmiddlewaretoken={token}".encode()
    told = {"X-Forwarded-For": "198.51.100.9", "Forwarded": "for=198.51.100.9", "Cookie": cookie}
    request = urllib.request.Request(f"{nginx.url}/count/sign-in/", data=body, headers=told)
    urllib.request.urlopen(request, timeout=20).close()
    said = desks[0].python(ACTS).stdout
    assert "'127.0.0.1'" in said
    assert "198.51.100.9" not in said


def test_what_is_not_for_everyone_and_what_may_not_be_tried_for_ever(nginx: Nginx) -> None:
    assert nginx.get("/metrics")[0] == 404
    statuses = {nginx.get("/count/sign-in/")[0] for _time in range(90)}
    assert statuses == {200, 429}
    assert nginx.get("/ge/")[0] == 200


def test_a_sign_in_links_token_is_not_written_down(nginx: Nginx, desks: list[Server]) -> None:
    desks[2].kill()
    for path in ("/count/sign-in/a-secret-token/", "/count/sign-in/a-secret-token"):
        nginx.get(path, Referer=f"{nginx.url}/count/sign-in/a-secret-token/")
    assert nginx.get("/ge/")[0] == 200
    nginx.stop(signal.SIGQUIT)  # it writes a line after the answer is sent; now all are written
    logs = "".join(log.read_text() for log in nginx.folder.glob("*.log"))
    assert "/count/sign-in/[token]/" in logs
    assert "GET /ge/" in logs
    assert "a-secret-token" not in logs


def test_static_files_come_from_nginx_for_ever(nginx: Nginx) -> None:
    status, headers, _body = nginx.get("/static/reader/reader.css")
    assert status == 200
    assert "immutable" in headers["Cache-Control"]


def test_what_a_crowd_without_sockets_asks_for_is_asked_of_the_desk_once(
    nginx: Nginx, desks: list[Server]
) -> None:
    for text in ("One", "Two"):
        desks[0].python(HEADLINE.format(text=text))
    now = json.loads(nginx.get("/ge/now/")[2])
    span = f"/ge/updates/{now['epoch']}/0-{now['sequence']}/"
    browsers = ["gzip, deflate, br, zstd", "br;q=1.0, gzip;q=0.8", "br"]
    seen = [nginx.get(span, **{"Accept-Encoding": browser})[1] for browser in browsers * 3]
    assert [one["X-Cache"] for one in seen] == ["MISS", *["HIT"] * 8]
    assert {one["Content-Encoding"] for one in seen} == {"br"}
    assert all("max-age=10" in one["Cache-Control"] for one in seen)
    for desk in desks:
        desk.kill()
    assert nginx.get(span, **{"Accept-Encoding": "br"})[0] == 200


@pytest.mark.parametrize("role", ["readers", "writers"])
def test_the_units_and_the_environment_name_only_what_there_is(role: str) -> None:
    given = (needs.ROOT / "deploy" / "election-desk.env").read_text()
    documented = (needs.ROOT / "docs" / "settings.md").read_text()
    for line in given.splitlines():
        if line and not line.startswith("#"):
            assert f"`{line.split('=')[0]}`" in documented, line
    unit = (needs.ROOT / "deploy" / f"election-desk-{role}@.service").read_text()
    assert "--proxy-headers" not in unit  # it believes anybody
    assert f"Environment=ROLE={role}" in unit
    assert "LimitNOFILE" in unit
