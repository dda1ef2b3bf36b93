"""The admin in Chromium: accessibility, at 768 px, by keyboard."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.axe import assert_no_violation
from tests.browser.editor_desk import Desk, signed_in
from tests.chromium import PHONE
from tests.seeds import desk_pages
from tests.servers import Server

#: Parts of Django's own admin, whose violations are not ours.
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
    "/admin/results/election/{election}/night/",
    "/admin/results/election/{election}/night/headline/",
    "/admin/results/election/{election}/night/post/",
    "/admin/results/election/{election}/night/note/",
    "/admin/results/election/{election}/night/declare/",
    "/admin/results/election/{election}/night/count/{contest}/",
    "/admin/results/contest/{other}/declare/",
    "/admin/results/reviewitem/",
    "/admin/results/reviewitem/{quote}/change/",
    "/admin/results/reviewitem/{result}/change/",
    "/admin/results/contest/",
    "/admin/results/contest/{contest}/change/",
    "/admin/results/contest/{contest}/correct/",
    "/admin/results/contest/{contest}/withdraw/",
    "/admin/results/contest/{contest}/story/",
    "/admin/results/declaration/",
    "/admin/results/declaration/{declaration}/change/",
    "/admin/results/election/{election}/change/",
    "/admin/results/quote/add/",
    "/admin/results/post/",
    "/admin/results/post/add/",
    "/admin/results/headline/add/",
    "/admin/results/externalfigures/add/",
    "/admin/results/reporterpass/add/",
    "/admin/results/auditentry/",
    "/admin/auth/user/",
    "/admin/auth/user/{reporter}/change/",
    "/admin/auth/user/several/",
]


@pytest.fixture
def desk(server: Server) -> Desk:
    return Desk.seeded(server)


def test_axe_finds_no_violation_outside_djangos_own_parts(
    desk: Desk, new_context: Callable[..., BrowserContext]
) -> None:
    context = new_context(viewport={"width": 1200, "height": 900}, bypass_csp=True)
    page = signed_in(desk, context)
    for path in OURS:
        page.goto(desk.url(path))
        assert_no_violation(page, path, outside=DJANGOS_OWN)


#: How many pixels of a page a screen shows only by scrolling sideways.
TOO_WIDE = "document.documentElement.scrollWidth - innerWidth"
#: What a page on paper would cut off: nothing scrolls there.
CUT_ON_PAPER = """() => [...document.querySelectorAll("#content *")].filter((each) => {
    const { overflowX, overflowY } = getComputedStyle(each);
    if (!each.clientWidth || each.matches(".visually-hidden, input, select")) return false;
    const isWide = overflowX !== "visible" && each.scrollWidth > each.clientWidth + 1;
    return isWide || (overflowY !== "visible" && each.scrollHeight > each.clientHeight + 1);
  }).map((each) => `${each.tagName} ${each.className}, ${each.scrollWidth} px`)"""
#: A4 without its margins, in CSS pixels.
PAPER = {"width": 718, "height": 1046}


@pytest.mark.parametrize(
    "path",
    [
        *("election/{election}/night/", "election/{election}/print/", "election/"),
        *(
            "contest/",
            "contest/{contest}/story/",
            "declaration/",
            "declaration/{declaration}/change/",
        ),
        *("reviewitem/", "reviewitem/{result}/change/", "quote/", "bulletin/", "auditentry/"),
    ],
)
def test_pages_to_read_are_whole_on_paper(
    desk: Desk, new_context: Callable[..., BrowserContext], path: str
) -> None:
    page = signed_in(desk, new_context(viewport=PAPER))
    page.goto(desk.url(f"/admin/results/{path}"))
    page.emulate_media(media="print")
    assert page.evaluate(CUT_ON_PAPER) == []
    assert page.evaluate(TOO_WIDE) <= 0


#: Pixels between a link's left edge and its words.
AROUND_WORDS = """(link) => {
  const words = document.createRange();
  words.selectNodeContents(link);
  return words.getBoundingClientRect().left - link.getBoundingClientRect().left;
}"""


def test_links_that_look_like_buttons_have_room_around_their_words(
    desk: Desk, new_context: Callable[..., BrowserContext]
) -> None:
    """On a phone, where the admin has its own rules, as well."""
    page = signed_in(desk, new_context(viewport={"width": 390, "height": 844}))
    page.goto(desk.url("/admin/results/contest/{other}/declare/"))
    assert page.get_by_role("link", name="Cancel").evaluate(AROUND_WORDS) >= 10
    page.goto(desk.url("/admin/results/contest/{contest}/declare/"))
    correct, back = (
        page.get_by_role("link", name=name, exact=True) for name in ("Correct it", "Back")
    )
    assert correct.evaluate(AROUND_WORDS) >= 10
    left, right = correct.bounding_box(), back.bounding_box()
    assert left
    assert right
    assert right["x"] - left["x"] - left["width"] >= 8


CUT_FIELDS = """(fields) => fields.filter((each) => each.scrollWidth > each.clientWidth)
  .map((each) => each.name)"""


#: Labels whose words are less than a few pixels away from their field, beside or above it.
TOUCHING = """() => [...document.querySelectorAll("#content label")].filter((label) => {
    const field = label.control;
    const isSeen = field?.offsetParent && label.offsetParent && !label.contains(field);
    const hidden = ".select2-hidden-accessible, .visually-hidden";
    if (!isSeen || field.matches(hidden) || label.matches(hidden)) return false;
    const range = document.createRange();
    range.selectNodeContents(label);
    const [words, box] = [range, field].map((each) => each.getBoundingClientRect());
    const isBeside = words.top < box.bottom && words.bottom > box.top;
    const beside = Math.max(box.left - words.right, words.left - box.right);
    const room = isBeside ? beside : box.top - words.bottom;
    return room >= 0 && room < 3;
}).map((label) => label.textContent.trim())"""


def test_pages_fit_screens_and_labels_do_not_touch_their_fields(
    desk: Desk, new_context: Callable[..., BrowserContext]
) -> None:
    """Each page is loaded once, on the narrowest screen, as no script reads the width."""
    page = signed_in(desk, new_context(viewport={"width": 390, "height": 1024}))
    others = [
        "/admin/set-up/",
        "/admin/set-up/{election}/",
        "/admin/results/election/{election}/times/",
        "/admin/results/election/{election}/withdraw/",
        "/admin/results/contest/{contest}/merge/",
        "/admin/results/contest/{other}/poll/",
    ]
    too_wide, touching = {}, {}
    for address in [*OURS, *others]:
        page.set_viewport_size({"width": 390, "height": 1024})
        answer = page.goto(desk.url(address))
        assert answer is not None
        assert answer.ok, address
        for width in (320, 390, 768, 1440):
            page.set_viewport_size({"width": width, "height": 1024})
            too_wide[address, width] = page.evaluate(TOO_WIDE)
            touching[address, width] = page.evaluate(TOUCHING)
    assert {where: pixels for where, pixels in too_wide.items() if pixels > 0} == {}
    assert {where: labels for where, labels in touching.items() if labels} == {}


#: Returns how many pixels of a list's columns are hidden until it is scrolled sideways.
HIDDEN_COLUMNS = """() => {
    const list = document.querySelector("#changelist .results");
    return list ? list.scrollWidth - list.clientWidth : 0;
}"""


def test_lists_show_all_their_columns(
    desk: Desk, server: Server, new_context: Callable[..., BrowserContext]
) -> None:
    """Also where the desk has several elections, for which most have one column more."""
    Desk.seeded(server)
    page = signed_in(desk, new_context())
    page.goto(server.url("/admin/"))
    links = page.locator("#content-main th a").evaluate_all("all => all.map((each) => each.href)")
    assert len(links) > 20
    hidden = {}
    for link in links:
        page.goto(link)
        for width in (1280, 1440, 1920):
            page.set_viewport_size({"width": width, "height": 1024})
            hidden[link, width] = page.evaluate(HIDDEN_COLUMNS)
    assert {where: pixels for where, pixels in hidden.items() if pixels > 0} == {}


#: Returns the inlines of a form that hide columns until they are scrolled sideways.
CUT_INLINES = """() => [...document.querySelectorAll(".inline-group")].filter((group) =>
    [...group.querySelectorAll(".tabular")].some((each) => each.scrollWidth > each.clientWidth)
).map((group) => group.id)"""


@pytest.mark.parametrize("kind", ["contest", "election"])
def test_inlines_show_all_their_columns(
    desk: Desk, server: Server, new_context: Callable[..., BrowserContext], kind: str
) -> None:
    Desk.seeded(server)
    page = signed_in(desk, new_context())
    page.goto(server.url(f"/admin/results/{kind}/"))
    page.locator("#result_list tbody th a").first.click()
    page.locator(".inline-group").first.wait_for()
    for width in (1440, 1920):
        page.set_viewport_size({"width": width, "height": 1024})
        assert page.evaluate(CUT_INLINES) == []


def test_marks_are_seen_where_colours_are_forced(
    desk: Desk, new_context: Callable[..., BrowserContext]
) -> None:
    """A party's colour, and the rows that differ, whose background is taken away."""
    page = signed_in(desk, new_context(forced_colors="active"))
    page.goto(desk.url("/admin/results/election/{election}/night/"))
    colour = "element => getComputedStyle(element).backgroundColor"
    swatch = page.locator("#now-tally .swatch").first.evaluate(colour)
    assert swatch != page.locator("body").evaluate(colour)
    page.goto(desk.url("/admin/results/reviewitem/{result}/change/"))
    edge = "element => getComputedStyle(element).borderLeftStyle"
    rows = page.locator(".figures tr.differs > :first-child")
    assert {row.evaluate(edge) for row in rows.all()} == {"solid"}
    page.goto(desk.url("/admin/results/contest/{contest}/correct/"))
    page.locator("input[name^=votes]").first.fill("1")
    page.locator("input[name^=votes]").nth(1).focus()
    assert page.locator("tr.changed > :first-child").first.evaluate(edge) == "solid"


