"""Browsers and desks of the tests of sign-in, each browser at an address of its own."""

import http.cookiejar
import re
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count

from tests.phone import Phone, Response
from tests.seeds import sign_in
from tests.servers import Server

COUNT_FORM, DESK_FORM = "/count/sign-in/", "/admin/login/"
SECOND_FACTOR = "/admin/second-factor/"
_addresses = count(1)


@dataclass(frozen=True)
class Reporter:
    name: str
    token: str
    code: str


class Browser(Phone):
    """A browser of its own at one address: a new device until it has signed in."""

    def __init__(self, server: Server, address: str) -> None:
        super().__init__(server)
        policy = http.cookiejar.DefaultCookiePolicy(secure_protocols=("http", "https"))
        self.cookies.set_policy(policy)
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        self.opener.addheaders = [("X-Forwarded-For", address)]

    def password(self, name: str, password: str, form: str = COUNT_FORM) -> Response:
        self.get(form)
        fields = {"username": name, "password": password}
        return self.post(form, fields | ({"next": "/admin/"} if form == DESK_FORM else {}))

    def guess(self, name: str, form: str = COUNT_FORM, times: int = 1) -> Response:
        """Try wrong passwords one after the other; return the last answer."""
        return [self.password(name, "wrong", form) for _time in range(times)][-1]

    def code(self, code: str) -> Response:
        self.get(COUNT_FORM)
        return self.post(COUNT_FORM, {"code": code})

    def link(self, token: str) -> Response:
        path = f"{COUNT_FORM}{token}/"
        self.get(path)
        return self.post(path, {})

    def second_factor(self, code: str) -> Response:
        return self.post(SECOND_FACTOR, {"code": code, "next": "/admin/"})

    def sign_out(self) -> None:
        self.get("/count/")
        self.post("/count/sign-out/", {})


class Desk:
    """One night on one or two servers over one database, and the hashes they have paid for."""

    def __init__(self, servers: list[Server]) -> None:
        self.servers = servers
        self.hashes_file = servers[0].folder / "hashes"
        users = servers[0].seed(sign_in.people)
        self._reporters = iter([Reporter(**fields) for fields in users["reporters"]])
        self._editors = iter(users["editors"])

    def reporter(self) -> Reporter:
        return next(self._reporters)

    def editor(self) -> str:
        name: str = next(self._editors)
        return name

    def address(self) -> str:
        """An address that no other browser of these tests has."""
        number = next(_addresses)
        return f"203.0.{number // 250}.{number % 250 + 1}"

    def browser(self, address: str, process: int = 0) -> Browser:
        return Browser(self.servers[process], address)

    def hashes(self) -> int:
        return self.hashes_file.stat().st_size

    def audit(self) -> list[list[str]]:
        return self.servers[0].seed(sign_in.audit)

    def log(self) -> str:
        return self.servers[0].output()


@contextmanager
def running_desk(
    make_desk: Callable[..., Server], database_url: str = "", processes: int = 1, **more: str
) -> Iterator[Desk]:
    first = make_desk(database_url=database_url)
    counted = {
        "DJANGO_SETTINGS_MODULE": "tests.acceptance.counted_hashes",
        "HASHES_FILE": str(first.folder / "hashes"),
        "SECOND_FACTOR": "1",
        "DATABASE_URL": first.environment["DATABASE_URL"],
        **more,
    }
    first.environment |= counted
    servers = [first, *(make_desk(environment=counted) for _other in range(processes - 1))]
    desk = Desk(servers)
    for server in servers:
        server.start()
    yield desk
    for server in servers:
        server.stop()


def without_token_and_time(page: str) -> str:
    """Return the page without what two equal answers need not share: CSRF token and minute."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)
    return re.sub(r"as it was at \d\d:\d\d on \d+ \w+", "", page)


def wait_until(page: str) -> str:
    """Return the time until which the page asks to wait."""
    match = re.search(r"Wait until (\d\d:\d\d)", page)
    assert match is not None, page
    return match[1]


def at_once(tries: list[Callable[[], Response]]) -> list[Response]:
    with ThreadPoolExecutor(len(tries)) as pool:
        return [answer.result() for answer in [pool.submit(attempt) for attempt in tries]]
