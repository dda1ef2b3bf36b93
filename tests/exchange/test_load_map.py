"""load_map: a HexJSON cartogram, or a clear word about what is wrong with it."""

import json

import pytest
from django.core.management import CommandError, call_command

from results.live.log import document_since
from results.models import Contest, Election, Night
from tests import nights

pytestmark = pytest.mark.django_db


@pytest.fixture
def night():
    night = nights.election()
    nights.islington_north(night)
    nights.contest(night, "Ynys Môn", [("Ann Hall", "con"), ("Bob Rice", "lab")])
    return night


@pytest.fixture
def hexjson(tmp_path):
    def write(document):
        path = tmp_path / "map.hexjson"
        path.write_text(document if isinstance(document, str) else json.dumps(document))
        return str(path)

    return write


HEXES = {
    "E14000763": {"n": "Islington North", "q": 3, "r": -10},
    "W07000041": {"n": "Ynys Mon", "q": -14, "r": 2},
    "X": {"n": "A seat of another election", "q": 0, "r": 0},
}


def test_places_are_found_by_code_and_by_name(night, hexjson, capsys):
    before = Night.objects.get()
    call_command("load_map", "ge", hexjson({"layout": "even-r", "hexes": HEXES}))
    assert capsys.readouterr().out == "ge: 2 of 2 seats are on the map\n"
    places = {one.name: (one.hex_q, one.hex_r) for one in Contest.objects.all()}
    assert places == {"Islington North": (3, -10), "Ynys Môn": (-14, 2)}
    assert Election.objects.get().hex_layout == "even-r"
    assert document_since(Night.objects.get(), 0, before.epoch)["resync"]


def test_another_map_replaces_the_first(night, hexjson):
    call_command("load_map", "ge", hexjson({"layout": "odd-r", "hexes": HEXES}))
    only = {"E14000763": HEXES["E14000763"]}
    call_command("load_map", "ge", hexjson({"layout": "odd-r", "hexes": only}))
    assert Contest.objects.get(name="Ynys Môn").hex_q is None


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        ("{", "map.hexjson:1: is not JSON"),
        ([], "hexes: is missing"),
        ({"layout": "odd-r"}, "hexes: is missing"),
        ({"layout": "spiral", "hexes": HEXES}, "layout: “spiral” is none of odd-r"),
        ({"layout": "odd-r", "hexes": {"X": {"q": "1", "r": 2}}}, "hexes.X: has no whole numbers"),
        ({"layout": "odd-r", "hexes": {"X": 3}}, "hexes.X: has no whole numbers"),
        ({"layout": "odd-r", "hexes": {"X": {"q": 1, "r": 1}}}, "hexes: none is a seat of ge"),
    ],
)
def test_a_bad_file_changes_nothing(night, hexjson, document, error):
    before = Night.objects.get().epoch
    with pytest.raises(CommandError, match="Nothing was changed") as bad:
        call_command("load_map", "ge", hexjson(document))
    assert error in str(bad.value)
    assert Night.objects.get().epoch == before


def test_a_file_that_is_not_there(night, tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        call_command("load_map", "ge", str(tmp_path / "none.hexjson"))


def test_an_election_that_is_not_there(hexjson):
    with pytest.raises(CommandError, match="no election “nowhere”"):
        call_command("load_map", "nowhere", hexjson({}))


def test_the_real_map(election_data):
    night = nights.election()
    nights.islington_north(night)
    call_command("load_map", "ge", str(election_data / "hexmap-2019" / "constituencies.hexjson"))
    assert Contest.objects.get().hex_q is not None
