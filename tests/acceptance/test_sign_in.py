"""Sign-in as attackers and locked-out reporters meet it: real servers, plain HTTP clients.

Browsers claim addresses through X-Forwarded-For, which a server believes of a proxy on loopback.
"""

import http.cookiejar
import json
import re
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django_otp.oath import totp

from tests.acceptance.sign_in_seed import PASSWORD
from tests.phone import Answer, Phone
from tests.servers import Server

pytestmark = pytest.mark.services

COUNT_FORM, DESK_FORM = "/count/sign-in/", "/admin/login/"
SECOND_FACTOR = "/admin/second-factor/"
HALL, ELSEWHERE = "203.0.113.7", "198.51.100.9"
#: The documented limits that these tests run into.
TRIES_PER_ACCOUNT_AND_ADDRESS = 10
TRIES_PER_SECOND_FACTOR = 10


class Browser(Phone):
    """A browser of its own at one address: a new device until it has signed in."""

    def __init__(self, server: Server, address: str = HALL) -> None:
        super().__init__(server)
        policy = http.cookiejar.DefaultCookiePolicy(secure_protocols=("http", "https"))
        self.cookies.set_policy(policy)
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        self.opener.addheaders = [("X-Forwarded-For", address)]

    def password(self, name: str, password: str, form: str = COUNT_FORM) -> Answer:
        self.get(form)
        fields = {"username": name, "password": password}
        return self.post(form, fields | ({"next": "/admin/"} if form == DESK_FORM else {}))

    def code(self, code: str) -> Answer:
        self.get(COUNT_FORM)
        return self.post(COUNT_FORM, {"code": code})

    def link(self, token: str) -> Answer:
        path = f"{COUNT_FORM}{token}/"
        self.get(path)
        return self.post(path, {})

    def sign_out(self) -> None:
        self.get("/count/")
        self.post("/count/sign-out/", {})


class Desk:
    """One night on one or two servers over one database, and the hashes they have paid for."""

    def __init__(self, servers: list[Server], hashes: Path) -> None:
        self.servers = servers
        self.server = servers[0]
        self._hashes = hashes

    def hashes(self) -> int:
        return len(self._hashes.read_bytes())

    def passes(self) -> dict[str, dict[str, str]]:
        issued: dict[str, dict[str, str]] = json.loads(self._run("passes"))
        return issued

    def audit(self) -> list[list[str]]:
        rows: list[list[str]] = json.loads(self._run("audit"))
        return rows

    def _run(self, function: str) -> str:
        return self.server.python(
            f"from tests.acceptance import sign_in_seed as s; s.{function}()"
        ).stdout


def start(make_desk: Callable[..., Server], database_url: str, processes: int, **more: str) -> Desk:
    first = make_desk(database_url=database_url, environment={})
    hashes = first.folder / "hashes"
    environment = {
        "DJANGO_SETTINGS_MODULE": "tests.acceptance.counted_hashes",
        "HASHES_FILE": str(hashes),
        **more,
    }
    first.environment |= environment
    shared = {"DATABASE_URL": first.environment["DATABASE_URL"], **environment}
    servers = [first, *(make_desk(environment=shared) for _one in range(processes - 1))]
    desk = Desk(servers, hashes)
    desk._run("people")
    for server in servers:
        server.start()
    hashes.write_bytes(b"")
    return desk


@pytest.fixture
def desk(make_desk: Callable[..., Server]) -> Iterator[Desk]:
    made = start(make_desk, "", 1)
    yield made
    for server in made.servers:
        server.stop()


@pytest.fixture
def strict_desk(make_desk: Callable[..., Server]) -> Iterator[Desk]:
    """A desk whose limit for one address is low enough to run into quickly."""
    made = start(make_desk, "", 1, SIGN_IN_TRIES_PER_ADDRESS="20")
    yield made
    made.server.stop()


@pytest.fixture
def careful_desk(make_desk: Callable[..., Server]) -> Iterator[Desk]:
    """A desk that asks editors for a second factor."""
    made = start(make_desk, "", 1, SECOND_FACTOR="1")
    yield made
    made.server.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def two_processes(
    make_desk: Callable[..., Server], request: pytest.FixtureRequest
) -> Iterator[Desk]:
    """Two server processes over one database, on each kind of database."""
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""
    made = start(make_desk, url, 2)
    yield made
    for server in made.servers:
        server.stop()


