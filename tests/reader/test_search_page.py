"""Search for a seat: order of matches, and no postcode in any log."""

import logging
from urllib.parse import unquote

import pytest
from django.test import Client
from django.utils.html import strip_tags
from sentry_sdk.types import Event

from electiondesk.sentry import scrub
from results.models import Body, Contest, Election, Group, PostcodeAreas, PostcodeDistrict
from results.reader.search import Name, find_alike, find_named, normalize
from tests import nights
from tests.responses import Response

SEATS = ["Vale", "Vale Royal", "Aylesbury Vale", "Old Vale", "Navale", "St Ives", "Hull"]


def text_of(response: Response) -> str:
    return " ".join(strip_tags(response.content.decode()).split())


def named(*names: str, patch: str = "") -> list[Name]:
    return [
        Name.of(Contest(slug=name, name=name, qualifier=""), patch=name == patch) for name in names
    ]


def found(query: str, *, patch: str = "") -> list[str]:
    return [name.text for name in find_named(named(*SEATS, patch=patch), query)]


class TestRanking:
    def test_beginnings_come_before_words_and_parts(self) -> None:
        assert found("val") == ["Vale", "Vale Royal", "Aylesbury Vale", "Old Vale", "Navale"]

    def test_newsroom_s_own_come_first(self) -> None:
        assert found("val", patch="Navale")[:2] == ["Navale", "Vale"]

    def test_whole_name_answers_alone(self) -> None:
        assert found("vale") == ["Vale"]

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("Saint Ives", "st. ives"),
            ("King’s Lynn", "kings lynn"),
            ("Brighton & Hove", "brighton and hove"),
            ("Birch, Môn", "BIRCH MON"),
        ],
    )
    def test_two_spellings_are_one(self, one: str, other: str) -> None:
        assert normalize(one) == normalize(other)

    def test_bounded(self) -> None:
        assert len(find_named(named(*(f"Ward {n}" for n in range(200))), "ward")) == 60
        assert find_named(named("Vale"), " ,") == []


class TestMisspelt:
    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            ("Alysbury", ["Aylesbury Vale"]),
            ("aylesbury vael", ["Aylesbury Vale"]),
            ("vale roayl", ["Vale Royal"]),
            ("hulll", ["Hull"]),
            ("Zzyzx", []),
            ("hul", []),
        ],
    )
    def test_names_spelled_like_it_likest_first(self, typed: str, meant: list[str]) -> None:
        assert [name.text for name in find_alike(named(*SEATS), typed)] == meant

    def test_page_offers_them(self, client: Client, db: None) -> None:
        night = nights.election()
        nights.contest(night, "Islington North", [("Ann", "lab"), ("Bob", "con")])
        page = client.get("/ge/find/", {"q": "Islingtn Noth"}).content.decode()
        assert "No seat here answers to “Islingtn Noth”." in page
        assert "Did you mean one of these?" in page
        assert 'href="/ge/islington-north/"' in page
        page = client.get("/ge/find/", {"q": "Hull"}).content.decode()
        assert "No seat here answers to “Hull”." in page
        assert "Did you mean" not in page


class TestWelshNames:
    """A seat is found by either of its names, in whichever language the page is."""

    @pytest.fixture
    def night(self, db: None) -> Election:
        night = nights.election(second_language="cy")
        for name in ("Vale of Clwyd", "Vale of Glamorgan"):
            nights.contest(night, name, [("Ann", "lab"), ("Bob", "con")])
        Contest.objects.filter(name="Vale of Clwyd").update(name_cy="Dyffryn Clwyd")
        return night

    @pytest.mark.parametrize("before", ["", "/cy"])
    @pytest.mark.parametrize("query", ["dyffryn", "Vale of Clwyd", "clwyd"])
    def test_either_name_leads_to_the_seat(
        self, client: Client, night: Election, before: str, query: str
    ) -> None:
        answer = client.get(f"{before}/ge/find/", {"q": query})
        assert answer.status_code == 302
        assert answer.headers["Location"] == f"{before}/ge/vale-of-clwyd/"

    def test_suggestions_have_both_names(self, client: Client, night: Election) -> None:
        for before, text in (("", "Vale of Clwyd"), ("/cy", "Dyffryn Clwyd")):
            first = client.get(f"{before}/ge/find/names.json").json()["names"][0]
            assert first[:2] == ["vale-of-clwyd", text]
            assert first[3:] == ["vale of clwyd", "vale of clwyd", 0, *["dyffryn clwyd"] * 2]

    def test_names_are_in_the_page_s_language_after_a_search(
        self, client: Client, night: Election
    ) -> None:
        Election.objects.update(language="cy", second_language="")
        client.get("/ge/find/", {"q": "dyffryn"})
        names = client.get("/ge/find/names.json").json()["names"]
        assert names[0][1] == "Dyffryn Clwyd"


