"""`make run` on a clean checkout, and the README's walkthrough, literally."""

import json
import os
import pty
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from tests.acceptance.checkout import Checkout
from tests.needs import ROOT
from tests.ports import free_port
from tests.processes import START_SECONDS

pytestmark = [pytest.mark.services, pytest.mark.browser]

#: Bounds the test where nothing arrives; the bench prints how long it takes.
DELIVERY_SECONDS = START_SECONDS
DEMO = ("editor", "election-night")
OWN = ("chief", "a password for this test")

CANDIDATES = """\
person_id,person_name,election_id,ballot_paper_id,election_date,party_name,party_id,gss,post_id,\
post_label
1,Ann Hall,parl.2029-05-03,parl.upper-vale.2029-05-03,2029-05-03,Labour Party,PP53,E14000001,\
E14000001,Upper Vale
2,Bob Rice,parl.2029-05-03,parl.upper-vale.2029-05-03,2029-05-03,Conservative Party,PP52,E14000001,\
E14000001,Upper Vale
3,Cat Moss,parl.2029-05-03,parl.lower-vale.2029-05-03,2029-05-03,Labour Party,PP53,E14000002,\
E14000002,Lower Vale
4,Dan Reed,parl.2029-05-03,parl.lower-vale.2029-05-03,2029-05-03,Conservative Party,PP52,E14000002,\
E14000002,Lower Vale
"""
LAST_TIME = """\
ons_id,constituency_name,region_name,country_name,party_name,party_abbreviation,firstname,surname,\
sitting_mp,votes
E14000001,Upper Vale,North,England,Labour,Lab,Ann,Hall,Yes,21000
E14000001,Upper Vale,North,England,Conservative,Con,Eve,Lane,No,19000
E14000002,Lower Vale,North,England,Labour,Lab,Fay,Dale,No,14000
E14000002,Lower Vale,North,England,Conservative,Con,Dan,Reed,Yes,16000
"""
MAP = {
    "layout": "odd-r",
    "hexes": {
        "E14000001": {"n": "Upper Vale", "q": 0, "r": 0},
        "E14000002": {"n": "Lower Vale", "q": 1, "r": 0},
    },
}


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    return Checkout(tmp_path_factory.mktemp("checkout"))


@pytest.fixture(scope="class")
def demo(checkout: Checkout) -> Iterator[str]:
    """The address of the demo night, served by `make run` alone, and ended after its tests."""
    port = free_port()
    with checkout.serving(f"make run PORT={port}", port):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def set_up(checkout: Checkout) -> Checkout:
    """The checkout after `make run` has set everything up once."""
    if not (checkout.folder / ".data" / "demo.sqlite3").exists():  # the demo's tests were left out
        port = free_port()
        with checkout.serving(f"make run PORT={port}", port):
            pass
    return checkout


@dataclass
class Reader:
    """An open page of the night in Chromium, and a socket of another program beside it."""

    page: Page
    socket: ClientConnection

    def receives(self, sequence: int, words: str) -> None:
        """Assert that both have the bulletin, and that the page is live and was not reloaded."""
        while json.loads(self.socket.recv(timeout=DELIVERY_SECONDS))["sequence"] < sequence:
            pass
        expect(self.page.locator("#feed")).to_contain_text(words, timeout=DELIVERY_SECONDS * 1000)
        self.is_live_at(sequence)
        assert self.page.evaluate("window.notLoadedAgain")

    def is_live_at(self, sequence: int) -> None:
        sign = self.page.locator("#connection-status")
        expect(sign).to_have_attribute("data-state", "live", timeout=DELIVERY_SECONDS * 1000)
        expect(sign.locator(".sequence")).to_have_text(str(sequence))


@contextmanager
def opened(context: BrowserContext, desk: str, election: str) -> Iterator[Reader]:
    page = context.new_page()
    page.goto(f"{desk}/{election}/")
    page.evaluate("window.notLoadedAgain = true")
    epoch = page.locator("html").get_attribute("data-epoch")
    sequence = page.locator("html").get_attribute("data-sequence")
    address = f"{desk.replace('http', 'ws')}/live/{election}/?since={sequence}&epoch={epoch}"
    with connect(address, open_timeout=START_SECONDS, origin=Origin(desk)) as socket:
        first = json.loads(socket.recv(timeout=DELIVERY_SECONDS))
        reader = Reader(page, socket)
        reader.is_live_at(first["sequence"])
        yield reader


