"""The feed of a council whose wards have three seats each."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils.html import strip_tags

from tests import councils

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client: Client) -> Callable[[str], str]:
    night = councils.council_night()
    wards: councils.Wards = {
        "Castle": (["green"] * 3, ["green"] * 3),
        "Market": (["lab", "lab", "ld"], ["lab", "ld", "lab"]),
        "Tannery": (["lab"] * 3, ["lab", "lab", "green"]),
        "Abbeyfield": (["lab", "lab", "con"], ["ld", "con", "green"]),
    }
    councils.council(night, wards)
    for ward in night.contests.order_by("pk"):
        councils.declare(ward)

    def card(slug: str) -> str:
        text = client.get("/council/feed/").content.decode()
        start = text.index(f'id="result-{slug}"')
        return text[text.rindex("<article", 0, start) : text.index("</article>", start)]

    return card


@pytest.mark.parametrize(
    ("slug", "sentence"), [("castle", "Castle: Greens 3"), ("market", "Market: Labour 2")]
)
def test_without_a_change_is_one_line(page: Callable[[str], str], slug: str, sentence: str) -> None:
    card = page(slug)
    summary = words(card[card.index("<summary>") : card.index("</summary>")])
    assert sentence in summary
    assert "no change" in summary


def test_names_who_gained_from_whom(page: Callable[[str], str]) -> None:
    card = page("tannery")
    assert "<summary>" not in card
    # In the gainer's colour, not in the colour of who came first.
    assert 'data-gain data-party="green"' in re.sub(r"\s+", " ", card)
    assert "Green gain 1 from Labour" in words(card)


def test_names_every_change_where_several_parties_gained(page: Callable[[str], str]) -> None:
    card = page("abbeyfield")
    assert "data-gain" in card
    assert "Green +1, LD +1, Lab −2" in words(card)


def words(card: str) -> str:
    return re.sub(r"\s+", " ", strip_tags(card))


def test_lines_of_a_title_end_between_parties(page: Callable[[str], str]) -> None:
    parts = re.findall(r'class="clause">(.*?)</span>', page("castle"))
    assert parts == ["Castle:", "Greens\N{NO-BREAK SPACE}3"]
