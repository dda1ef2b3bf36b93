"""Parties as files name them: by Electoral Commission number, then by spelling."""

from datetime import date

import pytest

from results.exchange.parties import AmbiguousParty, Parties, collected_questions
from results.models import Party, PartyAlias, StandingAs
from results.words.party_names import load_party_names

pytestmark = pytest.mark.django_db


def party(name: str, number: str = "", *, abbreviation: str = "") -> Party:
    found = Parties().standing(name, abbreviation, number)["party"]
    assert isinstance(found, Party)
    return found


def stored(slug: str, abbreviation: str, number: str = "", **fields: str) -> Party:
    return Party.objects.create(
        slug=slug, abbreviation=abbreviation, electoral_commission_id=number, **fields
    )


class TestNumber:
    def test_five_spellings_with_one_number_are_one_party(self) -> None:
        names = ["Aford First", "AFORD FIRST", "Aford 1st", "The Aford First Party", "Aford’s Own"]
        assert len({party(name, "PP91234").pk for name in names}) == 1
        assert party("Something else", "party:91234").name == "Aford First"

    @pytest.mark.parametrize("name", ["ReformUK", "ReformUK - Changing Politics", "Brexit Party"])
    def test_registration_that_was_renamed_is_one_party(self, name: str) -> None:
        assert party(name, "PP7931").slug == "reform"
        assert party("Reform UK").label == party("The Brexit Party").label

    def test_numbers_of_both_registers_are_one_party(self) -> None:
        assert party("Conservatives here", "PP51").pk == party("Conservatives there", "PP52").pk

    def test_joint_description_is_tallied_with_its_party(self) -> None:
        joint = party("Labour and Co-operative Party", "joint-party:53-119")
        assert (joint.slug, joint.label) == ("lab-co-op", "lab")
        # Some files give Labour's own number.
        assert party("Labour and Co-operative", "PP53").pk == joint.pk

    def test_number_of_another_party_is_reported(self) -> None:
        party("Labour Party", "PP53")
        with collected_questions() as questions:
            assert party("Labour Party", "PP52").slug == "con"
        assert questions == [
            "“Labour Party” has the number of Conservative (PP51, PP52), and is taken for it"
        ]

    def test_known_spelling_with_another_number_is_not_merged(self) -> None:
        first = party("Aford First", "PP91234")
        with collected_questions() as questions:
            second = party("Aford First", "PP95678")
        assert first.pk != second.pk
        assert len(questions) == 1
        assert questions[0] == (
            "Aford First has the number PP95678, which is not that of Aford First (PP91234): "
            "it is another party until an editor merges them"
        )
        names = load_party_names()
        assert names[first.slug].name == "Aford First (PP91234)"
        assert names[second.slug].name == "Aford First (PP95678)"

    def test_parties_with_one_long_beginning_have_addresses_that_fit(self) -> None:
        words = "Residents of the Upper and of the Lower Vale of"
        parties = [party(f"{words} {place}", f"PP9000{place}") for place in range(6)]
        assert len({each.slug for each in parties}) == 6
        for each in parties:
            each.full_clean()

    def test_party_without_a_number_gets_that_of_the_file(self) -> None:
        first = party("Alliance for Green Socialism", abbreviation="Green Soc")
        second = party("Alliance For Green Socialism", "party:67")
        assert first.pk == second.pk
        assert second.electoral_commission_id == "67"

    def test_alias_of_an_editor_is_found(self) -> None:
        first = party("Aford First", "PP91234")
        PartyAlias.objects.create(party=first, kind=PartyAlias.Kind.NUMBER, text="PP95678")
        PartyAlias.objects.create(party=first, text="Aford & Beford First")
        assert party("Aford and Beford First").pk == first.pk
        assert party("New name", "party:95678").pk == first.pk


class TestSpelling:
    @pytest.mark.parametrize(
        "name",
        [
            "Social Democratic & Labour Party",
            "Social Democratic and Labour Party",
            "SDLP (Social Democratic & Labour Party)",
            "The Social Democratic & Labour Party (SDLP)",
            "SDLP",
        ],
    )
    def test_of_one_party(self, name: str) -> None:
        assert party(name).slug == "sdlp"

    @pytest.mark.parametrize(
        ("name", "slug"),
        [
            ("Conservative Party Candidate", "con"),
            ("Local Conservatives", "con"),
            ("Welsh Labour", "lab"),
            ("Labour & Co-operative Party", "lab-co-op"),
            ("Green Party of England & Wales", "green"),
            ("Trade Union and Socialist Party", "tusc"),
            ("The Reform UK Party", "reform"),
        ],
    )
    def test_on_ballot_papers(self, name: str, slug: str) -> None:
        assert party(name).slug == slug

    def test_ignores_case_accents_and_apostrophes(self) -> None:
        assert party("Sinn Fein").pk == party("SINN FÉIN").pk
        assert party("Young People’s Party").pk == party("Young Peoples Party").pk

    def test_of_several_parties_is_refused(self) -> None:
        stored("one", "One", "91234", name="Aford First")
        stored("two", "Two", "95678", name="Aford First")
        with pytest.raises(AmbiguousParty, match="Aford First"):
            party("Aford First")
        assert party("Aford First", "PP95678").slug == "two"


class TestAbbreviation:
    def test_initials_of_another_party_are_not_used(self) -> None:
        assert party("Space Navies Party", "PP549").abbreviation == "Space Navies Party"
        assert party("", abbreviation="SNP").slug == "snp"

    def test_of_several_parties_is_refused(self) -> None:
        stored("space-navies-party", "SNP", "549", name="Space Navies Party")
        with pytest.raises(AmbiguousParty, match="SNP or Space Navies Party"):
            party("", abbreviation="SNP")
        names = load_party_names()
        assert names["space-navies-party"].abbreviation == "Space Navies Party"
        assert names["snp"].abbreviation == "SNP"

    def test_is_not_enough_beside_another_name(self) -> None:
        assert party("Space Navies Party", abbreviation="SNP").slug != "snp"


def test_independents_and_the_speaker_are_not_parties() -> None:
    for name in ("Independent", "No description", ""):
        assert Parties().standing(name)["standing_as"] == StandingAs.INDEPENDENT
    assert Parties().standing("The Speaker")["standing_as"] == StandingAs.SPEAKER
    assert not Party.objects.exists()


def test_name_is_that_of_the_elections_day() -> None:
    party("Reform UK")
    then, now = load_party_names(date(2019, 12, 12)), load_party_names(date(2024, 7, 4))
    assert (then["reform"].name, then["reform"].abbreviation) == ("Brexit Party", "Brexit")
    assert (now["reform"].name, now["reform"].number) == ("Reform UK", "PP7931")
    assert load_party_names()["reform"].name == "Reform UK"


def test_figures_under_an_earlier_label_have_the_name_of_the_party() -> None:
    found = party("Reform UK")
    PartyAlias.objects.create(party=found, kind=PartyAlias.Kind.ADDRESS, text="brexit")
    assert load_party_names()["brexit"].label == "reform"


@pytest.mark.parametrize(("name", "abbreviation"), [("Labour", ""), ("", "Lab"), ("Labour", "Lab")])
def test_renamed_party_keeps_the_names_of_the_registry(name: str, abbreviation: str) -> None:
    """Or the rest of the night's file would make a second party."""
    party = Parties().standing("Labour")["party"]
    party.name, party.abbreviation = "Labour and others", "L+"
    party.save()
    assert Parties().standing(name, abbreviation)["party"] == party
    assert Party.objects.count() == 1
