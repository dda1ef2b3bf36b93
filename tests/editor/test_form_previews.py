"""Previews of a group or a party on its admin page, before it is saved."""

import pytest
from django.test import Client

from results.live import night_cache
from results.models import AuditEntry, Contest, Election, Group, Party
from tests import nights
from tests.editor.conftest import address, client_of_role
from tests.responses import Response

OWN = {"since": "2019-12-12", "tallied_with": "", "electoral_commission_id": ""}
WELSH = {"name_cy": "", "collective_cy": "", "abbreviation_cy": ""}


def party_fields(party: Party, **changes: str) -> dict[str, str]:
    names = ("slug", "name", "collective", "abbreviation", "colour")
    return {name: str(getattr(party, name)) for name in names} | WELSH | OWN | changes


def preview(admin: Client, page: str, **fields: object) -> Response:
    response = admin.post(page, fields)
    assert response.status_code == 200, response.content.decode()
    return response


class TestParty:
    def test_shows_names_and_colour_that_are_not_saved(
        self, admin: Client, declared: Contest
    ) -> None:
        labour = nights.party("lab")
        page = address("party_preview", labour.pk)
        fields = party_fields(labour, name="New Labour", abbreviation="NwL", colour="#ffff66")
        text = preview(admin, page, **fields).content.decode()
        # On the scoreboard of the night, in a sentence, on the key, and drawn for both pages.
        assert "New Labour" in text
        assert ">NwL<" in text
        assert text.count('fill="#ffff66"') >= 4
        assert "On a light page" in text
        assert "On a dark page" in text
        # Pale on paper: an edge; letters on it are black.
        assert "they are drawn with an edge of" in text
        assert "Letters on it are black" in text
        labour.refresh_from_db()
        assert (labour.name, labour.colour) == ("Labour", nights.PARTIES["lab"][3])
        assert not AuditEntry.objects.filter(what__contains="party").exists()

    def test_says_which_party_has_nearly_the_same_colour(
        self, admin: Client, declared: Contest
    ) -> None:
        labour, other = nights.party("lab"), nights.party("con")
        page = address("party_preview", labour.pk)
        fields = party_fields(labour, colour=other.colour)
        assert f"nearly that of {other.name}" in preview(admin, page, **fields).content.decode()

    def test_previews_a_new_party_and_says_what_is_wrong_in_the_form(
        self, admin: Client, night: Election
    ) -> None:
        page = address("party_preview_of_new")
        new = Party(slug="moon", name="Moon", abbreviation="Moon", colour="#123456")
        assert "names this party yet" in preview(admin, page, **party_fields(new)).content.decode()
        assert not Party.objects.filter(slug="moon").exists()
        wrong = admin.post(page, party_fields(new, colour="blue"))
        assert wrong.status_code == 422
        assert "A colour reads like #dc241f." in wrong.content.decode()

    def test_party_tallied_with_another_has_that_ones_colour(
        self, admin: Client, declared: Contest
    ) -> None:
        labour = nights.party("lab")
        new = Party(slug="coop", name="Co-op", abbreviation="Coop", colour="#123456")
        fields = party_fields(new, tallied_with=str(labour.pk))
        text = preview(admin, address("party_preview_of_new"), **fields).content.decode()
        assert "Its seats and votes are those of Labour" in text
        assert labour.colour in text

    def test_stylesheet_of_a_colour_takes_nothing_else(self, admin: Client) -> None:
        page = address("party_colour")
        css = admin.get(page, {"party": "lab", "colour": "#dc241f"})
        assert css.headers["Content-Type"].startswith("text/css")
        assert '[data-party="lab"]{--fill:#dc241f' in css.content.decode()
        for query in ({}, {"party": '"]{}', "colour": "#dc241f"}, {"party": "l", "colour": "red"}):
            assert admin.get(page, query).status_code == 404


class TestGroup:
    def fields(self, *contests: Contest, **changes: str) -> dict[str, object]:
        names = {
            "name": "Our patch",
            "slug": "our-patch",
            "name_cy": "",
            "about": "Within 20 miles",
        }
        plain = {"sort_order": "0", "named": "", "contests": [each.pk for each in contests]}
        return {**names, **plain, **changes}

    def test_shows_its_page_before_there_is_one(self, admin: Client, declared: Contest) -> None:
        fields = self.fields(declared, election=str(declared.election_id))
        text = preview(admin, address("group_preview_of_new"), **fields).content.decode()
        assert "Our patch" in text
        assert "Within 20 miles" in text
        assert "Islington North" in text
        assert not Group.objects.exists()

    def test_takes_pasted_names_and_keeps_nothing_for_readers(
        self, admin: Client, client: Client, declared: Contest
    ) -> None:
        election = declared.election
        other = nights.contest(election, "Hackney South", [("Ann", "lab"), ("Bob", "con")])
        group = Group.objects.create(election=election, name="Our patch", slug="our-patch")
        group.contests.add(declared)
        night_cache.clear()
        page = f"/{election.slug}/groups/our-patch/"
        before = client.get(page).content
        fields = self.fields(declared, name="Their patch", named="Hackney South")
        text = preview(admin, address("group_preview", group.pk), **fields).content.decode()
        assert "Their patch" in text
        assert other.name in text
        assert client.get(page).content == before
        assert [each.pk for each in group.contests.all()] == [declared.pk]

    def test_is_offered_to_those_who_may_save_it(self, admin: Client, declared: Contest) -> None:
        group = Group.objects.create(election=declared.election, name="Our patch", slug="patch")
        page = admin.get(address("group_change", group.pk)).content.decode()
        assert f'data-address="{address("group_preview", group.pk)}"' in page
        auditor = client_of_role("Auditors")
        assert "form-preview" not in auditor.get(address("group_change", group.pk)).content.decode()
        assert auditor.post(address("group_preview", group.pk)).status_code == 403


@pytest.mark.parametrize("name", ["party", "group"])
def test_is_not_an_address_to_read(admin: Client, name: str) -> None:
    assert admin.get(address(f"{name}_preview_of_new")).status_code == 404
