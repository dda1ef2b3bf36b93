"""Nights set up in the browser alone, as docs/running-a-night.md says: pages, clicks and fields.

Each ends with a published night, and with a reporter who signs in by the link of the printed sheet.
"""

import base64
import csv
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from openpyxl import Workbook
from playwright.sync_api import BrowserContext, FilePayload, Page, expect

from tests.seeds import newsroom
from tests.servers import Server

#: The day of all these nights, which is to come: a pass ends a day and a half after it.
DAY = "2031-05-01"
#: Milliseconds for the worker to read or to apply files.
LOADING_MS = 120_000


@dataclass
class Newcomer:
    """Somebody who sets up a night, and what that took: pages loaded, clicks, fields filled in."""

    page: Page
    pages: int = 0
    clicks: int = 0
    fields: int = 0

    def click(self, name: str, *, role: str = "button", loads: bool = True) -> None:
        found = self.page.get_by_role(role, name=name, exact=True)  # type: ignore[arg-type]  # a str
        found.first.click()
        self.clicks += 1
        if loads:
            self.pages += 1
            self.page.wait_for_load_state()

    def fill(self, label: str, text: str) -> None:
        self.page.get_by_label(label, exact=True).first.fill(text)
        self.fields += 1

    def choose(self, label: str, option: str) -> None:
        self.page.get_by_label(label, exact=True).first.select_option(label=option)
        self.fields += 1

    def opens(self, path: str) -> None:
        self.page.goto(path)
        self.pages += 1

    @property
    def effort(self) -> str:
        return f"{self.pages} pages, {self.clicks} clicks, {self.fields} fields"


@pytest.fixture
def newcomer(server: Server, new_context: Callable[..., BrowserContext]) -> Newcomer:
    server.seed(newsroom.chief)
    context = new_context(viewport={"width": 1440, "height": 900}, base_url=server.origin)
    page = context.new_page()
    page.goto("/admin/login/?next=/admin/")
    page.get_by_label("Username").fill("chief")
    page.get_by_label("Password").fill(newsroom.PASSWORD)
    page.get_by_role("button", name="Log in").click()
    return Newcomer(page)


def draft(at: Newcomer, kind: str, name: str, body: str = "") -> None:
    at.click("Set up a night", role="link")
    at.choose("What is elected:", kind)
    at.fill("Polling day:", DAY)
    at.fill("Name:", name)
    if body:
        at.fill("Council or office:", body)
    at.click("Make the draft")


def load(at: Newcomer, what: str, rows: str = "", files: Sequence[FilePayload] = ()) -> None:
    """Give a step rows or files, look at what they change, and apply them."""
    step = at.page.locator("li.step").filter(has=at.page.get_by_role("heading", name=what))
    # The whole page that follows: what is folded on it is looked at once.
    expect(step).to_be_visible()
    at.page.wait_for_load_state()
    if not step.get_by_role("button", name="Read it, and see what it changes").is_visible():
        step.get_by_text("Give the file").click()
        at.clicks += 1
    if rows:
        step.get_by_label("Or paste the rows").fill(rows)
    for number, file in enumerate(files):
        step.locator("input[type=file]").nth(number).set_input_files(file)
    at.fields += len(files) or 1
    step.get_by_role("button", name="Read it, and see what it changes").click()
    at.clicks, at.pages = at.clicks + 1, at.pages + 1
    expect(at.page.get_by_text("this is what applying it changes")).to_be_visible(
        timeout=LOADING_MS
    )
    at.click("Apply")
    expect(at.page.get_by_text("Applied.", exact=True)).to_be_visible(timeout=LOADING_MS)
    at.click("Go on setting up", role="link")


def test_files_that_are_too_large_are_not_sent(newcomer: Newcomer, tmp_path: Path) -> None:
    """A proxy, or the server, ends the connection: the browser shows its own page, or none."""
    at = newcomer
    draft(at, "council", "A large file", "Northshire Council")
    here = at.page.url
    large, small = tmp_path / "large.csv", tmp_path / "small.csv"
    with large.open("wb") as sparse:
        sparse.truncate(100_000_000)
    small.write_text("Ward,Seats,Candidate,Party\nHill,1,Ann Ash,Labour\n")
    form = at.page.locator("li.step form").first
    refusal = form.get_by_text("The files are larger than 20 MB together.")
    expect(refusal).to_be_hidden()
    form.locator("input[type=file]").first.set_input_files(large)
    expect(refusal).to_be_visible()
    form.locator("[type=submit]").click()
    expect(refusal).to_be_in_viewport()
    assert at.page.url == here
    form.locator("input[type=file]").first.set_input_files(small)
    expect(refusal).to_be_hidden()
    form.locator("[type=submit]").click()
    expect(at.page.get_by_text("this is what applying it changes")).to_be_visible(
        timeout=LOADING_MS
    )


