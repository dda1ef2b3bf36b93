"""Sign-in under attack and lock-out, on real servers with plain HTTP clients.

The servers are shared by the tests, so each test takes people and an address that no other has.
Browsers claim addresses through X-Forwarded-For, which a server believes of a proxy on loopback.
"""

import base64
import html
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from threading import Event
from typing import Any

import pytest
from django_otp.oath import totp

from tests.acceptance.sign_in_clients import (
    COUNT_FORM,
    DESK_FORM,
    SECOND_FACTOR,
    Browser,
    Desk,
    Reporter,
    at_once,
    running_desk,
    wait_until,
    without_token_and_time,
)
from tests.backing import Postgres
from tests.phone import Response
from tests.seeds import sign_in
from tests.seeds.sign_in import PASSWORD
from tests.servers import Server

pytestmark = pytest.mark.services


#: The documented limit of wrong tries for one account, in ten minutes.
TRIES = 10
#: What SIGN_IN_TRIES_PER_ADDRESS is lowered to where a test runs into it.
FEW_TRIES_PER_ADDRESS = 20


@pytest.fixture(scope="module")
def desk(make_desk: Callable[..., Server]) -> Iterator[Desk]:
    with running_desk(make_desk) as desk:
        yield desk


@pytest.fixture(scope="module")
def strict_desk(make_desk: Callable[..., Server]) -> Iterator[Desk]:
    """A desk whose limit for one address is low enough to run into quickly."""
    few: dict[str, Any] = {"SIGN_IN_TRIES_PER_ADDRESS": str(FEW_TRIES_PER_ADDRESS)}
    with running_desk(make_desk, **few) as desk:
        yield desk


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def two_processes(
    make_desk: Callable[..., Server], request: pytest.FixtureRequest
) -> Iterator[Desk]:
    """Two server processes over one database, on each kind of database."""
    url = ""
    if request.param == "postgresql":
        postgres: Postgres = request.getfixturevalue("postgres")
        template: str = request.getfixturevalue("migrated_postgres")
        url = postgres.create_database("sign_in", template=template)
    with running_desk(make_desk, url, processes=2) as desk:
        yield desk


@contextmanager
def hammered(desk: Desk, name: str, address: str) -> Iterator[None]:
    """Let four attackers at this address guess this account's password during the block."""
    over = Event()

    def attack() -> int:
        attacker, answers = desk.browser(address), 0
        while not over.is_set():
            assert attacker.guess(name).status == 429
            answers += 1
        return answers

    with ThreadPoolExecutor(4) as pool:
        attackers = [pool.submit(attack) for _attacker in range(4)]
        try:
            yield
        finally:
            over.set()
        assert sum(attacker.result() for attacker in attackers) > 0


# --- Passwords --------------------------------------------------------------------------------


@pytest.mark.parametrize("form", [COUNT_FORM, DESK_FORM])
def test_throttled_form_answers_every_password_alike_and_hashes_none(desk: Desk, form: str) -> None:
    name, before = (desk.editor() if form == DESK_FORM else desk.reporter().name), desk.hashes()
    attacker = desk.browser(desk.address())
    for _try in range(TRIES):
        assert "Too many" not in attacker.guess(name, form).text
    assert desk.hashes() == before + TRIES
    wrong, right = attacker.guess(name, form), attacker.password(name, PASSWORD, form)
    assert (wrong.status, right.status) == (429, 429)
    assert without_token_and_time(right.text) == without_token_and_time(wrong.text)
    assert wait_until(right.text) == wait_until(wrong.text)
    assert desk.hashes() == before + TRIES


def test_unknown_usernames_are_throttled_like_known_ones(desk: Desk) -> None:
    names = [desk.reporter().name, "nobody-at-all"]
    pages = []
    for name in names:
        attacker, before = desk.browser(desk.address()), desk.hashes()
        answers = [attacker.guess(name) for _try in range(TRIES + 1)]
        assert [answer.status for answer in answers] == [200] * TRIES + [429]
        assert desk.hashes() == before + TRIES
        pages.append(
            [without_token_and_time(answer.text).replace(name, "") for answer in answers[:TRIES]]
        )
    assert pages[0] == pages[1]


