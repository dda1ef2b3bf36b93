"""Rows of inlines, and addresses: what is taken, sent twice or of another object is refused."""

from typing import Any

import pytest
from django.contrib import admin as django_admin
from django.test import Client

from results.editor.inline_rows import RowsFormSet
from results.models import Contest, Election, Group, Party, PartyAlias, Region
from tests import nights
from tests.editor.conftest import address, form_data, text_of
from tests.responses import Response

ALTERED = "These rows are not those that the page had"


@pytest.fixture
def regions(night: Election) -> tuple[Region, Region]:
    Region.objects.filter(election=night).delete()
    first = Region.objects.create(election=night, name="East", slug="east")
    return first, Region.objects.create(election=night, name="West", slug="west")


@pytest.fixture
def elsewhere(night: Election) -> Contest:
    return nights.contest(night, "Elsewhere", [("Ann", "lab"), ("Bob", "con")])


def save(admin: Client, name: str, pk: int, changes: dict[str, Any]) -> Response:
    page = address(f"{name}_change", pk)
    return admin.post(page, {**form_data(admin.get(page)), **changes})


def addresses(night: Election) -> dict[str, str]:
    return dict(Region.objects.filter(election=night).values_list("name", "slug"))


def places(contest: Contest) -> dict[str, int]:
    return dict(contest.candidates.values_list("name", "ballot_order"))


def new_row(row: int, place: int, name: str) -> dict[str, Any]:
    """The fields of one more independent on the ballot paper."""
    fields = {"ballot_order": place, "name": name, "standing_as": "independent"}
    return {f"candidates-{row}-{field}": value for field, value in fields.items()}


def errors_of(answer: Response) -> list[Any]:
    """Errors of the rows that stay; no others of the ballot paper."""
    formset = answer.context["inline_admin_formsets"][0].formset
    assert not formset.non_form_errors()
    return [dict(errors) for errors in formset.errors]


class TestRowsThatThePageDidNotHave:
    @pytest.mark.parametrize("count", ["-1", "0", "1", "3"])
    def test_of_another_number_are_refused(
        self, admin: Client, night: Election, regions: tuple[Region, Region], count: str
    ) -> None:
        page = address("election_change", night.pk)
        sent = {**form_data(admin.get(page)), "regions-INITIAL_FORMS": count}
        answer = admin.post(page, {**sent, "regions-TOTAL_FORMS": "3"})
        assert ALTERED in text_of(answer)
        assert addresses(night) == {"East": "east", "West": "west"}

    def test_with_the_id_of_another_row_are_refused(
        self, admin: Client, night: Election, regions: tuple[Region, Region]
    ) -> None:
        """The other row was overwritten, or the database refused it: a page of an error."""
        other = Region.objects.create(
            election=nights.election(slug="other", name="Other"), name="North", slug="north"
        )
        for pk in (regions[0].pk, other.pk, 10**30, "x", ""):
            answer = save(admin, "election", night.pk, {"regions-1-id": pk})
            assert answer.status_code == 200
            assert ALTERED in text_of(answer)
        assert addresses(night) == {"East": "east", "West": "west"}

    def test_of_another_election_are_refused(
        self, admin: Client, night: Election, regions: tuple[Region, Region]
    ) -> None:
        other = nights.election(slug="other", name="Other")
        answer = save(admin, "election", night.pk, {"regions-1-election": other.pk})
        assert ALTERED in text_of(answer)

    def test_of_a_ballot_paper_are_refused(
        self, admin: Client, seat: Contest, elsewhere: Contest
    ) -> None:
        theirs, mine = seat.candidates.first(), elsewhere.candidates.first()
        assert theirs
        assert mine
        for changes in ({"candidates-0-id": theirs.pk}, {"candidates-1-id": mine.pk}):
            answer = save(admin, "contest", elsewhere.pk, changes)
            assert ALTERED in text_of(answer)
        assert places(elsewhere) == {"Ann": 1, "Bob": 2}

    def test_are_refused_by_every_inline(self) -> None:
        inlines = {
            inline
            for model_admin in django_admin.site._registry.values()
            for inline in model_admin.inlines
        }
        others = {inline for inline in inlines if not issubclass(inline.formset, RowsFormSet)}
        assert len(inlines) > 5
        assert not others