def signed_in(context: BrowserContext, desk: str, name: str, password: str) -> Page:
    page = context.new_page()
    page.goto(f"{desk}/admin/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_text("Site administration")).to_be_visible()
    return page


def publish(editor: Page, desk: str, election: str, words: str) -> None:
    editor.goto(f"{desk}/admin/results/post/add/")
    editor.get_by_label("Election").select_option(label=election)
    editor.get_by_label("Text").fill(words)
    editor.get_by_role("button", name="Save", exact=True).click()
    editor.get_by_role("button", name="Publish", exact=True).click()
    expect(editor.get_by_text("Published as bulletin")).to_be_visible()


def five_bulletins(
    new_context: Callable[..., BrowserContext],
    desk: str,
    election: str,
    name: str,
    account: tuple[str, str],
) -> None:
    """Five posts, each on the open page and the socket before the next is published."""
    with opened(new_context(), desk, election) as reader:
        start = int(str(reader.page.locator("html").get_attribute("data-sequence")))
        editor = signed_in(new_context(), desk, *account)
        for number in range(1, 6):
            words = f"Update number {number} from the count."
            publish(editor, desk, name, words)
            reader.receives(start + number, words)


class TestDemo:
    def test_open_pages_and_sockets_receive_every_bulletin(
        self, demo: str, new_context: Callable[..., BrowserContext]
    ) -> None:
        name = "General election 2019: Islington"
        five_bulletins(new_context, demo, "ge2019", name, DEMO)

    def test_rehearsal_reaches_an_open_page(
        self, demo: str, new_context: Callable[..., BrowserContext]
    ) -> None:
        page = new_context().new_page()
        page.goto(f"{demo}/rehearsal/")
        page.evaluate("window.notLoadedAgain = true")
        expect(page.locator("#connection-status")).to_have_attribute(
            "data-state", "live", timeout=DELIVERY_SECONDS * 1000
        )
        # It is at any number by now, since the rehearsal goes on.
        sign = page.locator("#connection-status .sequence")
        sequence = str(sign.text_content())
        expect(sign).not_to_have_text(sequence, timeout=120_000)
        assert int(str(sign.text_content())) > int(sequence)
        assert page.evaluate("window.notLoadedAgain")

    @pytest.mark.parametrize("path", ["/nowhere/", "/rehearsal/nowhere/"])
    def test_page_of_a_wrong_address_has_its_style(
        self, demo: str, new_context: Callable[..., BrowserContext], path: str
    ) -> None:
        page = new_context().new_page()
        blocked: list[str] = []
        page.on("console", lambda each: blocked.append(each.text))
        answer = page.goto(demo + path)
        assert answer is not None
        assert answer.status == 404
        font = page.locator("h1").evaluate("(heading) => getComputedStyle(heading).fontFamily")
        assert "Desk Serif" in font
        assert not [text for text in blocked if "Content Security Policy" in text]

    def test_port_in_use_is_reported_before_anything_is_set_up(
        self, demo: str, checkout: Checkout
    ) -> None:
        port = urlsplit(demo).port
        with pytest.raises(RuntimeError) as refused:
            checkout.run(f"make run PORT={port}")
        words = str(refused.value)
        assert f"Cannot listen on 127.0.0.1, port {port}: Address already in use" in words
        assert "make run PORT=8001" in words
        assert "Serving the desk" not in words
        assert "a rehearsal of" not in words


def readme_commands() -> list[str]:
    """The commands under “A night of your own”, without their comments."""
    section = (ROOT / "README.md").read_text().split("## A night of your own")[1]
    block = section.split("```")[1]
    return [line.split(" #")[0].strip() for line in block.strip().splitlines()]


def create_superuser(checkout: Checkout, shell_command: str) -> None:
    """Answer the command's questions on a terminal, as a person does."""
    name, password = OWN
    answers = [(b"Username", name), (b"Email", "chief@desk.example"), (b"Password:", password),
               (b"Password (again)", password)]  # fmt: skip
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(checkout.folder)
        os.execvpe("bash", ["bash", "-ec", shell_command], checkout.environment)
    seen = b""
    for question, answer in answers:
        while question not in seen:
            seen += os.read(terminal, 1000)
        seen = b""
        os.write(terminal, f"{answer}\n".encode())
    while True:
        try:
            seen += os.read(terminal, 1000)
        except OSError:  # Linux's way to say that the other end is closed
            break
    _pid, status = os.waitpid(child, 0)
    assert status == 0, seen.decode()


@pytest.fixture(scope="module")
def own_night(set_up: Checkout) -> Iterator[str]:
    """The address of the README's own night."""
    checkout = set_up
    files = {"candidates.csv": CANDIDATES, "last-time.csv": LAST_TIME}
    for name, text in {**files, "constituencies.hexjson": json.dumps(MAP)}.items():
        (checkout.folder / name).write_text(text)
    activate, *commands, serve = readme_commands()
    assert "createsuperuser" in commands[-1]
    for shell_command in commands[:-1]:
        checkout.run(f"{activate}\n{shell_command}")
    create_superuser(checkout, f"{activate}\n{commands[-1]}")
    port = free_port()  # the README's own is 8000, which may be taken here
    with checkout.serving(f"{activate}\n{serve} --port {port}", port):
        yield f"http://127.0.0.1:{port}"


def test_walkthrough_of_an_own_night_is_live(
    own_night: str, new_context: Callable[..., BrowserContext]
) -> None:
    name = "General election, 3 May 2029"
    five_bulletins(new_context, own_night, "ge2029", name, OWN)


def test_own_night_holds_nothing_of_the_demo(
    own_night: str, checkout: Checkout, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context().new_page()
    for path in ("/ge2019/", "/rehearsal/"):
        assert page.request.get(own_night + path).status == 404
    page.goto(f"{own_night}/admin/")
    page.get_by_label("Username").fill(DEMO[0])
    page.get_by_label("Password").fill(DEMO[1])
    page.get_by_role("button", name="Log in").click()
    expect(page.locator(".errornote")).to_be_visible()
    expect(page.get_by_text("Site administration")).to_have_count(0)
    databases = {path.name for path in (checkout.folder / ".data").glob("*.sqlite3")}
    assert databases == {"demo.sqlite3", "electiondesk.sqlite3"}


def test_readme_names_every_command_that_is_run() -> None:
    commands = readme_commands()
    assert re.fullmatch(r"\. \.venv/bin/activate", commands[0])
    assert commands[-1] == "python manage.py serve"
    assert Path(ROOT / "results/management/commands/serve.py").exists()