#: Drops files of these names on a row.
DROP = """(row, names) => {
  const dataTransfer = new DataTransfer();
  for (const name of names) dataTransfer.items.add(new File(["ward,candidate"], name));
  row.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
}"""


def test_files_are_dropped_one_by_one_or_together(newcomer: Newcomer) -> None:
    at = newcomer
    draft(at, "council", "Dropped files", "Northshire Council")
    form = at.page.locator("li.step form").first
    rows, fields = form.locator(".drop"), form.locator("input[type=file]")
    expect(fields).to_have_count(2)
    # With its script.
    at.page.wait_for_load_state()

    def names() -> list[str]:
        return [str(each.evaluate("each => each.files[0]?.name ?? ''")) for each in fields.all()]

    rows.nth(1).evaluate(DROP, ["seats.csv"])
    assert names() == ["", "seats.csv"]
    rows.nth(1).evaluate(DROP, ["list.csv", "wards.csv"])
    assert names() == ["list.csv", "wards.csv"]
    expect(fields.first).to_be_focused()
    refusal = form.get_by_text("More files than there are fields here")
    expect(refusal).to_be_hidden()
    rows.first.evaluate(DROP, ["a.csv", "b.csv", "c.csv"])
    expect(refusal).to_be_visible()
    assert names() == ["list.csv", "wards.csv"]
    rows.first.evaluate(DROP, ["again.csv"])
    expect(refusal).to_be_hidden()
    assert names() == ["again.csv", "wards.csv"]


def publish(at: Newcomer) -> str:
    """Publish the draft; return the address that readers have."""
    at.click("Publish…", role="link")
    address = at.page.locator("form.decision strong").first.inner_text()
    # What is opened next would end a request that was not answered yet.
    with at.page.expect_navigation():
        at.page.locator(".submit-row button.default").click()
    at.clicks, at.pages = at.clicks + 1, at.pages + 1
    return address


def invite(at: Newcomer, server: Server, election: str, lines: str) -> str:
    """Make sheets for reporters, whom no other test on this server may name; return one's link."""
    at.opens("/admin/auth/user/")
    at.click("Several reporters at once", role="link")
    at.choose("Election:", election)
    at.fill("Address that phones use:", server.origin)
    at.fill("Reporters:", lines)
    at.page.locator(".submit-row [type=submit]").first.click()
    at.clicks, at.pages = at.clicks + 1, at.pages + 1
    return at.page.locator(".pass-sheet dd.link").nth(1).inner_text()


def signs_in(phone: BrowserContext, link: str, count: str) -> None:
    page = phone.new_page()
    page.goto(link)
    page.get_by_role("button", name="Sign in on this phone").click()
    expect(page.get_by_text(count).first).to_be_visible()


WARDS = [f"Ward {letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWX"]
COUNCIL = "ward\tseats\telectorate\tcandidate\tparty\n" + "".join(
    f"{ward}\t{2 + number % 2}\t{5000 + number}\t{name} {ward[-1]}\t{party}\n"
    for number, ward in enumerate(WARDS)
    for name, party in (
        ("Ann", "Labour"), ("Bob", "Conservative"), ("Cat", "Green"), ("Dan", "Liberal Democrats")
    )
)  # fmt: skip
COUNCIL_LAST_TIME = "ward\tcandidate\tparty\tvotes\telected\n" + "".join(
    f"{ward}\t{name} {ward[-1]}\t{party}\t{votes}\t{elected}\n"
    for ward in WARDS
    for name, party, votes, elected in (
        ("Eve", "Labour", 1200, "yes"), ("Fay", "Labour", 1100, "yes"), ("Gus", "Green", 900, "no")
    )
)  # fmt: skip
BY_ELECTION = """\
constituency\tcandidate\tparty
Islington North\tAnn Ash\tLabour
Islington North\tBob Beech\tConservative
Islington North\tCat Cole\tGreen
"""
MAYOR = """\
area\tcandidate\tparty
Northshire\tAnn Ash\tLabour
Northshire\tBob Beech\tConservative
Northshire\tCat Cole\tGreen
"""


def test_council_of_24_wards_from_pasted_rows(
    newcomer: Newcomer, server: Server, phone: BrowserContext
) -> None:
    name = "Northshire Council election"
    draft(newcomer, "council", name, body="Northshire Council")
    load(newcomer, "Candidates", COUNCIL)
    load(newcomer, "Last time’s results", COUNCIL_LAST_TIME)
    publish(newcomer)
    link = invite(newcomer, server, name, "Ann Ward; Ward A, Ward B\nJo Ward; Ward C")
    signs_in(phone, link, "Ward A")
    assert newcomer.pages <= 13, newcomer.effort
    assert newcomer.clicks <= 14, newcomer.effort
    assert newcomer.fields <= 9, newcomer.effort


#: Drops a file of this name on a row; its content is base64.
DROP_CONTENT = """(row, [name, content]) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([bytes], name));
  row.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
}"""


