"""The rows of the map's key, each rendered once."""

from django.template import Context, Template
from django.utils import translation

from results.live.map_key import Flow
from results.words.party_names import PartyName

CON = PartyName("con", "Conservative Party", "Conservatives", "Con")
LAB = PartyName("lab", "Labour Party", "Labour", "Lab")
TEMPLATE = '{% load seats %}{% include_once "reader/_map_flow.html" flow=flow most=most %}'


def rendered(winner: PartyName, seats: int) -> str:
    template = Template(TEMPLATE)
    return template.render(Context({"flow": Flow(winner, LAB, seats), "most": 5}))


def test_a_row_is_that_of_its_values_and_language() -> None:
    first = rendered(CON, 3)
    assert "from" in first
    assert '<b class="number">3</b>' in first
    assert rendered(CON, 3) == first
    assert '<b class="number">4</b>' in rendered(CON, 4)
    renamed = PartyName("con", "Conservatives", "Conservatives", "<Tory>")
    assert "&lt;Tory&gt;" in rendered(renamed, 3)
    with translation.override("cy"):
        assert "gynt" in rendered(CON, 3)
    assert rendered(CON, 3) == first