def test_fields_of_a_correction_are_seen_whole_on_a_phone(
    desk: Desk, new_context: Callable[..., BrowserContext]
) -> None:
    """The time of the declaration is the longest."""
    page = signed_in(desk, new_context(viewport={"width": 390, "height": 844}))
    page.goto(desk.url("/admin/results/contest/{contest}/correct/"))
    fields = page.locator(".proposed .entered input:visible")
    expect(fields).not_to_have_count(0)
    assert fields.evaluate_all(CUT_FIELDS) == []


def test_headline_is_seen_whole_while_it_is_typed(
    desk: Desk, new_context: Callable[..., BrowserContext]
) -> None:
    page = signed_in(desk, new_context(viewport={"width": 768, "height": 1024}))
    page.goto(desk.url("/admin/results/election/{election}/night/headline/"))
    field = page.get_by_label("Headline:")
    expect(field).to_have_value("Labour hold Islington North, majority 26,188")
    assert field.evaluate("(field) => field.scrollWidth - field.clientWidth") <= 0


def test_review_item_is_approved_by_keyboard(desk: Desk, desktop: BrowserContext) -> None:
    page = signed_in(desk, desktop)
    page.goto(desk.url("/admin/results/reviewitem/{result}/change/"))
    expect(page.get_by_text("differs").first).to_be_visible()
    for _step in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "approve":
            break
    page.keyboard.press("Enter")
    expect(page.get_by_text("Published as bulletin 3.")).to_be_visible()