class TestPlacesAndAddresses:
    def test_of_two_candidates_are_exchanged(self, admin: Client, elsewhere: Contest) -> None:
        changes = {"candidates-0-ballot_order": 2, "candidates-1-ballot_order": 1}
        answer = save(admin, "contest", elsewhere.pk, changes)
        assert answer.status_code == 302, text_of(answer)
        assert places(elsewhere) == {"Ann": 2, "Bob": 1}

    def test_of_a_candidate_who_is_deleted_is_another_candidates(
        self, admin: Client, elsewhere: Contest
    ) -> None:
        changes = {"candidates-0-ballot_order": 2, "candidates-1-DELETE": "on"}
        answer = save(admin, "contest", elsewhere.pk, changes)
        assert answer.status_code == 302, text_of(answer)
        assert places(elsewhere) == {"Ann": 2}

    def test_of_candidates_are_shifted_by_more_than_there_are(
        self, admin: Client, elsewhere: Contest
    ) -> None:
        """The numbers that they had meanwhile were those that the first was saved with."""
        changes = {"candidates-0-ballot_order": 4, "candidates-1-ballot_order": 5}
        answer = save(admin, "contest", elsewhere.pk, changes)
        assert answer.status_code == 302, text_of(answer)
        assert places(elsewhere) == {"Ann": 4, "Bob": 5}

    def test_of_candidates_are_shifted_below_new_ones(
        self, admin: Client, elsewhere: Contest
    ) -> None:
        new: dict[str, Any] = {}
        for row, name in enumerate(("Cy", "Di", "Ed"), 2):
            new |= new_row(row, row - 1, name)
        shifted = {"candidates-0-ballot_order": 4, "candidates-1-ballot_order": 5}
        changes = {**new, **shifted, "candidates-TOTAL_FORMS": 5}
        answer = save(admin, "contest", elsewhere.pk, changes)
        assert answer.status_code == 302, text_of(answer)
        assert places(elsewhere) == {"Cy": 1, "Di": 2, "Ed": 3, "Ann": 4, "Bob": 5}

    def test_of_a_candidate_who_is_deleted_is_free_beside_another_error(
        self, admin: Client, elsewhere: Contest
    ) -> None:
        """A row with an error made the deleted row count as one that stays."""
        changes = {"candidates-0-ballot_order": 2, "candidates-1-DELETE": "on"}
        nameless = {**new_row(2, 3, ""), "candidates-TOTAL_FORMS": 3}
        answer = save(admin, "contest", elsewhere.pk, {**changes, **nameless})
        assert answer.status_code == 200
        assert errors_of(answer) == [{}, {"name": ["This field is required."]}]
        assert places(elsewhere) == {"Ann": 1, "Bob": 2}

    def test_of_another_candidate_is_refused_beside_the_field(
        self, admin: Client, elsewhere: Contest
    ) -> None:
        answer = save(admin, "contest", elsewhere.pk, {"candidates-0-ballot_order": 2})
        words = "Another candidate of this contest has this place on the ballot paper."
        assert words in text_of(answer)
        assert places(elsewhere) == {"Ann": 1, "Bob": 2}

    def test_of_a_row_that_the_page_did_not_have_is_refused(
        self, admin: Client, night: Election, regions: tuple[Region, Region]
    ) -> None:
        page = address("election_change", night.pk)
        sent = form_data(admin.get(page))
        Region.objects.create(election=night, name="North", slug="north")
        sent.pop("_stored", None)
        answer = admin.post(page, {**sent, "regions-1-slug": "north"})
        assert "Another region of this election has this address." in text_of(answer)

    def test_of_two_regions_are_exchanged(
        self, admin: Client, night: Election, regions: tuple[Region, Region]
    ) -> None:
        changes = {"regions-0-slug": "west", "regions-1-slug": "east"}
        answer = save(admin, "election", night.pk, changes)
        assert answer.status_code == 302, text_of(answer)
        assert addresses(night) == {"East": "west", "West": "east"}

    def test_of_two_spellings_of_a_party_are_exchanged(
        self, admin: Client, elsewhere: Contest
    ) -> None:
        party = Party.objects.get(slug="lab")
        party.aliases.all().delete()
        for text in ("Labor", "Labore"):
            PartyAlias.objects.create(party=party, kind=PartyAlias.Kind.SPELLING, text=text)
        changes = {"aliases-0-text": "Labore", "aliases-1-text": "Labor"}
        answer = save(admin, "party", party.pk, changes)
        assert answer.status_code == 302, text_of(answer)
        now = dict(PartyAlias.objects.filter(party=party).values_list("text", "key"))
        assert now == {"Labor": "labor", "Labore": "labore"}

    def test_of_spellings_that_stay_are_found_as_before(
        self, admin: Client, elsewhere: Contest
    ) -> None:
        party = Party.objects.get(slug="lab")
        party.aliases.all().delete()
        for text in ("Labor", "Labore", "Laboro"):
            PartyAlias.objects.create(party=party, kind=PartyAlias.Kind.SPELLING, text=text)
        answer = save(admin, "party", party.pk, {"aliases-0-text": "Labour Party"})
        assert answer.status_code == 302, text_of(answer)
        keys = sorted(PartyAlias.objects.filter(party=party).values_list("key", flat=True))
        assert keys == ["labore", "laboro", "labour party"]

    def test_of_another_contest_is_refused_beside_the_field(
        self, admin: Client, seat: Contest, elsewhere: Contest
    ) -> None:
        """The election is not in the form, so that Django did not ask."""
        answer = save(admin, "contest", elsewhere.pk, {"slug": seat.slug})
        assert "Another contest of this election has this address." in text_of(answer)
        Contest.objects.filter(pk=seat.pk).update(ballot_paper_id="parl.a.2019-12-12")
        answer = save(admin, "contest", elsewhere.pk, {"ballot_paper_id": "parl.a.2019-12-12"})
        words = "Another contest of this election has this ballot paper id."
        assert words in text_of(answer)

    def test_of_another_group_is_refused_beside_the_field(
        self, admin: Client, night: Election, elsewhere: Contest
    ) -> None:
        groups = [Group.objects.create(election=night, name=name, slug=name) for name in "ab"]
        for group in groups:
            group.contests.add(elsewhere)
        answer = save(admin, "group", groups[1].pk, {"slug": "a"})
        assert "Another group of contests of this election has this address." in text_of(answer)