def test_spellings_of_a_username_share_its_limit(desk: Desk) -> None:
    name = desk.reporter().name
    wide = name.replace("r", "\N{FULLWIDTH LATIN SMALL LETTER R}")
    spellings = [name, f" {name}", f"{name}\t", name.upper(), name.title(), wide, f" {wide}"]
    attacker, before = desk.browser(desk.address()), desk.hashes()
    for number in range(TRIES):
        attacker.guess(spellings[number % len(spellings)])
    assert "Too many" in attacker.password(f"{wide} ", PASSWORD).text
    assert desk.hashes() == before + TRIES


def test_parallel_guesses_on_two_processes_stay_within_the_limit(two_processes: Desk) -> None:
    name, address = two_processes.reporter().name, two_processes.address()
    browsers = [two_processes.browser(address, process=number % 2) for number in range(30)]
    for browser in browsers:
        browser.get(COUNT_FORM)
    before = two_processes.hashes()
    guess = {"username": name, "password": "wrong"}
    answers = at_once([partial(browser.post, COUNT_FORM, guess) for browser in browsers])
    looked_at = [answer for answer in answers if "Too many" not in answer.text]
    assert {answer.status for answer in looked_at} == {200}
    assert len(looked_at) == TRIES
    assert two_processes.hashes() == before + TRIES
    names = [two_processes.reporter().name for _three in range(3)] * 8
    phones = [two_processes.browser(address, process=number % 2) for number in range(24)]
    pairs = zip(phones, names, strict=True)
    entered = at_once([partial(phone.password, name, PASSWORD) for phone, name in pairs])
    assert [answer.path for answer in entered] == ["/count/"] * 24


def test_known_device_signs_in_while_its_account_is_attacked(desk: Desk) -> None:
    name, hall = desk.reporter().name, desk.address()
    phone = desk.browser(hall)
    assert phone.password(name, PASSWORD).path == "/count/"
    phone.sign_out()
    for address in (hall, desk.address()):
        assert "Too many" in desk.browser(address).guess(name, times=TRIES + 1).text
    with hammered(desk, name, hall):
        for _night in range(3):
            assert phone.password(name, PASSWORD).path == "/count/"
            phone.sign_out()
    assert desk.browser(hall).password(name, PASSWORD).status == 429
    assert desk.browser(desk.address()).password(name, PASSWORD).path == "/count/"


def test_known_device_has_its_own_limit(desk: Desk) -> None:
    name, hall = desk.reporter().name, desk.address()
    phone, other = desk.browser(hall), desk.browser(hall)
    for browser in (phone, other):
        browser.password(name, PASSWORD)
        browser.sign_out()
    assert "Too many" in phone.guess(name, times=TRIES + 1).text
    assert phone.password(name, PASSWORD).status == 429
    assert other.password(name, PASSWORD).path == "/count/"