@pytest.fixture
def night(db: None) -> Election:
    night = nights.election()
    people = [("Ann Hall", "lab"), ("Bob Rice", "con")]
    nights.contest(night, "Vale", people, code="E14000001", region="East")
    nights.contest(night, "Moor", people, code="N05000001")
    PostcodeDistrict.of(
        "N1",
        {
            "2AB": PostcodeAreas(("E05000001", "E14000001")),
            "2AC": PostcodeAreas(("E14000001",), in_use=False),
            "2AD": PostcodeAreas(("E14000001", "N05000001")),
            "2AE": PostcodeAreas(("E14000009",)),
        },
    ).save()
    return night


class TestPostcode:
    @pytest.mark.parametrize("typed", ["N1 2AB", "n12ab", " n1  2ab"])
    def test_leads_to_its_seat(self, client: Client, night: Election, typed: str) -> None:
        response = client.post("/ge/find/postcode/", {"q": typed})
        assert (response.status_code, response.headers["Location"]) == (303, "/ge/vale/")
        assert response.headers["Cache-Control"] == "no-store, private"
        assert not response.cookies

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ("n1", "N1 is the beginning of a postcode."),
            ("n1 2ac", "N1 2AC is not in use any more. It was here: Vale"),
            ("n1 2ad", "N1 2AD votes in each of these: Moor Vale"),
            ("n1 2ae", "Nothing is elected at N1 2AE in this election"),
            ("n1 9zz", "We do not know the postcode N1 9ZZ."),
        ],
    )
    def test_clear_words_for_each(
        self, client: Client, night: Election, typed: str, words: str
    ) -> None:
        response = client.post("/ge/find/postcode/", {"q": typed})
        assert words in text_of(response)
        assert response.headers["Cache-Control"] == "no-store, private"

    def test_without_a_file_it_says_so(self, client: Client, night: Election) -> None:
        PostcodeDistrict.objects.all().delete()
        response = client.post("/ge/find/postcode/", {"q": "n1 2ab"})
        assert "Postcodes cannot be looked up here." in text_of(response)

    def test_seat_without_a_code_is_not_denied(self, client: Client, night: Election) -> None:
        """A list of one's own has no codes: the postcode may be in one of its seats."""
        nights.contest(night, "Hill", [("Cat Moss", "lab")], code="")
        words = text_of(client.post("/ge/find/postcode/", {"q": "n1 2ae"}))
        assert "Nothing is elected" not in words
        assert "Postcodes cannot be looked up here. Give the name of the place." in words

    def test_each_election_has_its_own_contest(self, client: Client, night: Election) -> None:
        council = nights.election("may", kind="council")
        body = Body.objects.create(election=council, slug="north", name="North")
        nights.contest(council, "Elm", [("Ann Ash", "lab")], code="E05000001", body=body)
        response = client.post("/may/find/postcode/", {"q": "n1 2ab"})
        assert response.headers["Location"] == "/may/elm/"

    def test_stands_in_no_log(
        self, client: Client, night: Election, caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level(logging.DEBUG):
            client.post("/ge/find/postcode/", {"q": "n1 9zz"})
            client.post("/ge/find/postcode/", {"q": "n1 2ab"})
        written = " ".join(record.getMessage() for record in caplog.records).upper()
        assert "2AB" not in written
        assert "9ZZ" not in written
        event: Event = {
            "request": {"url": "https://desk.example/ge/find/postcode/", "data": {"q": "n1 2ab"}},
            "exception": {"values": [{"stacktrace": {"frames": [{"vars": {"q": "n1 2ab"}}]}}]},
        }
        assert "2ab" not in str(scrub(event, {}))

    def test_address_does_not_answer_for_it(self, client: Client, night: Election) -> None:
        page = text_of(client.get("/ge/find/?q=n1+2ab"))
        assert "2ab" not in page.lower()
        assert client.get("/ge/find/postcode/?q=n1+2ab").headers["Location"] == "/ge/find/"


class TestForm:
    def test_name_goes_to_an_address_of_its_own(self, client: Client, night: Election) -> None:
        response = client.post("/ge/find/postcode/", {"q": "a & b"})
        assert unquote(response.headers["Location"]) == "/ge/find/?q=a+&+b"
        response = client.post("/ge/find/postcode/", {"q": "val"})
        assert response.headers["Location"] == "/ge/vale/"

    def test_says_that_postcodes_are_taken(self, client: Client, night: Election) -> None:
        assert "Find a seat or a postcode" in text_of(client.get("/ge/find/"))

    def test_names_for_suggestions_tell_two_apart(self, client: Client, night: Election) -> None:
        group = Group.objects.create(election=night, slug="patch", name="Our patch")
        group.contests.add(night.contests.get(name="Moor"))
        document = client.get("/ge/find/names.json").json()
        assert document["names"] == [
            ["moor", "Moor", "", "moor", "moor", 1],
            ["vale", "Vale", "East", "vale", "vale", 0],
        ]
