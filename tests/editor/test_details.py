"""Details that readers see: what is changed of them is on every open page, or told to reload."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from results.models import Bulletin, Contest, Night, Party, Standing
from tests import nights
from tests.editor.conftest import address, text_of, typed


def save(admin, page, **changes):
    return admin.post(page, typed(admin.get(page)) | changes, follow=True)


class TestAContest:
    def test_renamed_candidate_is_published_in_its_seat(self, admin, declared):
        page = address("contest_change", declared.pk)
        form = typed(admin.get(page))
        (box,) = [name for name, value in form.items() if value == "Nick Wakeling"]
        admin.post(page, form | {box: "Nicholas Wakeling"})
        bulletin = Bulletin.objects.get(sequence=2)
        assert "Nicholas Wakeling" in bulletin.fragments["seat-islington-north"]

    def test_note_and_venue_are_published(self, admin, declared):
        page = address("contest_change", declared.pk)
        save(admin, page, note="Held by the same man since 1983.", venue="Town hall")
        fragment = Bulletin.objects.get(sequence=2).fragments["seat-islington-north"]
        assert "since 1983" in fragment
        assert "Town hall" in fragment

    def test_before_the_first_bulletin_open_pages_load_themselves_afresh(self, admin, seat):
        epoch = Night.objects.get().epoch
        save(admin, address("contest_change", seat.pk), venue="Town hall")
        assert Night.objects.get().epoch != epoch
        assert not Bulletin.objects.exists()

    def test_saved_as_it_is_publishes_nothing(self, admin, declared):
        save(admin, address("contest_change", declared.pk))
        assert Bulletin.objects.count() == 1

    def test_keeps_the_address_that_its_bulletins_name(self, admin, declared):
        save(admin, address("contest_change", declared.pk), slug="elsewhere")
        assert Contest.objects.get().slug == "islington-north"

    def test_expected_time_is_typed_and_shown_in_the_election_s_own_zone(self, admin, night):
        nights.election("summer", timezone="Europe/Paris")
        paris = nights.contest(
            nights.Election.objects.get(slug="summer"), "Paris", [("Ann", "lab"), ("Bob", "con")]
        )
        page = address("contest_change", paris.pk)
        save(admin, page, expected_at="13/12/2019 03:00")
        assert Contest.objects.get(pk=paris.pk).expected_at.hour == 2
        assert "13/12/2019 03:00" in admin.get(page).content.decode()

    def test_takes_no_time_that_is_none_and_keeps_it_typed(self, admin, seat):
        answer = save(admin, address("contest_change", seat.pk), expected_at="about three")
        assert "as in 13/12/2019 03:18" in text_of(answer)
        assert "about three" in answer.content.decode()


class TestAnElection:
    def test_rule_works_the_night_out_again(self, admin, declared):
        epoch = Night.objects.get().epoch
        page = address("election_change", declared.election.pk)
        answer = save(admin, page, name="The general election of 2019")
        assert answer.status_code == 200
        assert Night.objects.get().epoch != epoch

    def test_saved_as_it_is_disturbs_nobody(self, admin, declared):
        epoch = Night.objects.get().epoch
        save(admin, address("election_change", declared.election.pk))
        assert Night.objects.get().epoch == epoch

    def test_is_not_made_a_rehearsal_afterwards(self, admin, declared):
        save(admin, address("election_change", declared.election.pk), rehearsal="on")
        declared.election.refresh_from_db()
        assert not declared.election.rehearsal


def test_a_party_s_colour_reaches_every_night_that_names_it(admin, declared):
    epoch = Night.objects.get().epoch
    labour = Party.objects.get(slug="lab")
    save(admin, address("party_change", labour.pk), colour="#e4003b")
    assert Night.objects.get().epoch != epoch
    other = nights.party("brexit")
    stood = Night.objects.get().epoch
    save(admin, address("party_change", other.pk))
    assert Night.objects.get().epoch == stood


def test_a_party_s_colour_is_a_colour(admin, declared):
    answer = save(admin, address("party_change", nights.party("lab").pk), colour="red; x:url(//e)")
    assert answer.context["adminform"].form.errors["colour"]


class TestQueries:
    """What a page costs does not grow with what it lists."""

    @pytest.mark.parametrize("name", ["contest", "declaration", "bulletin", "election", "quote"])
    def test_of_a_list(self, admin, night, name):
        few = self.cost(admin, night, name, 3)
        many = self.cost(admin, night, name, 12)
        assert many <= few
        assert many < 30

    def cost(self, admin, night, name, up_to):
        have = Standing.objects.filter(contest__election=night).count()
        for number in range(have, up_to):
            made = nights.contest(night, f"Seat {number}", [("Ann", "lab"), ("Bob", "con")])
            nights.declare(made, 200 + number, 100)
        with CaptureQueriesContext(connection) as asked:
            assert admin.get(address(f"{name}_changelist")).status_code == 200
        return len(asked)

    def test_of_a_contest_and_of_its_correction(self, admin, declared):
        for page in ("change", "correct"):
            with CaptureQueriesContext(connection) as asked:
                assert admin.get(address(f"contest_{page}", declared.pk)).status_code == 200
            assert len(asked) < 30