def test_time_of_a_count_keeps_to_its_column(desk: Desk, desktop: BrowserContext) -> None:
    page = signed_in(desk, desktop)
    page.goto(desk.url("/admin/results/election/{election}/night/"))
    counts = page.locator("#now-counts .count-list li")
    assert counts.count() > 0
    page.evaluate("""
      for (const name of document.querySelectorAll("#now-counts .count-list li a"))
        name.textContent = "Meadowmarsh and Ploverfell-under-Wychwood";
    """)
    for count in counts.all():
        row, time = count.bounding_box(), count.locator(".time").bounding_box()
        assert row
        assert time
        assert time["x"] + time["width"] <= row["x"] + row["width"]


def test_night_dashboard_refreshes_itself(desk: Desk, desktop: BrowserContext) -> None:
    page = signed_in(desk, desktop)
    page.goto(desk.url("/admin/results/election/{election}/night/"))
    expect(page.locator("#night")).to_contain_text("bulletin 2")
    desk.server.seed(desk_pages.approve_quote, desk.keys["quote"])
    expect(page.locator("#night")).to_contain_text("bulletin 3")
    expect(page.get_by_role("heading", name="1 thing needs a person")).to_be_visible()


def test_bulk_created_reporter_signs_in_and_declares(
    desk: Desk, desktop: BrowserContext, new_context: Callable[..., BrowserContext]
) -> None:
    """From a list of names in the admin to a bulletin from a phone."""
    desk.server.seed(desk_pages.without_second_person, desk.slug)
    page = signed_in(desk, desktop)
    page.goto(desk.url("/admin/auth/user/"))
    page.get_by_role("link", name="Several reporters at once").click()
    page.get_by_label("Election").select_option(label=desk_pages.name_of(desk.slug))
    page.get_by_label("Reporters").fill("Ann Smith; Nowhere")
    page.get_by_role("button", name="Make them and their passes").click()
    expect(page.get_by_text("no count is called “Nowhere”")).to_be_visible()
    page.get_by_label("Reporters").fill("Ann Smith; Elsewhere\nBob Rice; Islington North")
    page.get_by_role("button", name="Make them and their passes").click()
    sheet = page.locator(".pass-sheet").first
    expect(sheet.get_by_role("heading", name="Ann Smith")).to_be_visible()
    code = sheet.locator(".code").inner_text()

    phone = new_context(**PHONE).new_page()
    phone.goto(desk.server.url("/count/"))
    phone.get_by_label("Code from the desk").fill(code)
    phone.get_by_role("button", name="Sign in with the code").click()
    phone.get_by_role("link", name="Elsewhere").click()
    expect(phone.locator("#strip")).to_contain_text("Nothing is waiting")
    phone.locator(".result").get_by_role("textbox", name="Ann Labour").fill("21000")
    phone.locator(".result").get_by_role("textbox", name="Bob Conservative").fill("9000")
    phone.get_by_role("button", name="Check the result").click()
    phone.get_by_role("button", name="Declare Elsewhere").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("bulletin 3")