def _workbook(rows: str) -> str:
    """An xlsx file of tab-separated rows, as base64. Numbers are stored as numbers."""
    workbook, file = Workbook(), io.BytesIO()
    sheet = workbook.active
    assert sheet is not None
    for row in rows.splitlines():
        sheet.append([int(cell) if cell.isdigit() else cell for cell in row.split("\t")])
    workbook.save(file)
    return base64.b64encode(file.getvalue()).decode()


def test_council_from_a_workbook_that_is_dropped(newcomer: Newcomer) -> None:
    at = newcomer
    draft(at, "council", "Northshire by workbook", body="Northshire Council")
    step = at.page.locator("li.step").filter(has=at.page.get_by_role("heading", name="Candidates"))
    expect(step).to_be_visible()
    at.page.wait_for_load_state()  # with its script
    step.locator(".drop").first.evaluate(DROP_CONTENT, ["wards.xlsx", _workbook(COUNCIL)])
    step.get_by_role("button", name="Read it, and see what it changes").click()
    expect(at.page.get_by_text("this is what applying it changes")).to_be_visible(
        timeout=LOADING_MS
    )
    at.click("Apply")
    expect(at.page.get_by_text("Applied.", exact=True)).to_be_visible(timeout=LOADING_MS)
    at.click("Go on setting up", role="link")
    expect(at.page.locator(".facts-of-election dd").first).to_have_text("24")
    expect(at.page.locator(".facts-of-election dd").nth(1)).to_have_text("96")


@pytest.mark.parametrize(
    ("kind", "name", "rows", "count"),
    [
        ("UK Parliament, by-elections", "By-election, 1 May 2031", BY_ELECTION, "Islington North"),
        ("mayor", "Mayor of Northshire", MAYOR, "Northshire"),
    ],
)
def test_one_result_from_pasted_rows(
    newcomer: Newcomer,
    server: Server,
    phone: BrowserContext,
    kind: str,
    name: str,
    rows: str,
    count: str,
) -> None:
    draft(newcomer, kind, name)
    load(newcomer, "Candidates", rows)
    publish(newcomer)
    link = invite(newcomer, server, name, f"Ann of {count}; {count}")
    signs_in(phone, link, count)
    assert newcomer.pages <= 10, newcomer.effort
    assert newcomer.clicks <= 9, newcomer.effort
    assert newcomer.fields <= 7, newcomer.effort


#: Constituencies of the public files that are taken: thirty set up as 650 do, in less time.
SEATS = {"E14000763", "W07000041", *(f"E140005{number}" for number in range(30, 58))}


def _table(path: Path, column: str) -> FilePayload:
    """A public CSV file, with the rows whose column ends with the code of one of `SEATS`."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        chosen = [row for row in rows if row[column][-9:] in SEATS]
    text = io.StringIO()
    table = csv.DictWriter(text, chosen[0].keys())
    table.writeheader()
    table.writerows(chosen)
    # The polling day of the candidates, which has passed.
    content = text.getvalue().replace("2019-12-12", DAY).encode()
    return FilePayload(name=path.name, mimeType="text/csv", buffer=content)


def _map(path: Path) -> FilePayload:
    document = json.loads(path.read_text())
    document["hexes"] = {code: at for code, at in document["hexes"].items() if code in SEATS}
    content = json.dumps(document).encode()
    return FilePayload(name=path.name, mimeType="application/json", buffer=content)


def test_general_election_from_public_files(
    newcomer: Newcomer, server: Server, phone: BrowserContext, election_data: Path
) -> None:
    name = "General election, 1 May 2031"
    candidates = election_data / "democracy-club-2019" / "candidates-parl.2019-12-12.csv"
    results = [
        _table(election_data / "ge2017" / f"HoC-GE2017-{which}.csv", "ons_id")
        for which in ("results-by-candidate", "constituency-results")
    ]
    draft(newcomer, "UK Parliament", name)
    load(newcomer, "Candidates", files=[_table(candidates, "post_id")])
    load(newcomer, "Last time’s results", files=results)
    load(newcomer, "Map", files=[_map(election_data / "hexmap-2019" / "constituencies.hexjson")])
    facts = newcomer.page.locator(".facts-of-election dd")
    expect(facts.first).to_have_text("30")
    expect(facts.nth(2)).to_have_text("30")
    address = publish(newcomer)
    link = invite(newcomer, server, name, "Ann Hill; Islington North\nJo Hill; Ynys Môn")
    signs_in(phone, link, "Islington North")
    reader = phone.new_page()
    reader.goto(server.url(f"/{address.rstrip('/').rsplit('/', 1)[-1]}/"))
    expect(reader.get_by_text("Ynys Môn").first).to_be_attached()
    assert newcomer.pages <= 16, newcomer.effort
    assert newcomer.clicks <= 17, newcomer.effort
    assert newcomer.fields <= 10, newcomer.effort
