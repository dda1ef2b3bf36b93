"""The words of each kind of election."""

from typing import Any

import pytest
from django.template import Context, Template

from results.arithmetic import ElectionKind
from results.models import AreaKind, Body, Contest, Election, set_area_kinds
from results.words.kinds import WORDS, words_of, words_of_kind
from results.words.nouns import listing
from tests import nights


@pytest.mark.parametrize("kind", list(ElectionKind))
def test_every_kind_has_words(kind: ElectionKind) -> None:
    words = words_of_kind(kind)
    assert words is WORDS[kind]
    assert str(words.listed.one) in words.find


@pytest.mark.parametrize(
    ("kind", "areas"),
    [
        (ElectionKind.SCOTTISH_PARLIAMENT, "73 constituencies"),
        (ElectionKind.LONDON_ASSEMBLY, "73 constituencies"),
        (ElectionKind.UK_PARLIAMENT, "73 seats"),
        (ElectionKind.COUNCIL, "73 wards"),
    ],
)
def test_regions_are_not_among_those_whose_votes_a_party_table_adds_up(
    kind: ElectionKind, areas: str
) -> None:
    assert words_of_kind(kind).voted_in.number(73) == areas


@pytest.mark.parametrize(
    ("kind", "contests", "to_come", "elected"),
    [
        (ElectionKind.UK_PARLIAMENT, "Find a seat", "2 seats to come", "Member of Parliament"),
        (
            ElectionKind.UK_PARLIAMENT_BY_ELECTION,
            "Find a by-election",
            "2 by-elections to come",
            "Member",
        ),
        (ElectionKind.COUNCIL, "Find a ward", "2 wards to come", "councillor"),
        (ElectionKind.MAYOR, "Find an area", "2 areas to come", "mayor"),
        (
            ElectionKind.SENEDD,
            "Find a constituency",
            "2 constituencies to come",
            "Member of the Senedd",
        ),
    ],
)
def test_lists_and_people(kind: ElectionKind, contests: str, to_come: str, elected: str) -> None:
    words = words_of_kind(kind)
    assert words.find == contests
    assert words.to_come(2) == to_come
    assert elected in words.duly_elected(1, "Abbey")


def test_one_of_a_kind_is_singular() -> None:
    words = words_of_kind(ElectionKind.COUNCIL)
    assert words.to_come(1) == "1 ward to come"
    assert words.every == "Every ward"
    assert words.mine == "My wards"


def test_several_people_are_elected() -> None:
    words = words_of_kind(ElectionKind.COUNCIL)
    assert words.duly_elected(1, "Abbey") == "is duly elected as councillor for Abbey"
    assert words.duly_elected(3, "Abbey") == "are duly elected as councillors for Abbey"
    assert words_of_kind(ElectionKind.REFERENDUM).duly_elected(1, "Vale") == "has the most votes"
    mayor = words_of_kind(ElectionKind.MAYOR)
    assert mayor.duly_elected(1, "Vale") == "is duly elected as mayor of Vale"


def test_lists_names() -> None:
    assert [listing([]), listing(["Ann"]), listing(["Ann", "Bob"])] == ["", "Ann", "Ann and Bob"]


def council(**areas: str) -> Election:
    """A council election with bodies that call their areas as given, by name."""
    election = nights.election("council", kind=ElectionKind.COUNCIL)
    for name, kind in areas.items():
        Body.objects.create(election=election, slug=name, name=name, areas=kind)
    return election


@pytest.mark.django_db
class TestBodies:
    @pytest.mark.parametrize(
        ("areas", "every"),
        [
            ({}, "Every ward"),
            ({"a": "", "b": AreaKind.WARD}, "Every ward"),
            ({"a": AreaKind.DIVISION}, "Every division"),
            ({"a": AreaKind.ELECTORAL_AREA}, "Every electoral area"),
            ({"a": AreaKind.DIVISION, "b": ""}, "Every ward or division"),
        ],
    )
    def test_a_council_says_what_its_areas_are(self, areas: dict[str, str], every: str) -> None:
        assert words_of(council(**areas)).every == every

    def test_a_contest_is_called_as_its_body_says(self) -> None:
        election = council(shire=AreaKind.DIVISION, town="")
        named = {body.slug: words_of(body).contest.one for body in election.bodies.all()}
        assert named == {"shire": "division", "town": "ward"}
        contest = Contest(election=election, body=election.bodies.get(slug="shire"))
        assert words_of(contest).find == "Find a division"

    def test_reads_no_bodies_of_a_parliament(self, django_assert_num_queries: Any) -> None:
        election = nights.election()
        with django_assert_num_queries(0):
            assert words_of(election).every == "Every seat"

    def test_codes_of_its_areas_tell(self) -> None:
        election = council(shire="", town="", both="")
        bodies = {body.slug: body for body in election.bodies.all()}
        codes = {"shire": ["E58000001"], "town": ["E05000001"], "both": ["E58000002", ""]}
        for slug, some in codes.items():
            for code in some:
                name = f"{slug}-{code}"
                Contest.objects.create(
                    election=election, body=bodies[slug], slug=name, name=name, code=code
                )
        set_area_kinds(election)
        found = dict(election.bodies.values_list("slug", "areas"))
        assert found == {"shire": "division", "town": "", "both": ""}

    def test_keeps_what_an_editor_has_set(self) -> None:
        election = council(shire=AreaKind.WARD)
        body = election.bodies.get()
        Contest.objects.create(election=election, body=body, slug="a", name="A", code="E58000001")
        set_area_kinds(election)
        assert election.bodies.get().areas == AreaKind.WARD

    def test_a_template_has_the_words(self) -> None:
        template = Template(
            "{% load words %}{% with words=election|words %}{{ words.find }}, "
            "{{ words.listed|number:3 }}{% endwith %}"
        )
        assert template.render(Context({"election": council()})) == "Find a ward, 3 wards"
