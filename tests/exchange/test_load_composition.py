"""`load_composition`: who holds the seats of councils before the poll."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from results.arithmetic import NO_OVERALL_CONTROL, BallotCounts, ElectionKind
from results.desk.visibility import withdraw_election
from results.models import Body, Election, ElectionCorrection, LastResult
from tests import nights

pytestmark = pytest.mark.django_db


@pytest.fixture
def night() -> Election:
    night = nights.election(kind=ElectionKind.COUNCIL)
    council = Body.objects.create(election=night, name="Northshire Council", slug="northshire")
    ward = nights.contest(
        night,
        "Hill",
        [("Ann Ash", "lab"), ("Bob Birch", "green")],
        last={"lab": 19_000, "green": 4_000},
        body=council,
        by_election=True,
    )
    ann, bob = ward.candidates.all()
    nights.declare_counts(
        ward,
        BallotCounts(votes={ann.pk: 10_500, bob.pk: 14_901}),
        by=nights.user(),
        warning_reason="Checked with the officer.",
        idempotency_key="one",
    )
    return night


def load(folder: Path, text: str, *further: str) -> None:
    file = folder / "composition.csv"
    file.write_text(text)
    call_command("load_composition", "ge", str(file), *further)


def test_by_election_shows_the_council_after_it(
    night: Election, client: Client, tmp_path: Path
) -> None:
    load(tmp_path, "council,party,seats,seats in all\nNorthshire Council,Labour,2,5\n,Green,2,\n")
    body = Body.objects.get()
    assert (body.composition_before, body.seats) == ({"lab": 2, "green": 2}, 5)
    page = client.get("/ge/").content.decode()
    start = page.index("Northshire Council now")
    table = "".join(page[start : page.index("</table>", start)].split())
    # The seat that was vacant was Labour's.
    assert '</span>Green</th><td>3</td><tdclass="quiet">+1</td>' in table
    assert '</span>Labour</th><td>2</td><tdclass="quiet">−1</td>' in table
    assert "5 seats in all; 3 control the council." in page
    assert "Greens gain Northshire Council from Labour." in page


def test_says_where_the_seats_not_up_are_not_known(
    night: Election, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seats = "council,party,seats,seats in all\nNorthshire Council,Labour,2,5\n,Green,2,\n"
    load(tmp_path, seats)
    assert "not up is not known" not in capsys.readouterr().err
    LastResult.objects.all().delete()
    load(
        tmp_path,
        seats.replace("Labour,2", "Labour,1").replace("Green,2", "Green,3"),
        "--reason",
        "Changed.",
    )
    assert "load the wards’ last results, or give a column not_up" in capsys.readouterr().err


def test_council_without_a_known_composition_is_left_out(night: Election, client: Client) -> None:
    assert "Council now" not in client.get("/ge/").content.decode()


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("council,party,seats\nSouthshire,Labour,2\n", ":2: council: “Southshire” is no"),
        (
            "party,seats\nLabour,2\nLab,3\n",
            ":3: party: “Lab” is named twice: it is “Labour” of line 2",
        ),
        ("party,seats\nLabour,two\n", ":2: seats: “two” is not a whole number"),
        ("party,seats,not up\nLabour,2,3\n", ":2: not up: are more than the party holds"),
        (
            "party,seats,seats in all\nLabour,9,8\n",
            ":2: seats in all: Northshire Council has 8 seats in all, fewer seats than are held: 9",
        ),
        (
            "party,seats,seats in all\nLabour,2,5\nGreen,2,6\n",
            ":3: seats in all: is 6, and 5 in an earlier row of the council",
        ),
        ("party,seats\nLabour,2\nVacant,1\n", ":3: party: “Vacant” is no party"),
        (
            "party,seats,not up\nLabour,2,2\nGreen,2,\n",
            ":3: not up: is empty, and other rows of the council have it",
        ),
        ("party,seats,seats in all,not up\nLabour,2,5,5\n", ":2: not up: are more than"),
        (
            "party,seats,seats in all,not up\nLabour,5,5,5\n",
            ":2: seats: Northshire Council: 5 seats are entered as not up, but only 4 are not up",
        ),
        ("party,seats\n", "has no parties, only headings"),
        ("party,members\nLabour,2\n", "which has the seats that each party holds?"),
    ],
)
def test_names_the_line_and_column_of_an_error(
    night: Election, tmp_path: Path, text: str, error: str
) -> None:
    with pytest.raises(CommandError) as raised:
        load(tmp_path, text)
    assert error in str(raised.value)
    assert Body.objects.get().composition_before == {}


def test_other_seats_than_readers_were_told_need_a_reason(night: Election, tmp_path: Path) -> None:
    load(tmp_path, "party,seats,seats in all,control before\nLabour,2,5,NOC\nGreen,2,,\n")
    assert Body.objects.get().control_before == NO_OVERALL_CONTROL
    file = tmp_path / "other.csv"
    file.write_text("party,seats,seats in all\nLabour,1,5\nGreen,3,\n")
    with pytest.raises(CommandError, match="say why it was wrong with --reason"):
        call_command("load_composition", "ge", str(file))
    assert Body.objects.get().composition_before == {"lab": 2, "green": 2}
    call_command("load_composition", "ge", str(file), "--reason", "A defection of March.")
    assert Body.objects.get().composition_before == {"lab": 1, "green": 3}
    correction = ElectionCorrection.objects.get()
    assert correction.reason == "A defection of March."
    assert [
        "Northshire Council: control before",
        "No overall control",
        "Green",
    ] in correction.changes


def test_corrects_nothing_in_a_withdrawn_election(night: Election, tmp_path: Path) -> None:
    text = "council,party,seats,seats in all\nNorthshire Council,Labour,2,5\n,Green,2,\n"
    load(tmp_path, text)
    withdraw_election(night, by=nights.user(), reason="A mistake.")
    with pytest.raises(CommandError, match=r"withdrawn: nothing in it can be published\.\nNothing"):
        load(tmp_path, text.replace("Green,2", "Green,1"), "--reason", "A slip.")
    assert Body.objects.get().composition_before == {"lab": 2, "green": 2}


def test_preview_changes_nothing(
    night: Election, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    load(tmp_path, "party,seats,seats in all\nLabour,2,5\nGreen,2,\n")
    file = tmp_path / "other.csv"
    file.write_text("party,seats,seats in all\nLabour,1,5\nGreen,3,\n")
    call_command("load_composition", "ge", str(file), "--preview")
    printed = capsys.readouterr().out
    assert "Northshire Council: seats before: Labour 3, Green 2 → Green 3, Labour 2" in printed
    assert Body.objects.get().composition_before == {"lab": 2, "green": 2}


def test_total_is_no_party(night: Election, tmp_path: Path) -> None:
    load(tmp_path, "party,councillors\nLabour,2\nGreen,2\nTotal,4\n")
    assert Body.objects.get().composition_before == {"lab": 2, "green": 2}


def test_refuses_more_seats_than_any_body_has(night: Election, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="more seats than any body has"):
        load(tmp_path, "council,party,seats\nNorthshire Council,Labour,99999\n")
