"""Changes of details that readers see: published as a bulletin, or by a new epoch."""

import pytest
from django.contrib.admin.templatetags.admin_list import result_headers
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from results.models import (
    Bulletin,
    Contest,
    Election,
    MergedContest,
    Night,
    Party,
    Standing,
)
from tests import nights
from tests.editor.conftest import address, confirm, form_data, text_of
from tests.responses import Response


def save(admin: Client, page: str, **changes: object) -> Response:
    """Post the form of a page with some fields changed, and the reason if one is asked for."""
    return confirmed(admin, admin.post(page, form_data(admin.get(page)) | changes, follow=True))


def confirmed(admin: Client, response: Response) -> Response:
    """The response, or the one to the reason where the form was a correction."""
    return confirm(admin, response) if "form_address" in (response.context or {}) else response


class TestContest:
    def test_publishes_renamed_candidate(self, admin: Client, declared: Contest) -> None:
        page = address("contest_change", declared.pk)
        form = form_data(admin.get(page))
        (box,) = [name for name, value in form.items() if value == "Nick Wakeling"]
        confirmed(admin, admin.post(page, form | {box: "Nicholas Wakeling"}))
        bulletin = Bulletin.objects.latest("sequence")
        assert "Nicholas Wakeling" in bulletin.fragments["seat-islington-north"]

    def test_publishes_gender_that_is_corrected(self, admin: Client, declared: Contest) -> None:
        page = address("contest_change", declared.pk)
        form = form_data(admin.get(page))
        winner = declared.candidates.get(name="Jeremy Corbyn")
        (box,) = [
            name
            for name, value in form.items()
            if name.endswith("-id") and str(value) == str(winner.pk)
        ]
        change = {box.replace("-id", "-gender"): "male"}
        confirmed(admin, admin.post(page, form | change))
        assert declared.candidates.get(pk=winner.pk).gender == "male"
        assert Bulletin.objects.count() == 2
        assert "0 of the 1 elected are women" in admin.get("/ge/records/").content.decode()

    def test_publishes_note_and_venue(self, admin: Client, declared: Contest) -> None:
        page = address("contest_change", declared.pk)
        save(admin, page, note="Held by the same man since 1983.", venue="Town hall")
        fragment = Bulletin.objects.get(sequence=2).fragments["seat-islington-north"]
        assert "since 1983" in fragment
        assert "Town hall" in fragment

    def test_starts_new_epoch_before_first_bulletin(self, admin: Client, seat: Contest) -> None:
        epoch = Night.objects.get().epoch
        save(admin, address("contest_change", seat.pk), venue="Town hall")
        assert Night.objects.get().epoch != epoch
        assert not Bulletin.objects.exists()

    def test_publishes_nothing_when_unchanged(self, admin: Client, declared: Contest) -> None:
        save(admin, address("contest_change", declared.pk))
        assert Bulletin.objects.count() == 1

    def test_keeps_slug_once_published(self, admin: Client, declared: Contest) -> None:
        save(admin, address("contest_change", declared.pk), slug="elsewhere")
        assert Contest.objects.get().slug == "islington-north"

    def test_earlier_address_leads_to_a_changed_one(self, admin: Client, seat: Contest) -> None:
        """Other sites embed a contest before anything is published about it."""
        page = address("contest_change", seat.pk)
        for slug in ("elsewhere", "islington-north", "islington-n"):
            save(admin, page, slug=slug)
        assert not Bulletin.objects.exists()
        for earlier in ("elsewhere", "islington-north"):
            for form in ("/ge/{}/", "/embed/ge/{}/", "/ge/{}/card.png"):
                answer = admin.get(form.format(earlier))
                assert answer.status_code == 301
                assert answer.headers["Location"] == form.format("islington-n")
            found = admin.get("/api/oembed", {"url": f"http://testserver/ge/{earlier}/"})
            assert "/embed/ge/islington-n/" in found.json()["html"]
            assert admin.get(f"/api/v1/elections/ge/contests/{earlier}").status_code == 200

    def test_address_of_a_draft_is_free_once_it_is_changed(
        self, admin: Client, seat: Contest
    ) -> None:
        Election.objects.update(visibility=Election.Visibility.DRAFT)
        save(admin, address("contest_change", seat.pk), slug="elsewhere")
        assert Contest.objects.get().slug == "elsewhere"
        assert not MergedContest.objects.exists()

    def test_reads_and_shows_expected_time_in_time_zone_of_election(
        self, admin: Client, night: Election
    ) -> None:
        summer = nights.election("summer", timezone="Europe/Paris")
        paris = nights.contest(summer, "Paris", [("Ann", "lab"), ("Bob", "con")])
        page = address("contest_change", paris.pk)
        for typed in ("13/12/2019 03:00", "03:00"):
            Contest.objects.update(expected_at=None)
            save(admin, page, expected_at=typed)
            expected_at = Contest.objects.get(pk=paris.pk).expected_at
            assert expected_at is not None
            assert expected_at.hour == 2
            assert "13/12/2019 03:00" in admin.get(page).content.decode()

    def test_refuses_invalid_time_and_keeps_the_entry(self, admin: Client, seat: Contest) -> None:
        answer = save(admin, address("contest_change", seat.pk), expected_at="about three")
        assert "“about three” is not a time: write it as 01:30" in text_of(answer)
        assert "about three" in answer.content.decode()