def without_tokens(page: str) -> str:
    """A page's text without what differs in every answer: the form's CSRF token."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)


def errors_in(page: str) -> list[str]:
    found = re.findall(r'<(?:li|p class="errornote")>(.*?)</(?:li|p)>', page, re.DOTALL)
    return [re.sub(r"<[^>]+>", "", one).strip() for one in found]


# --- Passwords --------------------------------------------------------------------------------


@pytest.mark.parametrize(("form", "name"), [(COUNT_FORM, "ann"), (DESK_FORM, "editor")])
def test_a_throttled_form_answers_right_and_wrong_passwords_alike_and_hashes_neither(
    desk: Desk, form: str, name: str
) -> None:
    attacker = Browser(desk.server)
    for _try in range(TRIES_PER_ACCOUNT_AND_ADDRESS):
        assert "Too many" not in attacker.password(name, "wrong", form).text
    paid = desk.hashes()
    wrong = attacker.password(name, "wrong-again", form)
    right = attacker.password(name, PASSWORD, form)
    assert (wrong.status, right.status) == (429, 429)
    assert without_tokens(right.text) == without_tokens(wrong.text)
    assert re.search(r"Wait until \d\d:\d\d", right.text)
    assert desk.hashes() == paid == TRIES_PER_ACCOUNT_AND_ADDRESS


def test_spellings_of_one_name_share_its_limit(desk: Desk) -> None:
    attacker = Browser(desk.server)
    spellings = [
        "ann",
        " ann",
        "ann ",
        "\uff41nn",
        "a\uff4en",
        "ＡＮＮ",
        "Ann",
        "ANN",
        "aｎｎ",
        "ann\t",
    ]
    for name in spellings:
        attacker.password(name, "wrong")
    assert "Too many" in attacker.password("  ａｎｎ ", PASSWORD).text
    assert desk.hashes() == len(spellings) == TRIES_PER_ACCOUNT_AND_ADDRESS


def test_parallel_guesses_over_two_processes_never_exceed_the_limit(two_processes: Desk) -> None:
    browsers = [Browser(two_processes.servers[number % 2]) for number in range(30)]
    for browser in browsers:
        browser.get(COUNT_FORM)
    with ThreadPoolExecutor(len(browsers)) as pool:
        answers = list(
            pool.map(
                lambda browser: browser.post(COUNT_FORM, {"username": "ann", "password": "wrong"}),
                browsers,
            )
        )
    refused = [answer for answer in answers if "Too many" in answer.text]
    assert {answer.status for answer in answers} <= {200, 429}
    assert len(answers) - len(refused) == TRIES_PER_ACCOUNT_AND_ADDRESS
    assert two_processes.hashes() == TRIES_PER_ACCOUNT_AND_ADDRESS


def test_right_passwords_at_the_same_moment_all_get_in(two_processes: Desk) -> None:
    names = ["ann", "bob", "cat"] * 8
    browsers = [Browser(two_processes.servers[number % 2]) for number in range(len(names))]
    with ThreadPoolExecutor(len(names)) as pool:
        answers = list(
            pool.map(
                lambda pair: pair[0].password(pair[1], PASSWORD), zip(browsers, names, strict=True)
            )
        )
    assert [answer.path for answer in answers] == ["/count/"] * len(names)


def test_a_known_device_signs_in_while_its_account_is_attacked(desk: Desk) -> None:
    phone = Browser(desk.server)
    assert phone.password("ann", PASSWORD).path == "/count/"
    phone.sign_out()
    for address in (HALL, ELSEWHERE):
        attacker = Browser(desk.server, address)
        for _try in range(TRIES_PER_ACCOUNT_AND_ADDRESS + 1):
            answer = attacker.password("ann", "wrong")
        assert "Too many" in answer.text
    assert "Too many" in Browser(desk.server).password("ann", PASSWORD).text
    assert phone.password("ann", PASSWORD).path == "/count/"
    assert Browser(desk.server, "192.0.2.44").password("ann", PASSWORD).path == "/count/"


def test_a_known_device_is_throttled_by_itself(desk: Desk) -> None:
    phone, other = Browser(desk.server), Browser(desk.server)
    for one in (phone, other):
        one.password("ann", PASSWORD)
        one.sign_out()
    for _try in range(10):
        phone.password("ann", "wrong")
    assert "Too many" in phone.password("ann", PASSWORD).text
    assert other.password("ann", PASSWORD).path == "/count/"


# --- Codes and links --------------------------------------------------------------------------


def test_a_hundred_wrong_codes_close_nothing_for_the_rest_of_the_hall(desk: Desk) -> None:
    issued = desk.passes()
    attacker = Browser(desk.server)
    for _try in range(100):
        attacker.post(COUNT_FORM, {"code": "0000 0000"}) if attacker.token else attacker.code("0")
    assert Browser(desk.server).password("ann", PASSWORD).path == "/count/"
    assert Browser(desk.server).code(issued["bob"]["code"]).path == "/count/"
    assert Browser(desk.server).link(issued["cat"]["token"]).path == "/count/"


@pytest.mark.parametrize("way", ["code", "link"])
def test_wrong_codes_and_links_are_throttled_by_address_and_known_phones_get_in(
    strict_desk: Desk, way: str
) -> None:
    issued = strict_desk.passes()
    secret = {"code": "code", "link": "token"}[way]
    phone = Browser(strict_desk.server)
    assert getattr(phone, way)(issued["ann"][secret]).path == "/count/"
    phone.sign_out()
    attacker = Browser(strict_desk.server)
    answers = [getattr(attacker, way)(f"wrong-{number}") for number in range(21)]
    assert [answer.status for answer in answers].index(429) == 20
    stranger = Browser(strict_desk.server)
    right = getattr(stranger, way)(issued["bob"][secret])
    assert right.status == 429
    assert errors_in(right.text) == errors_in(answers[-1].text) or way == "link"
    assert re.search(r"Wait until \d\d:\d\d", right.text)
    assert Browser(strict_desk.server, ELSEWHERE).password("cat", PASSWORD).path == "/count/"
    assert getattr(phone, way)(issued["ann"][secret]).path == "/count/"
    elsewhere = Browser(strict_desk.server, ELSEWHERE)
    assert getattr(elsewhere, way)(issued["bob"][secret]).path == "/count/"


# --- The second factor ------------------------------------------------------------------------


def secret_on(page: str) -> bytes:
    """The secret that an enrolment page shows for typing by hand."""
    import base64

    found = re.search(r"<code>([A-Z2-7 ]{30,})</code>", page)
    assert found is not None, page
    plain = found[1].replace(" ", "")
    return base64.b32decode(plain + "=" * (-len(plain) % 8))


def code_for(secret: bytes, drift: int = 0) -> str:
    return f"{totp(secret, drift=drift):06}"


def enrolled(desk: Desk, name: str = "editor") -> tuple[Browser, bytes, list[str]]:
    """Somebody who has set up an app: their browser, its secret, their recovery codes."""
    browser = Browser(desk.server)
    page = browser.password(name, PASSWORD, DESK_FORM)
    assert page.path == SECOND_FACTOR
    secret = secret_on(page.text)
    shown = browser.post(SECOND_FACTOR, {"code": code_for(secret), "next": "/admin/"})
    return browser, secret, re.findall(r"<li><code>([\w ]+)</code>", shown.text)


def test_every_enrolment_has_a_secret_of_its_own(careful_desk: Desk) -> None:
    first, second = Browser(careful_desk.server), Browser(careful_desk.server, ELSEWHERE)
    seen = secret_on(first.password("editor", PASSWORD, DESK_FORM).text)
    other = secret_on(second.password("editor", PASSWORD, DESK_FORM).text)
    again = secret_on(first.get(SECOND_FACTOR).text)
    assert len({seen, other, again}) == 3
    for not_its_own in (seen, other):
        first.post(SECOND_FACTOR, {"code": code_for(not_its_own)})
        assert first.get("/admin/").path == SECOND_FACTOR


def test_a_confirmed_second_factor_is_never_replaced_by_a_password_alone(
    careful_desk: Desk,
) -> None:
    thief = Browser(careful_desk.server, ELSEWHERE)
    stolen = secret_on(thief.password("editor", PASSWORD, DESK_FORM).text)
    owner, _secret, codes = enrolled(careful_desk)
    assert owner.get("/admin/").path == "/admin/"
    assert len(codes) == 10
    for drift in (0, 1):
        thief.post(SECOND_FACTOR, {"code": code_for(stolen, drift)})
        assert thief.get("/admin/").path == SECOND_FACTOR
    page = thief.get(SECOND_FACTOR)
    assert "QR code" not in page.text
    assert not re.search(r"<code>", page.text)


def test_enrolment_is_audited_and_logged(careful_desk: Desk) -> None:
    enrolled(careful_desk)
    assert ["editor", "second factor set up"] in [row[:2] for row in careful_desk.audit()]
    assert re.search(
        r"WARNING results\S* second factor set up: editor", careful_desk.server.output()
    )


def test_a_throttled_second_factor_says_so_and_takes_no_code(careful_desk: Desk) -> None:
    owner, secret, codes = enrolled(careful_desk)
    thief = Browser(careful_desk.server, ELSEWHERE)
    thief.password("editor", PASSWORD, DESK_FORM)
    for _try in range(TRIES_PER_SECOND_FACTOR):
        wrong = thief.post(SECOND_FACTOR, {"code": "000000"})
        assert "not right" in wrong.text
        assert "Too many" not in wrong.text
    for code in ("000000", code_for(secret, drift=1), codes[0]):
        refused = thief.post(SECOND_FACTOR, {"code": code})
        assert refused.status == 429
        assert "Too many" in refused.text
        assert "not right" not in refused.text
        assert re.search(r"Wait until \d\d:\d\d", refused.text)
        assert thief.get("/admin/").path == SECOND_FACTOR
    owner.get("/admin/")
    owner.post("/admin/logout/", {})
    assert owner.password("editor", PASSWORD, DESK_FORM).path == SECOND_FACTOR
    assert owner.post(SECOND_FACTOR, {"code": codes[0], "next": "/admin/"}).path == "/admin/"


def test_a_wrong_code_does_not_delay_the_right_one(careful_desk: Desk) -> None:
    _owner, secret, _codes = enrolled(careful_desk)
    browser = Browser(careful_desk.server)
    browser.password("editor", PASSWORD, DESK_FORM)
    assert "not right" in browser.post(SECOND_FACTOR, {"code": "000000"}).text
    right = {"code": code_for(secret, drift=1), "next": "/admin/"}
    assert browser.post(SECOND_FACTOR, right).path == "/admin/"


def test_a_recovery_code_opens_once_and_its_use_is_audited(careful_desk: Desk) -> None:
    _owner, secret, codes = enrolled(careful_desk)
    first, second = Browser(careful_desk.server), Browser(careful_desk.server)
    for browser in (first, second):
        browser.password("editor", PASSWORD, DESK_FORM)
    assert first.post(SECOND_FACTOR, {"code": codes[0], "next": "/admin/"}).path == "/admin/"
    assert "not right" in second.post(SECOND_FACTOR, {"code": codes[0]}).text
    assert (
        second.post(SECOND_FACTOR, {"code": code_for(secret, drift=1), "next": "/admin/"}).path
        == "/admin/"
    )
    assert ["editor", "second factor given", "recovery code, 9 left"] in careful_desk.audit()


# --- Unlocking --------------------------------------------------------------------------------


def test_an_editor_unlocks_a_reporter_and_it_is_audited(desk: Desk) -> None:
    phone = Browser(desk.server)
    for _try in range(TRIES_PER_ACCOUNT_AND_ADDRESS):
        phone.password("ann", "wrong")
    assert "Too many" in phone.password("ann", PASSWORD).text
    editor = Browser(desk.server, ELSEWHERE)
    editor.password("editor", PASSWORD, DESK_FORM)
    listed = editor.get("/admin/results/signinthrottle/")
    assert "ann" in listed.text
    rows = re.findall(r'name="_selected_action" value="(\w+)"', listed.text)
    editor.post("/admin/results/signinthrottle/", {"action": "unlock", "_selected_action": rows[0]})
    assert phone.password("ann", PASSWORD).path == "/count/"
    assert ["editor", "sign-in unlocked", "ann"] in desk.audit()
