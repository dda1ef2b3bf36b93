"""Pages of councils: the list of a night, one council with its wards, its card and its embed."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from html import unescape

import html5lib
import pytest
from django.test import Client
from django.utils.html import strip_tags

from results import desk
from results.arithmetic import NO_OVERALL_CONTROL
from results.models import Body, Election, LastResult
from results.models.contest_lookup import set_qualifiers
from tests import councils, nights

pytestmark = pytest.mark.django_db

NORTH: councils.Wards = {
    "St Michaels": (["lab", "lab", "lab"], ["lab", "green", "lab"]),
    "Market": (["con", "ld"], ["ld", "ld"]),
    "Weir": (["lab", "con"], ["lab", "con"]),
}
SOUTH: councils.Wards = {
    "St Michaels": (["lab", "lab", "lab"], ["green", "green", "green"]),
    "Orchard": (["lab", "lab"], ["green", "lab"]),
}


@pytest.fixture(scope="module")
def _declared(rolled_back_rows: Callable[[], AbstractContextManager[None]]) -> Iterator[int]:
    with rolled_back_rows():
        yield two_councils().pk


@pytest.fixture
def night(_declared: int, db: None, rendered_of_no_night: None) -> Election:
    """Two councils: all of Southshire is declared, and of Northshire but one ward."""
    return Election.objects.get(pk=_declared)


def two_councils() -> Election:
    night = councils.council_night("locals", name="Council elections")
    councils.council(night, NORTH, name="Northshire", slug="northshire")
    councils.council(night, SOUTH, name="Southshire", slug="southshire")
    set_qualifiers(night)
    for slug in ("southshire-st-michaels", "southshire-orchard", "northshire-st-michaels",
                 "northshire-market"):  # fmt: skip
        councils.declare(night.contests.get(slug=slug))
    return night


def text_of(client: Client, path: str) -> str:
    """What a page says, on one line."""
    response = client.get(path)
    assert response.status_code == 200, path
    page = re.sub(r"<(style|script).*?</\1>", "", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", unescape(strip_tags(page)))


def test_front_of_several_councils_lists_them_by_name(night: Election, client: Client) -> None:
    text = text_of(client, "/locals/")
    listed = text[text.index("Every council") :]
    assert listed.index("Northshire") < listed.index("Southshire")
    assert "2 of 3 wards declared" in listed
    assert "Gain Labour → to Green" in listed
    assert "Orchard" not in listed  # its wards are on the council's own page
    assert "Greens gain Southshire from Labour" in text


def test_page_of_a_council_has_its_seats_wards_and_no_others(
    night: Election, client: Client
) -> None:
    text = text_of(client, "/locals/bodies/northshire/")
    assert "4 for control" in text
    assert "Lab 2, Green 1 Green gain 1 from Lab" in text
    assert "LD 2 LD gain 1 from Con" in text
    assert "turnout 51" in text
    assert "was Lab 1, Con 1" in text  # Weir, still to come
    assert "Expected next 01:20 Weir" in text
    assert "Orchard" not in text


def test_table_has_the_seats_that_are_not_up(client: Client) -> None:
    night = councils.council_night("thirds", name="Riverbank council")
    wards = {"Castle": (["lab"], ["green"]), "Market": (["ld"], ["ld"])}
    before = {"lab": 4, "ld": 1, "green": 1}
    body = councils.council(night, wards, name="Riverbank", seats=6, composition_before=before)
    for contest in night.contests.all():
        councils.declare(contest)
    page = client.get("/thirds/bodies/riverbank/").content.decode()
    table = page[page.index("<tbody>") : page.index("</tbody>")]
    rows = [re.sub(r"\s+", " ", strip_tags(row)).split() for row in table.split("</tr>")]
    assert [row[:2] for row in rows[:3]] == [
        ["Labour", "4"],
        ["Green", "1"],
        ["Liberal", "Democrat"],
    ]
    assert rows[0][2] == "3"
    assert "which 3 not up this time" in " ".join(rows[0])
    assert body.seats == 6
    assert page.count('class="part not-up"') == 2  # of Labour and of the Greens


def test_lists_count_seats_of_wards_party_by_party(night: Election, client: Client) -> None:
    text = text_of(client, "/locals/changes/")
    assert "6 seats have changed hands" in text
    assert "Green from Labour 5" in text
    assert "Liberal Democrat from Conservative 1" in text
    lost = text_of(client, "/locals/parties/lab/")
    assert "St Michaels (Southshire) 3 to Green" in lost


def test_records_of_wards_have_majorities_in_votes_only(night: Election, client: Client) -> None:
    text = text_of(client, "/locals/records/")
    assert "75" in text
    assert "swing" not in text.lower().replace("biggest swings", "", 1)
    assert "deposit" not in text.lower()


def test_wards_of_one_name_are_told_apart_by_their_council(night: Election, client: Client) -> None:
    text = text_of(client, "/locals/find/?q=st+michaels")
    assert "St Michaels Northshire" in text
    assert "St Michaels Southshire" in text


def test_card_and_embed_are_of_the_council(night: Election, client: Client) -> None:
    card = client.get("/locals/bodies/southshire/card.png")
    assert (card.status_code, card["Content-Type"]) == (200, "image/png")
    embed = client.get("/embed/locals/bodies/southshire/").content.decode()
    assert 'data-topics="council:southshire"' in embed
    assert "Greens gain Southshire from Labour" in embed


@pytest.mark.parametrize("path", ["bodies/nowhere/", "bodies/nowhere/card.png"])
def test_unknown_body_is_not_found(night: Election, client: Client, path: str) -> None:
    assert client.get(f"/locals/{path}").status_code == 404


def test_body_that_nobody_controls_is_on_the_elections_page(client: Client) -> None:
    night = nights.election()
    nights.islington_north(night)
    body = night.bodies.get()
    for path in ("/ge/bodies/", f"/ge/bodies/{body.slug}/"):
        assert client.get(path).headers["Location"] == "/ge/"


def test_contests_expected_next_name_their_council(night: Election, client: Client) -> None:
    text = text_of(client, "/locals/")
    expected = text[text.index("Expected next") :]
    assert "Weir Northshire" in expected
    own = text_of(client, "/locals/bodies/northshire/")
    assert "Weir Northshire" not in own[own.index("Expected next") :]


def test_map_shows_winners_gains_and_turnout(night: Election, client: Client) -> None:
    wards = night.contests.filter(body__slug="southshire")
    wards.filter(slug="southshire-orchard").update(hex_q=1, hex_r=1)
    page = client.get("/locals/bodies/southshire/").content.decode()
    for mode in ("winners", "gains", "turnout"):
        assert re.search(rf'<input type="radio" name="map" value="{mode}"', page)
    tile = page[page.index('id="hex-southshire-st-michaels"') :]
    # All three of its seats are gained; in the other ward one of two.
    assert tile[: tile.index("</li>")].count('class="gain"') == 3
    hexagon = page[page.index('id="hex-southshire-orchard"') :]
    hexagon = hexagon[: hexagon.index("</a>")]
    assert hexagon.count("<rect") == 2
    assert hexagon.count('class="gain"') == 1
    assert 'id="within"' in page


@pytest.mark.parametrize(
    "path",
    ["", "bodies/", "bodies/southshire/", "parties/", "changes/", "find/?q=weir", "feed/"],
)
def test_pages_of_councils_need_no_script(night: Election, client: Client, path: str) -> None:
    """Every link leads to a page, every form to an answer, and no control waits for a script."""
    answer = client.get(f"/locals/{path}", follow=True)
    page = html5lib.parse(answer.content.decode(), namespaceHTMLElements=False)
    for link in page.iter("a"):
        address = link.get("href", "").partition("#")[0]
        if address.startswith("/") and not address.startswith("/admin"):
            assert client.get(address, follow=True).status_code == 200, address
    for form in page.iter("form"):
        send = client.post if form.get("method") == "post" else client.get
        fields = {field.get("name", ""): "weir" for field in form.iter("input")}
        target = form.get("action") or f"/locals/{path}"
        assert send(target, fields, follow=True).status_code == 200
        assert any(button.get("type", "submit") == "submit" for button in form.iter("button"))
    within = {control for form in page.iter("form") for control in form.iter()}
    # The map's modes are chosen by the stylesheet.
    modes = {control for fieldset in page.iter("fieldset") for control in fieldset.iter("input")}
    alone = [
        control
        for tag in ("button", "input", "select", "textarea")
        for control in page.iter(tag)
        # What is only read (the code of an embed) waits for nothing.
        if control not in within | modes and not control.attrib.keys() & {"hidden", "readonly"}
    ]
    assert alone == []


@pytest.mark.parametrize(
    ("asked", "shown"),
    [("", "winners"), ("gains", "gains"), ("majority", "majority"), ("turnout", "turnout"),
     ("swing", "winners"), ("nonsense", "winners")],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/locals/bodies/northshire/", "/one/"])
def test_address_chooses_what_the_map_of_wards_shows(
    night: Election, client: Client, path: str, asked: str, shown: str
) -> None:
    """As of a House's map, and without script."""
    councils.council(councils.council_night("one"), NORTH)
    page = client.get(f"{path}?map={asked}").content.decode()
    page = page[page.index('id="map"') :]
    modes = re.findall(r'<input type="radio" name="map" value="(\w+)"[^>]*?(checked)?>', page)
    assert dict(modes) | {shown: "checked"} == dict(modes)
    assert [mode for mode, checked in modes if checked] == [shown]
    assert [mode for mode, _checked in modes] == ["winners", "gains", "majority", "turnout"]