def test_device_is_known_only_after_the_second_factor(desk: Desk) -> None:
    """Otherwise somebody who knows the password could guess codes without a limit."""
    name = desk.editor()
    enrolled(desk, name)
    address = desk.address()
    for form in (DESK_FORM, COUNT_FORM):
        for _fresh_browser in range(TRIES // 2):
            thief = desk.browser(address)
            assert thief.password(name, PASSWORD, form).path == SECOND_FACTOR
            assert thief.second_factor("000000").status == 200
            assert "device" not in {cookie.name for cookie in thief.cookies}
    assert thief.second_factor("000000").status == 429


# --- Codes and links --------------------------------------------------------------------------


def test_hundred_wrong_codes_lock_out_nobody_else_at_the_address(desk: Desk) -> None:
    hall = desk.address()
    attacker = desk.browser(hall)
    attacker.get(COUNT_FORM)
    for number in range(100):
        assert attacker.post(COUNT_FORM, {"code": f"wrong-{number}"}).status == 200
    assert desk.browser(hall).password(desk.reporter().name, PASSWORD).path == "/count/"
    assert desk.browser(hall).code(desk.reporter().code).path == "/count/"
    assert desk.browser(hall).link(desk.reporter().token).path == "/count/"


@pytest.mark.parametrize("way", ["code", "link"])
def test_codes_and_links_are_throttled_by_address_except_for_known_phones(
    strict_desk: Desk, way: str
) -> None:
    def enter(browser: Browser, reporter: Reporter) -> Response:
        return browser.code(reporter.code) if way == "code" else browser.link(reporter.token)

    hall, known, new = strict_desk.address(), strict_desk.reporter(), strict_desk.reporter()
    phone = strict_desk.browser(hall)
    assert enter(phone, known).path == "/count/"
    phone.sign_out()
    attacker = strict_desk.browser(hall)
    nobody = Reporter("", "no-such-token", "0000 0000")
    answers = [enter(attacker, nobody) for _try in range(FEW_TRIES_PER_ADDRESS + 1)]
    refused = 200 if way == "code" else 403
    assert [answer.status for answer in answers] == [refused] * FEW_TRIES_PER_ADDRESS + [429]
    right = enter(strict_desk.browser(hall), new)
    assert right.status == 429
    wrong = without_token_and_time(answers[-1].text).replace(nobody.code, "")
    assert without_token_and_time(right.text).replace(new.code, "") == wrong
    assert wait_until(right.text)
    assert strict_desk.browser(hall).password(known.name, PASSWORD).path == "/count/"
    assert enter(phone, known).path == "/count/"
    assert enter(strict_desk.browser(strict_desk.address()), new).path == "/count/"


def test_passwords_are_throttled_by_address_except_for_known_devices(
    strict_desk: Desk,
) -> None:
    hall, known, new = strict_desk.address(), strict_desk.reporter(), strict_desk.reporter()
    phone = strict_desk.browser(hall)
    phone.password(known.name, PASSWORD)
    phone.sign_out()
    attacker = strict_desk.browser(hall)
    for number in range(FEW_TRIES_PER_ADDRESS):
        assert attacker.guess(f"name{number}").status == 200
    assert strict_desk.browser(hall).password(new.name, PASSWORD).status == 429
    assert phone.password(known.name, PASSWORD).path == "/count/"
    assert strict_desk.browser(hall).code(new.code).path == "/count/"


# --- The second factor ------------------------------------------------------------------------


def secret_on(page: str) -> bytes:
    """The secret that an enrolment page shows for typing by hand."""
    match = re.search(r"<code>([A-Z2-7 ]{30,})</code>", page)
    assert match is not None, page
    plain = match[1].replace(" ", "")
    return base64.b32decode(plain + "=" * (-len(plain) % 8))


def code_for(secret: bytes) -> str:
    """The code that an app with this secret shows now."""
    return f"{totp(secret):06}"


def enrolled(desk: Desk, name: str) -> tuple[Browser, bytes, list[str]]:
    """Set up an app for `name`; return the browser, the secret and the recovery codes."""
    browser = desk.browser(desk.address())
    page = browser.password(name, PASSWORD, DESK_FORM)
    assert page.path == SECOND_FACTOR
    secret = secret_on(page.text)
    recovery = browser.second_factor(code_for(secret))
    codes = re.findall(r"<li><code>([\w ]+)</code>", recovery.text)
    assert len(codes) == 10
    desk.servers[0].seed(sign_in.let_codes_count_again, name)
    return browser, secret, codes


def with_password(desk: Desk, name: str) -> Browser:
    """Return a new device that has given the password but not the second factor."""
    browser = desk.browser(desk.address())
    assert browser.password(name, PASSWORD, DESK_FORM).path == SECOND_FACTOR
    return browser


def test_every_enrolment_has_its_own_secret(desk: Desk) -> None:
    name = desk.editor()
    first, second = desk.browser(desk.address()), desk.browser(desk.address())
    seen = secret_on(first.password(name, PASSWORD, DESK_FORM).text)
    other = secret_on(second.password(name, PASSWORD, DESK_FORM).text)
    again = secret_on(first.get(SECOND_FACTOR).text)
    assert len({seen, other, again}) == 3
    for not_its_own in (seen, other):
        answer = first.second_factor(code_for(not_its_own))
        assert (answer.path, secret_on(answer.text)) == (SECOND_FACTOR, again)
    assert first.second_factor(code_for(again)).path == SECOND_FACTOR  # shows recovery codes
    assert first.get("/admin/").path == "/admin/"


def test_password_alone_never_replaces_a_second_factor(desk: Desk) -> None:
    name = desk.editor()
    thief = desk.browser(desk.address())
    stolen = secret_on(thief.password(name, PASSWORD, DESK_FORM).text)
    owner, secret, _codes = enrolled(desk, name)
    thief.second_factor(code_for(stolen))
    assert thief.get("/admin/").path == SECOND_FACTOR
    for page in (thief.get(SECOND_FACTOR), thief.get(f"{SECOND_FACTOR}change/")):
        assert page.path == SECOND_FACTOR
        assert "QR code" not in page.text
        assert "<code>" not in page.text
    thief.post(f"{SECOND_FACTOR}change/", {"step": "new app", "code": code_for(stolen)})
    assert thief.get("/admin/").path == SECOND_FACTOR
    assert owner.get("/admin/").path == "/admin/"
    assert with_password(desk, name).second_factor(code_for(secret)).path == "/admin/"


def test_one_of_two_simultaneous_enrolments_succeeds(two_processes: Desk) -> None:
    name = two_processes.editor()
    rivals = [
        two_processes.browser(two_processes.address(), process=process) for process in range(2)
    ]
    pages = [rival.password(name, PASSWORD, DESK_FORM) for rival in rivals]
    codes = [code_for(secret_on(page.text)) for page in pages]
    pairs = zip(rivals, codes, strict=True)
    at_once([partial(rival.second_factor, code) for rival, code in pairs])
    assert [rival.get("/admin/").path for rival in rivals].count("/admin/") == 1


def test_throttled_second_factor_accepts_no_code(desk: Desk) -> None:
    name = desk.editor()
    owner, secret, codes = enrolled(desk, name)
    thief = with_password(desk, name)
    for _try in range(TRIES):
        wrong = thief.second_factor("000000")
        assert (wrong.status, "not right" in wrong.text, "Too many" in wrong.text) == (
            200,
            True,
            False,
        )
    for code in ("000000", code_for(secret), codes[0]):
        refused = thief.second_factor(code)
        assert (refused.status, "not right" in refused.text) == (429, False)
        assert "Too many wrong codes" in refused.text
        assert wait_until(refused.text)
        assert thief.get("/admin/").path == SECOND_FACTOR
    owner.get("/admin/")
    owner.post("/admin/logout/", {})
    assert owner.password(name, PASSWORD, DESK_FORM).path == SECOND_FACTOR
    assert owner.second_factor(codes[0]).path == "/admin/"


def test_wrong_code_does_not_delay_the_right_one(desk: Desk) -> None:
    name = desk.editor()
    _owner, secret, _codes = enrolled(desk, name)
    browser = with_password(desk, name)
    assert "not right" in browser.second_factor("000000").text
    assert browser.second_factor(code_for(secret)).path == "/admin/"


def test_second_factor_is_audited_and_recovery_codes_work_once(
    desk: Desk,
) -> None:
    name = desk.editor()
    _owner, secret, codes = enrolled(desk, name)
    first, second = with_password(desk, name), with_password(desk, name)
    opened = first.second_factor(codes[0].upper())
    assert opened.path == "/admin/"
    assert "You have 9 recovery codes left" in html.unescape(opened.text)
    assert "not right" in second.second_factor(codes[0]).text
    assert second.second_factor(code_for(secret)).path == "/admin/"
    actions = [row[1:] for row in desk.audit() if row[0] == name and "factor" in row[1]]
    assert actions == [
        ["second factor set up", ""],
        ["second factor given", "recovery code, 9 left"],
        ["second factor failed", ""],
        ["second factor given", ""],
    ]
    from_an_address = rf"WARNING results\S* second factor set up: {name}, by {name}, from 203\."
    assert re.search(from_an_address, desk.log())
    assert re.search(rf"WARNING results\S* recovery code used: {name}, 9 left", desk.log())


# --- Unlocking --------------------------------------------------------------------------------


def test_editor_unlocks_a_reporter_with_an_audit_entry(desk: Desk) -> None:
    name, chief, phone = desk.reporter().name, desk.editor(), desk.browser(desk.address())
    assert "Too many" in phone.guess(name, times=TRIES + 1).text
    editor, _secret, _codes = enrolled(desk, chief)
    locked = f"/admin/results/signinthrottle/?q={name}"
    rows = re.findall(r'name="_selected_action" value="(\w+)"', editor.get(locked).text)
    assert len(rows) == 1
    editor.post(locked, {"action": "unlock", "_selected_action": rows[0]})
    assert phone.password(name, PASSWORD).path == "/count/"
    assert [name, "sign-in locked", "password, account and address"] in desk.audit()
    assert [chief, "sign-in unlocked", name] in desk.audit()
