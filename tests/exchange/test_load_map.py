"""The command load_map: HexJSON cartograms and their errors."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from results.live.log import frame_since
from results.models import Contest, Election, Night
from tests import nights

pytestmark = pytest.mark.django_db


@pytest.fixture
def night() -> Election:
    night = nights.election()
    nights.islington_north(night)
    nights.contest(night, "Ynys Môn", [("Ann Hall", "con"), ("Bob Rice", "lab")])
    return night


@pytest.fixture
def hexjson(tmp_path: Path) -> Callable[[object], str]:
    def write(document: object) -> str:
        path = tmp_path / "map.hexjson"
        path.write_text(document if isinstance(document, str) else json.dumps(document))
        return str(path)

    return write


HEXES = {
    "E14000763": {"n": "Islington North", "q": 3, "r": -10},
    "W07000041": {"n": "Ynys Mon", "q": -14, "r": 2},
    "X": {"n": "A seat of another election", "q": 0, "r": 0},
}

ISLINGTON = {"E14000763": HEXES["E14000763"]}


def test_matches_contests_by_code_and_by_name(
    night: Election, hexjson: Callable[[object], str], capsys: pytest.CaptureFixture[str]
) -> None:
    before = Night.objects.get()
    call_command("load_map", "ge", hexjson({"layout": "even-r", "hexes": HEXES}))
    assert capsys.readouterr().out == "ge: 2 of 2 seats are on the map\n"
    positions = {contest.name: (contest.hex_q, contest.hex_r) for contest in Contest.objects.all()}
    assert positions == {"Islington North": (3, -10), "Ynys Môn": (-14, 2)}
    assert Election.objects.get().hex_layout == "even-r"
    assert "resync" in frame_since(Night.objects.get(), 0, before.epoch).text


def test_replaces_an_earlier_map(night: Election, hexjson: Callable[[object], str]) -> None:
    call_command("load_map", "ge", hexjson({"layout": "odd-r", "hexes": HEXES}))
    only = {"E14000763": HEXES["E14000763"]}
    call_command("load_map", "ge", hexjson({"layout": "odd-r", "hexes": only}))
    assert Contest.objects.get(name="Ynys Môn").hex_q is None


def test_refuses_a_map_of_other_boundaries_with_the_counts(
    night: Election, hexjson: Callable[[object], str]
) -> None:
    """An earlier map has hexagons of seats that are gone, and none for those that are new."""
    hexes = {code: cell for code, cell in HEXES.items() if code != "W07000041"}
    file = hexjson({"layout": "odd-r", "hexes": hexes})
    with pytest.raises(CommandError) as raised:
        call_command("load_map", "ge", file)
    assert "1 seat of “ge” without a hexagon (such as Ynys Môn), and 1 hexagon" in str(raised.value)
    assert Contest.objects.filter(hex_q__isnull=False).count() == 0
    call_command("load_map", "ge", file, "--force")
    assert Contest.objects.filter(hex_q__isnull=False).count() == 1


def test_preview_places_nothing(
    night: Election, hexjson: Callable[[object], str], capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("load_map", "ge", hexjson({"layout": "odd-r", "hexes": HEXES}), "--preview")
    assert "new: on the map Ynys Môn (column -14, row 2)" in capsys.readouterr().out
    assert Contest.objects.filter(hex_q__isnull=False).count() == 0


@pytest.mark.parametrize(
    ("document", "error"),
    [
        ("{", "map.hexjson:1: is not HexJSON"),
        ([], "hexes: is missing"),
        ({"layout": "odd-r"}, "hexes: is missing"),
        ({"layout": "spiral", "hexes": HEXES}, "layout: “spiral” is none of odd-r"),
        ({"layout": "odd-r", "hexes": {"X": {"q": "1", "r": 2}}}, "hexes.X: has no whole numbers"),
        ({"layout": "odd-r", "hexes": {"X": 3}}, "hexes.X: has no whole numbers"),
        ({"layout": "odd-r", "hexes": {"X": {"q": 1, "r": 1}}}, "hexes: none is a seat of “ge”"),
        (
            {"layout": "odd-r", "hexes": HEXES | {"Y": HEXES["W07000041"] | {"q": 5}}},
            "hexes.Y: is a second hexagon of Ynys Môn",
        ),
        (
            {"layout": "odd-r", "hexes": ISLINGTON | {"X": {"n": "Ynys Mon", "q": 3, "r": -10}}},
            "hexes.X: is at the place of Islington North (column 3, row -10)",
        ),
        (
            '{"layout": "odd-r", "hexes": {"X": {"q": 1, "r": 1}, "X": {"q": 2, "r": 1}}}',
            "has “X” twice",
        ),
    ],
)
def test_reports_errors_of_a_bad_file_and_changes_nothing(
    night: Election, hexjson: Callable[[object], str], document: object, error: str
) -> None:
    before = Night.objects.get().epoch
    with pytest.raises(CommandError, match="Nothing was changed") as raised:
        call_command("load_map", "ge", hexjson(document))
    assert error in str(raised.value)
    assert Night.objects.get().epoch == before


def test_reports_a_missing_file(night: Election, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        call_command("load_map", "ge", str(tmp_path / "none.hexjson"))


def test_reports_a_missing_election(hexjson: Callable[[object], str]) -> None:
    with pytest.raises(CommandError, match="no election “nowhere”"):
        call_command("load_map", "nowhere", hexjson({}))


def test_loads_the_real_map(election_data: Path) -> None:
    night = nights.election()
    nights.islington_north(night)
    call_command("load_map", "ge", str(election_data / "hexmap-2019" / "constituencies.hexjson"))
    assert Contest.objects.get().hex_q is not None