def test_council_says_what_was_won_where_the_seats_not_up_are_not_known(client: Client) -> None:
    """Its seats before, less one of three, would be losses that nobody has had."""
    night = councils.council_night("thirds", name="Council elections")
    wards: councils.Wards = {"Hill": (["lab"], ["lab"]), "Mill": (["con"], ["con"])}
    body = councils.council(night, wards, name="Northshire", slug="northshire")
    LastResult.objects.all().delete()
    Body.objects.update(seats=6, composition_before={"lab": 3, "con": 3})
    for contest in body.contests.all():
        councils.declare(contest)
    page = text_of(client, "/thirds/")
    assert "Conservative 1, Labour 1." in page
    assert "−2" not in page
    assert re.search(r"Party Seats Votes", page)
    assert "Before Now Net" not in page


@pytest.mark.parametrize(
    ("stands", "words"),
    [
        ("lab", "Only Labour can still win control."),
        ("ld", "Northshire stays under no overall control"),
    ],
)
def test_party_without_a_candidate_to_come_cannot_win_control(
    client: Client, stands: str, words: str
) -> None:
    """Labour have two of four, and need the last one."""
    night = councils.council_night("towns", name="Council elections")
    wards: councils.Wards = {
        "Ash": (["lab"], ["lab"]),
        "Beck": (["con"], ["lab"]),
        "Cross": (["con"], ["con"]),
        "Dell": (["con"], [stands]),
    }
    councils.council(night, wards, name="Northshire", control_before=NO_OVERALL_CONTROL)
    night.contests.get(slug="dell").candidates.exclude(party__slug=stands).delete()
    for slug in ("ash", "beck", "cross"):
        councils.declare(night.contests.get(slug=slug))
    assert words in text_of(client, "/towns/bodies/northshire/")
    milestones = night.milestones.exclude(body=None).count()
    assert milestones == (0 if stands == "lab" else 1)


SIX: councils.Wards = {
    ward: (["lab"], ["lab"]) for ward in ("Abbey", "Beck", "Castle", "Dell", "Elm", "Ford")
}


def test_wards_without_a_time_are_not_listed_as_the_next(client: Client) -> None:
    """Five of six, the first by name, would look chosen; one that has a time is listed alone."""
    night = councils.council_night("towns")
    councils.council(night, SIX)
    night.contests.update(expected_at=None)
    pages = "/towns/", "/towns/bodies/harrowmere/"
    for page in pages:
        text = text_of(client, page)
        assert "Expected next" not in text, page
        assert "To come" not in text, page
    night.contests.filter(slug="ford").update(expected_at=night.polls_close)
    desk.start_new_epoch(night)
    for page in pages:
        text = text_of(client, page)
        assert "Expected next 22:00 Ford" in text, page
        assert "22:00 Ford" in text, page
        assert "Abbey" not in text[text.index("Expected next") :].split("Every ward")[0], page
