"""The editor's desk in a real browser: at 768 px, by keyboard, and no worse than Django's own."""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.chromium import PHONE
from tests.servers import Server

PASSWORD = "password of this test"
SEED = f"""
from results import desk
from results.editor.roles import set_up
from results.models import Assignment, Election, Kind, OfferKind, SecondPerson
from tests import nights
set_up()
night = nights.election()
seat = nights.islington_north(night)
other = nights.contest(night, "Elsewhere", [("Ann", "lab"), ("Bob", "con")])
editor, reporter = nights.user("editor", staff=True), nights.user("reporter")
for person in (editor, reporter):
    person.set_password({PASSWORD!r})
    person.save()
Assignment.objects.create(reporter=reporter, contest=other)
desk.declare(seat, nights.islington_figures(seat), by=reporter, key="d")
desk.post(night, "We are at two counts.", by=editor, key="p")
content = {{"words": "Well.", "speaker": "The mayor", "said_at": "2019-12-13T03:00:00+00:00"}}
desk.offer(other, OfferKind.QUOTE, content, by=reporter, key="q")
Election.objects.update(second_person=SecondPerson.ALWAYS)
for name, votes in (("reporter", (20000, 9000)), ("colleague", (20000, 9001))):
    desk.send_result(other, nights.figures(other, *votes), desk.Submission(
        kind=Kind.DECLARATION, by=nights.user(name), key="r", base_revision=0))
"""
#: Parts that Django's own admin brings to every page it makes: what axe finds in them is its own.
DJANGOS_OWN = [
    ".breadcrumbs",
    "#searchbar",
    ".inline-group",
    ".select2",
    ".selector",
    ".datetime",
    ".help-tooltip",
]
OURS = [
    "/admin/",
    "/admin/results/election/1/night/",
    "/admin/results/offer/",
    "/admin/results/offer/1/change/",
    "/admin/results/offer/2/change/",
    "/admin/results/contest/",
    "/admin/results/contest/1/change/",
    "/admin/results/contest/1/correct/",
    "/admin/results/contest/1/withdraw/",
    "/admin/results/contest/1/story/",
    "/admin/results/declaration/",
    "/admin/results/declaration/1/change/",
    "/admin/results/election/1/change/",
    "/admin/results/quote/add/",
    "/admin/results/post/",
    "/admin/results/post/add/",
    "/admin/results/headline/add/",
    "/admin/results/elsewhere/add/",
    "/admin/results/reporterpass/add/",
    "/admin/results/act/",
    "/admin/auth/user/",
    "/admin/auth/user/2/change/",
    "/admin/auth/user/several/",
]


@pytest.fixture
def server(make_desk: Callable[..., Server]) -> Iterator[Server]:
    with make_desk() as desk:
        desk.python(SEED)
        yield desk


def signed_in(server: Server, context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto(server.url("/admin/login/?next=/admin/"))
    page.get_by_label("Username").fill("editor")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Site administration")).to_be_visible()
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_that_djangos_own_admin_does_not_have(
    server: Server, new_context: Callable[..., BrowserContext], scheme: str
) -> None:
    context = new_context(
        viewport={"width": 1200, "height": 900}, color_scheme=scheme, bypass_csp=True
    )
    page = signed_in(server, context)

    for path in OURS:
        page.goto(server.url(path))
        page.wait_for_load_state("networkidle")
        found = Axe().run(page, context={"exclude": [[part] for part in DJANGOS_OWN]})
        assert found.violations_count == 0, f"{path}\n{found.generate_report()}"


def test_nothing_is_wider_than_768_px(
    server: Server, new_context: Callable[..., BrowserContext]
) -> None:
    page = signed_in(server, new_context(viewport={"width": 768, "height": 1024}))
    for path in OURS:
        page.goto(server.url(path))
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{path} is {wide} px too wide"


def test_what_waits_is_dealt_with_by_keyboard(server: Server, desktop: BrowserContext) -> None:
    page = signed_in(server, desktop)
    page.goto(server.url("/admin/results/election/1/night/"))
    expect(page.get_by_role("heading", name="3 things need a person")).to_be_visible()
    page.get_by_role("link", name="Two results differ").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("differs").first).to_be_visible()
    for _step in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "approve":
            break
    page.keyboard.press("Enter")
    expect(page.get_by_text("Published as bulletin 3.")).to_be_visible()


def test_the_screen_follows_the_night_by_itself(server: Server, desktop: BrowserContext) -> None:
    page = signed_in(server, desktop)
    page.goto(server.url("/admin/results/election/1/night/"))
    expect(page.locator("#night")).to_contain_text("Bulletin 2 at")
    server.python(
        "from results import desk; from results.models import Offer; from tests import nights\n"
        "desk.approve(Offer.objects.get(kind='quote'), by=nights.user('colleague'))"
    )
    expect(page.locator("#night")).to_contain_text("Bulletin 3 at", timeout=15_000)
    expect(page.get_by_role("heading", name="2 things need a person")).to_be_visible()


def test_an_editor_makes_reporters_and_one_of_them_declares(
    server: Server, desktop: BrowserContext, new_context: Callable[..., BrowserContext]
) -> None:
    """By the screens alone: from a line of names to a bulletin from a phone."""
    server.python("from results.models import *; Election.objects.update(second_person='never')")
    page = signed_in(server, desktop)
    page.goto(server.url("/admin/auth/user/"))
    page.get_by_role("link", name="Several reporters at once").click()
    page.get_by_label("Election").select_option(label="General election")
    page.get_by_label("Reporters").fill("Ann Smith; Nowhere")
    page.get_by_role("button", name="Make them and their passes").click()
    expect(page.get_by_text("no count is called “Nowhere”")).to_be_visible()
    page.get_by_label("Reporters").fill("Ann Smith; Elsewhere\nBob Rice; Islington North")
    page.get_by_role("button", name="Make them and their passes").click()
    sheet = page.locator(".pass-sheet").first
    expect(sheet.get_by_role("heading", name="Ann Smith")).to_be_visible()
    code = sheet.locator(".code").inner_text()

    phone = new_context(**PHONE).new_page()
    phone.goto(server.url("/count/"))
    phone.get_by_label("Code from the desk").fill(code)
    phone.get_by_role("button", name="Sign in with the code").click()
    phone.get_by_role("link", name="Elsewhere").click()
    expect(phone.locator("#strip")).to_contain_text("Nothing is waiting")
    phone.locator(".result").get_by_role("textbox", name="Ann Labour").fill("21000")
    phone.locator(".result").get_by_role("textbox", name="Bob Conservative").fill("9000")
    phone.get_by_role("button", name="Check the result").click()
    phone.get_by_role("button", name="Declare Elsewhere").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("bulletin 3")
