"""Admin of parties: their other names and numbers, and what two of them may not share."""

import importlib
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from results.models import Election, Night, Party, PartyAlias
from results.words.party_labels import questionable_parties
from results.words.party_names import load_party_names
from tests import nights
from tests.editor.conftest import address, form_data, messages_of
from tests.responses import Response

pytestmark = pytest.mark.django_db

backfill = importlib.import_module("results.migrations.0018_party_aliases").backfill


def upgrade() -> None:
    backfill(apps, SimpleNamespace(connection=connection))


def stored(slug: str, name: str, number: str = "", abbreviation: str = "") -> Party:
    return Party.objects.create(
        slug=slug,
        name=name,
        abbreviation=abbreviation or name[:24],
        electoral_commission_id=number,
    )


def alias(**fields: str) -> dict[str, str]:
    return {f"aliases-0-{name}": value for name, value in fields.items()} | {
        "aliases-TOTAL_FORMS": "1"
    }


class TestForm:
    def test_adds_a_spelling(self, admin: Client) -> None:
        page = address("party_change", nights.party("green").pk)
        admin.post(page, form_data(admin.get(page)) | alias(kind="spelling", text="The Gréens"))
        assert PartyAlias.objects.get().key == "greens"

    @pytest.mark.parametrize("number", ["PP53", "party:53", "53"])
    def test_refuses_the_number_of_another_party(self, admin: Client, number: str) -> None:
        stored("labour", "Labour", "53")
        page = address("party_change", nights.party("green").pk)
        answer = admin.post(page, form_data(admin.get(page)) | alias(kind="number", text=number))
        assert "is Labour’s already" in answer.content.decode()
        main = form_data(admin.get(page)) | {"electoral_commission_id": number}
        assert "That is the number of Labour" in admin.post(page, main).content.decode()
        assert not PartyAlias.objects.exists()

    def test_refuses_a_kind_that_there_is_not(self, admin: Client) -> None:
        page = address("party_change", nights.party("green").pk)
        answer = admin.post(page, form_data(admin.get(page)) | alias(kind="x", text="Grüne"))
        assert answer.status_code == 200
        assert "Select a valid choice. x is not one" in answer.content.decode()
        assert not PartyAlias.objects.exists()

    def test_refuses_one_alias_twice(self, admin: Client) -> None:
        page = address("party_change", nights.party("green").pk)
        twice = alias(kind="spelling", text="Greens") | {
            "aliases-1-kind": "spelling",
            "aliases-1-text": "the greens",
            "aliases-TOTAL_FORMS": "2",
        }
        answer = admin.post(page, form_data(admin.get(page)) | twice)
        assert "This is listed twice." in answer.content.decode()

    @pytest.mark.parametrize("name", ["name", "abbreviation"])
    def test_refuses_a_name_of_another_party(self, admin: Client, name: str) -> None:
        nights.party("lab")
        page = address("party_change", nights.party("green").pk)
        taken = {"name": "LABOUR", "abbreviation": "lab"}[name]
        answer = admin.post(page, form_data(admin.get(page)) | {name: taken})
        assert answer.context["adminform"].form.errors[name] == [
            f"“{taken}” is that of Labour (lab): choose another."
        ]

    def test_keeps_the_old_address(self, admin: Client, night: object) -> None:
        page = address("party_change", nights.party("green").pk)
        admin.post(page, form_data(admin.get(page)) | {"slug": "greens"})
        answer = admin.get("/ge/parties/green/")
        assert (answer.status_code, answer["Location"]) == (301, "/ge/parties/greens/")


def test_list_names_parties_that_may_be_one(admin: Client) -> None:
    stored("ags", "Alliance for Green Socialism", "67")
    stored("ags-2", "Alliance For Green Socialism", abbreviation="AGS")
    text = messages_of(admin.get(address("party_changelist")))
    assert "may be one party, since they have the same name" in text


class TestUpgrade:
    def test_renames_the_registration_that_was_renamed(self) -> None:
        stored("brexit", "Brexit Party", "7931", "Brexit")
        upgrade()
        assert load_party_names(date(2019, 12, 12))["brexit"].name == "Brexit Party"
        assert load_party_names(date(2024, 7, 4))["brexit"].name == "Reform UK"

    def test_merges_nothing_and_names_what_may_be_one(self) -> None:
        stored("brexit", "Brexit Party", "7931", "Brexit")
        stored("reform", "Reform UK", "", "RUK")
        upgrade()
        assert Party.objects.get(slug="brexit").name == "Brexit Party"
        assert list(questionable_parties()) == [
            (
                "Brexit Party (brexit) and Reform UK (reform) may be one party, since they are one "
                "party now: merge them, or not."
            )
        ]

    def test_gives_no_spelling_or_number_of_another_party(self) -> None:
        stored("con", "Conservative", "52")
        stored("ni", "Conservatives", "51")
        upgrade()
        texts = set(PartyAlias.objects.filter(party__slug="con").values_list("text", flat=True))
        assert {"51", "Conservatives"}.isdisjoint(texts)
        assert "Conservative and Unionist Party" in texts

    def test_gives_reform_uk_its_earlier_name(self) -> None:
        stored("reform", "Reform UK", "7931", "RUK")
        upgrade()
        names = PartyAlias.objects.filter(until__isnull=False).values_list("text", "until")
        assert list(names) == [("Brexit Party", date(2021, 1, 3))]


class TestNewName:
    """Counts from one poll on, so that a rename leaves past nights alone."""

    @pytest.fixture
    def nights_of_labour(self, db: None) -> tuple[Election, Election]:
        """The night of 2017, closed, and that of 2019."""
        earlier = nights.election(
            "ge2017", date=date(2017, 6, 8), polls_close=datetime(2017, 6, 8, 21, tzinfo=UTC)
        )
        later = nights.election("ge2019")
        for night in (earlier, later):
            nights.contest(night, "Aford", [("Ann", "lab"), ("Bob", "con")])
        return earlier, later

    def rename(self, admin: Client, **fields: object) -> Response:
        page = address("party_change", nights.party("lab").pk)
        return admin.post(page, form_data(admin.get(page)) | {"name": "New Labour"} | fields)

    def test_leaves_earlier_nights_as_they_are(
        self, admin: Client, nights_of_labour: tuple[Election, Election]
    ) -> None:
        earlier, later = nights_of_labour
        epoch = Night.objects.get(election=earlier).epoch
        assert self.rename(admin).status_code == 302
        assert load_party_names(earlier.date)["lab"].name == "Labour"
        assert load_party_names(later.date)["lab"].name == "New Labour"
        assert Night.objects.get(election=earlier).epoch == epoch

    def test_corrects_every_night_from_the_first(
        self, admin: Client, nights_of_labour: tuple[Election, Election]
    ) -> None:
        earlier, _later = nights_of_labour
        self.rename(admin, since="2017-06-08")
        assert load_party_names(earlier.date)["lab"].name == "New Labour"
