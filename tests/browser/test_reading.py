"""A reader's pages in a browser: accessible, within the screen, whole without JavaScript, live."""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.servers import Server

SEED = """
from dataclasses import replace
from results import desk
from tests import nights
night = nights.election(house_seats=650)
seat = nights.islington_north(night)
night.contests.filter(pk=seat.pk).update(hex_q=0, hex_r=0)
other = nights.contest(night, "Islington South and Finsbury",
                       [("Emily Thornberry", "lab"), ("Kate Pothalingam", "ld")],
                       last={"lab": 30000, "ld": 5000, "con": 9000}, region="London",
                       hex_q=1, hex_r=0)
nights.contest(night, "Elsewhere", [("Ann Hall", "con"), ("Bob Rice", "independent")])
by = nights.user()
figures = nights.islington_figures(seat)
wakeling = seat.candidates.get(name="Nick Wakeling")
desk.declare(seat, replace(figures, votes={**figures.votes, wakeling.pk: 8451}), by=by, key="1")
desk.correct(seat, figures, by=by, key="2", base_revision=1, reason="Two digits were transposed.")
desk.flash(other, [other.candidates.first()], by=by, key="3")
desk.quote(night, "I will not lead the party into another election.", by=by, key="4",
           contest=seat, candidate=seat.candidates.get(name="Jeremy Corbyn"), role="Labour leader")
from results.models import ElsewhereKind, Group
group = Group.objects.create(election=night, slug="patch", name="Our patch", about="Ours.")
group.contests.set([seat, other])
desk.elsewhere(night, {"con": 368, "lab": 191, "others": 91}, kind=ElsewhereKind.EXIT_POLL,
               source="Three broadcasters", as_of=night.polls_close, by=by, key="5")
nights.election("empty", name="An empty night")
dummy = nights.election("dummy", name="A rehearsal", rehearsal=True)
for place in ("Nowhere", "Erewhon", "Utopia"):
    nights.contest(dummy, place, [("Ann Test", "con"), ("Bob Test", "lab")])
"""
PAGES = [
    "/",
    "/ge/",
    "/ge/islington-north/",
    "/ge/islington-south-and-finsbury/",
    "/ge/elsewhere/",
    "/ge/corrections/",
    "/ge/feed/",
    "/ge/feed/?only=gains",
    "/ge/feed/?seats=islington-north",
    "/ge/bulletins/1/",
    "/ge/regions/",
    "/ge/regions/london/",
    "/ge/groups/patch/",
    "/dummy/parties/",
    "/ge/parties/",
    "/ge/parties/lab/",
    "/ge/changes/",
    "/ge/records/",
    "/embed/ge/",
    "/embed/ge/scoreboard/",
    "/embed/ge/map/",
    "/embed/ge/feed/",
    "/embed/ge/islington-north/",
    "/ge/find/",
    "/ge/find/?q=is",
    "/empty/",
    "/empty/records/",
    "/empty/corrections/",
    "/dummy/",
    "/dummy/nowhere/",
]


@pytest.fixture(scope="module")
def server(make_desk: Callable[..., Server]) -> Iterator[Server]:
    with make_desk() as desk:
        desk.python(SEED)
        yield desk


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_axe_finds_nothing(
    server: Server, new_context: Callable[..., BrowserContext], width: int, scheme: str
) -> None:
    page = new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    ).new_page()
    for path in PAGES:
        page.goto(server.url(path))
        page.wait_for_load_state("networkidle")
        found = Axe().run(page)
        assert found.violations_count == 0, f"{path}\n{found.generate_report()}"


@pytest.mark.parametrize("width", [320, 390, 768, 1440])
def test_nothing_is_wider_than_the_screen(
    server: Server, new_context: Callable[..., BrowserContext], width: int
) -> None:
    page = new_context(viewport={"width": width, "height": 800}).new_page()
    for path in PAGES:
        page.goto(server.url(path))
        too_wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert too_wide <= 0, f"{path} is {too_wide} px too wide"


def test_the_night_can_be_read_without_javascript(
    server: Server, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(server.url("/ge/"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Labour hold")
    expect(page.get_by_role("link", name="Refresh")).to_be_visible()
    page.locator("#seats").get_by_role("link", name="Islington North").click()
    expect(page.locator("table.result")).to_contain_text("34,603")
    page.get_by_role("link", name="Corrections").click()
    expect(page.get_by_text("Two digits were transposed.")).to_be_visible()
    expect(page.locator("del", has_text="8,451")).to_be_visible()


DECLARE = """
from tests import nights
from results.models import Contest
nights.declare(Contest.objects.get(slug="elsewhere"), 21000, 9000, electorate=45000)
"""


def test_an_open_page_changes_by_itself(
    make_desk: Callable[..., Server], phone: BrowserContext, desktop: BrowserContext
) -> None:
    with make_desk() as server:
        server.python(SEED)
        front, seat = phone.new_page(), desktop.new_page()
        front.goto(server.url("/ge/"))
        seat.goto(server.url("/ge/elsewhere/"))
        for page in (front, seat):
            expect(page.locator("#sign-of-life .state")).to_have_text("Live")
            page.evaluate("window.neverReloaded = true")

        server.python(DECLARE)

        expect(
            front.get_by_text("Conservatives win Elsewhere, majority 12,000").first
        ).to_be_visible()
        expect(front.locator("#progress")).to_contain_text("3 of 3 declared")
        expect(seat.get_by_role("heading", level=1)).to_contain_text("majority 12,000")
        for page in (front, seat):
            expect(page.locator("#sign-of-life .sequence")).to_have_text("6")
            assert page.evaluate("window.neverReloaded")
            assert_equal_to_a_fresh_one(page)


def assert_equal_to_a_fresh_one(page: Page) -> None:
    """The page as it stands shows, part for part, what it shows after loading it again."""
    parts = """() => Object.fromEntries([...document.querySelectorAll("main [id]")]
        .map((element) => [element.id, element.innerText]))"""
    expect(page.locator(".fresh")).to_have_count(0)
    grown = page.evaluate(parts)
    page.reload()
    assert page.evaluate(parts) == grown
