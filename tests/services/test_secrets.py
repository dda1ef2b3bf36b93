"""Secrets appear in no response and no log of a desk that logs all it can."""

import http.cookiejar
import urllib.request
from collections.abc import Callable, Iterator

import pytest
from websockets.sync.client import connect
from websockets.typing import Origin

from tests.backing import Postgres
from tests.needs import Missing, skip_for
from tests.phone import Phone
from tests.processes import START_SECONDS
from tests.seeds import counts
from tests.servers import Server

pytestmark = pytest.mark.services

MARKED = {
    "the key": "marked-secret-key-of-a-desk-long-enough-for-anything-at-all",
    "a password": "marked-password-of-ann",
    "a wrong password": "marked-wrong-password",
    "a password in the wrong box": "marked-password-in-the-wrong-box",
    "the database's password": "marked-password-of-the-database",
}
KEY, PASSWORD, WRONG, MISPLACED, DATABASE = MARKED.values()
COUNT = "/count/ge/islington-north/"
PUBLIC = (
    "/ge/ /ge/islington-north/ /ge/feed/ /ge/results.json /ge/results.csv /ge/feed.atom "
    "/ge/updates/0/ /ge/bulletins/1/ /embed/ge/scoreboard/ /sitemap.xml /nowhere/at/all/"
).split()


@pytest.fixture
def postgres_of_its_own() -> Iterator[Postgres]:
    try:
        server = Postgres()
    except Missing as reason:
        skip_for(reason)
    with server:
        yield server


@pytest.fixture(params=["daphne", "uvicorn"])
def desk(
    make_desk: Callable[..., Server],
    postgres_of_its_own: Postgres,
    request: pytest.FixtureRequest,
) -> Server:
    """Facing the public, at DEBUG, with the access log of either server."""
    server = make_desk(
        program=request.param,
        database_url=postgres_of_its_own.url.replace("desk:desk@", f"desk:{DATABASE}@"),
        environment={
            "DEBUG": "0",
            "SECRET_KEY": KEY,
            "ALLOWED_HOSTS": "127.0.0.1",
            "CSRF_TRUSTED_ORIGINS": "https://127.0.0.1",
            "LOG_LEVEL": "DEBUG",
            "SECOND_FACTOR": "0",
            "DJANGO_SETTINGS_MODULE": "tests.breaking.settings",
        },
    )
    server.manage("migrate", "--verbosity", "0")
    return server


class Secured(Phone):
    """A client behind a proxy that ends TLS, so that secure cookies are sent."""

    def __init__(self, server: Server) -> None:
        super().__init__(server)
        policy = http.cookiejar.DefaultCookiePolicy(secure_protocols=("http", "https"))
        self.cookies.set_policy(policy)
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        referrer = f"https://127.0.0.1:{server.port}/"
        self.opener.addheaders = [("X-Forwarded-Proto", "https"), ("Referer", referrer)]

    def secrets(self) -> dict[str, str]:
        """The values of this browser's cookies, and the token of its last form."""
        secrets = {f"cookie {cookie.name}": cookie.value or "" for cookie in self.cookies}
        return {**secrets, "token of a form": self.token}


def by_pass(desk: Server, token: str) -> tuple[Secured, list[str]]:
    """Use a sign-in link in every wrong way; return the phone and the pages."""
    phone = Secured(desk)
    link = f"/count/sign-in/{token}/"
    assert phone.get(link).status == 200
    assert phone.post(link, {}).path == "/count/"
    assert phone.get(COUNT).status == 200
    assert phone.post(COUNT, {"step": "status", "status": "recount", "key": "k"}).status == 200
    wrong = [f"{link}nowhere/", link.replace("sign-in/", "sign-in%2F"), f"/nowhere/?next={link}"]
    answers = [phone.get(path) for path in wrong]
    texts = [answer.text for answer in answers if answer.status >= 400]
    assert texts
    broken = phone.get(f"{link}breaks/")
    assert broken.status == 500
    stranger = Secured(desk)
    stranger.get(link)
    assert stranger.post(link, {}).status == 403
    stranger.token = "no-token-of-ours"
    refused = stranger.post(link, {})
    assert refused.status == 403
    return phone, [*texts, broken.text, refused.text]


def by_code_and_password(desk: Server, code: str) -> list[Secured]:
    ann, again, editor = (Secured(desk) for _phone in range(3))
    ann.get("/count/sign-in/")
    assert ann.post("/count/sign-in/", {"code": code}).path == "/count/"
    again.get("/count/sign-in/")
    again.post("/count/sign-in/", {"username": "ann", "password": WRONG})
    again.post("/count/sign-in/", {"username": MISPLACED, "password": WRONG})
    right = {"username": "ann", "password": PASSWORD}
    assert again.post("/count/sign-in/", right).path == "/count/"
    editor.get("/admin/login/")
    editor.post("/admin/login/", {"username": MISPLACED, "password": WRONG, "next": "/admin/"})
    sent = {"username": "editor", "password": PASSWORD, "next": "/admin/"}
    assert editor.post("/admin/login/", sent).path == "/admin/"
    return [ann, again, editor]


def test_no_page_or_log_holds_a_secret(desk: Server, postgres_of_its_own: Postgres) -> None:
    token, code = desk.seed(counts.seat_with_passes, PASSWORD)
    desk.start()
    phone, texts = by_pass(desk, token)
    phones = [phone, *by_code_and_password(desk, code)]
    reader = Secured(desk)
    pages = {path: reader.get(path) for path in PUBLIC}
    assert "34,603" in pages["/ge/islington-north/"].text
    metrics = desk.get("/metrics")
    assert "desk_bulletin" in metrics
    secured = {"X-Forwarded-Proto": "https"}
    address = desk.socket_url("/live/ge/?since=0")
    origin = Origin(desk.origin.replace("http", "https"))
    with connect(
        address, open_timeout=START_SECONDS, origin=origin, additional_headers=secured
    ) as live:
        frame = str(live.recv(timeout=START_SECONDS))
    rows = desk.seed(counts.every_row)
    assert "Bulletin [(" in rows
    postgres_of_its_own.stop()
    away = reader.get("/readyz").text
    outputs = {
        "a log": desk.output(),
        "an error's page": "".join([*texts, away]),
        "a public page": "".join(page.text for page in pages.values()),
        "a frame": frame,
        "the figures": metrics,
        "the record": rows,
    }
    secrets = {**MARKED, "the token of a link": token, "a code": code}
    for number, browser in enumerate(phones):
        secrets |= {f"{name} of {number}": value for name, value in browser.secrets().items()}
    assert len(secrets) > 14
    leaks = [
        f"{name} is in {where}"
        for name, secret in secrets.items()
        for where, text in outputs.items()
        if secret in text
    ]
    assert leaks == []
    assert "/count/sign-in/[token]/" in desk.output()