class TestElection:
    def test_kind_changes_the_name_of_its_body(self, admin: Client, seat: Contest) -> None:
        night = seat.election
        save(admin, address("election_change", night.pk), kind="council", name="Northshire")
        assert list(night.bodies.values_list("name", "slug")) == [("Northshire", "northshire")]

    def test_change_starts_new_epoch(self, admin: Client, declared: Contest) -> None:
        epoch = Night.objects.get().epoch
        page = address("election_change", declared.election.pk)
        answer = save(admin, page, name="The general election of 2019")
        assert answer.status_code == 200
        assert Night.objects.get().epoch != epoch

    def test_keeps_epoch_when_unchanged(self, admin: Client, declared: Contest) -> None:
        epoch = Night.objects.get().epoch
        save(admin, address("election_change", declared.election.pk))
        assert Night.objects.get().epoch == epoch

    def test_cannot_become_rehearsal_once_published(self, admin: Client, declared: Contest) -> None:
        save(admin, address("election_change", declared.election.pk), rehearsal="on")
        declared.election.refresh_from_db()
        assert not declared.election.rehearsal


def test_party_colour_starts_new_epoch_of_elections_with_the_party(
    admin: Client, declared: Contest
) -> None:
    epoch = Night.objects.get().epoch
    labour = Party.objects.get(slug="lab")
    save(admin, address("party_change", labour.pk), colour="#e4003b")
    assert Night.objects.get().epoch != epoch
    other = nights.party("brexit")
    stood = Night.objects.get().epoch
    save(admin, address("party_change", other.pk))
    assert Night.objects.get().epoch == stood


def test_refuses_invalid_party_colour(admin: Client, declared: Contest) -> None:
    answer = save(admin, address("party_change", nights.party("lab").pk), colour="red; x:url(//e)")
    assert answer.context["adminform"].form.errors["colour"]


class TestQueries:
    """The number of queries of a page does not grow with its rows."""

    @pytest.mark.parametrize("name", ["contest", "declaration", "bulletin", "election", "quote"])
    def test_of_list(self, admin: Client, night: Election, name: str) -> None:
        few = self.count_queries(admin, night, name, 3)
        many = self.count_queries(admin, night, name, 12)
        assert many <= few
        assert many < 30

    def count_queries(self, admin: Client, night: Election, name: str, contests: int) -> int:
        existing = Standing.objects.filter(contest__election=night).count()
        for number in range(existing, contests):
            contest = nights.contest(night, f"Seat {number}", [("Ann", "lab"), ("Bob", "con")])
            nights.declare(contest, 200 + number, 100)
        with CaptureQueriesContext(connection) as queries:
            assert admin.get(address(f"{name}_changelist")).status_code == 200
        return len(queries)

    def test_of_contest_and_correction(self, admin: Client, declared: Contest) -> None:
        for page in ("change", "correct"):
            with CaptureQueriesContext(connection) as queries:
                assert admin.get(address(f"contest_{page}", declared.pk)).status_code == 200
            assert len(queries) < 30


def test_list_of_contests_shows_what_it_is_ordered_by(admin: Client, seat: Contest) -> None:
    page = admin.get(address("contest_changelist"))
    assert page.context["title"] == "Contests"
    headers = [
        str(header["text"]) for header in result_headers(page.context["cl"]) if header.get("sorted")
    ]
    assert headers == ["name", "expected"]
