"""Counts of which no votes are expected, on the night dashboard and at the desk's forms."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from results.arithmetic import ElectionKind
from results.models import Contest, Election
from tests import nights
from tests.editor.conftest import Dashboard, address, form_data, staff_with, text_of


def row_of(page: str, key: str) -> str:
    return page.split(f'id="row-{key}"')[1].split("</li>")[0]


def count_panel(admin: Client, contest: Contest) -> str:
    page = address("election_night_count", contest.election_id, contest.pk)
    return admin.get(page).content.decode()


def publish(ward: Contest, kind: str) -> None:
    """Publish the winners of two seats for two candidates, or the votes of one of them."""
    Contest.objects.filter(pk=ward.pk).update(seats=2)
    ward.seats = 2
    bob = ward.candidates.create(name="Bob", ballot_order=2, party=nights.party("con"))
    if kind == "incomplete":
        nights.publish_some(ward, 500, None)
    else:
        winners = [ward.candidates.all()[0], bob]
        nights.declare_winner(ward, winners, by=nights.user(), idempotency_key="w")


class TestUncontestedCount:
    @pytest.fixture
    def ward(self, night: Election) -> Contest:
        ward = nights.contest(night, "Fen", [("Ann", "lab")])
        late = timezone.now() - timedelta(hours=1)
        Contest.objects.filter(pk=ward.pk).update(expected_at=late)
        return ward

    def test_is_offered_as_one_without_a_poll(
        self, admin: Client, night: Election, ward: Contest, dashboard: Dashboard
    ) -> None:
        poll = f"{address('contest_poll', ward.pk)}?night={night.pk}"
        declare = address("contest_declare", ward.pk)
        for page in (
            dashboard().split(f'id="row-overdue-{ward.pk}"')[1].split("</li>")[0],
            admin.get(address("election_night_count", night.pk, ward.pk)).content.decode(),
        ):
            assert poll in page
            assert declare not in page

    @pytest.mark.parametrize("method", ["lists", "votes"])
    def test_is_none_where_lists_stand_with_a_row_each(
        self, admin: Client, night: Election, ward: Contest, method: str
    ) -> None:
        Election.objects.filter(pk=night.pk).update(kind=ElectionKind.LONDON_ASSEMBLY)
        Contest.objects.filter(pk=ward.pk).update(seats=3, method=method)
        for place, label in enumerate(("con", "green"), start=2):
            ward.candidates.create(name=label, ballot_order=place, party=nights.party(label))
        ward.candidates.update(list_position=1 if method == "lists" else None)
        assert (address("contest_declare", ward.pk) in count_panel(admin, ward)) is (
            method == "lists"
        )

    def test_form_of_its_figures_leads_there(
        self, admin: Client, night: Election, ward: Contest
    ) -> None:
        answer = admin.get(address("contest_declare", ward.pk) + f"?night={night.pk}")
        assert answer.headers["Location"] == (
            address("contest_poll", ward.pk) + f"?night={night.pk}"
        )

    @pytest.mark.parametrize("permissions", [[], ["change_declaration"]])
    def test_page_in_the_admin_offers_no_form_of_figures(
        self, night: Election, ward: Contest, permissions: list[str]
    ) -> None:
        staff = Client()
        staff.force_login(
            staff_with("add_declaration", "view_contest", "change_contest", *permissions)
        )
        page = staff.get(address("contest_change", ward.pk)).content.decode()
        assert address("contest_declare", ward.pk) not in page
        assert (address("contest_poll", ward.pk) in page) == bool(permissions)

    def test_who_may_not_publish_it_is_told_who_may(self, night: Election, ward: Contest) -> None:
        """Figures of a poll that is not held are counted nowhere."""
        staff = Client()
        staff.force_login(staff_with("add_declaration", "view_contest"))
        answer = staff.get(address("contest_declare", ward.pk))
        assert answer.status_code == 409
        assert "No more stand here than there are seats" in text_of(answer)
        ward.candidates.create(name="Bob", ballot_order=2)
        assert staff.get(address("contest_declare", ward.pk)).status_code == 200

    @pytest.mark.parametrize("kind", ["winner", "incomplete"])
    def test_votes_may_be_completed_once_something_is_published(
        self, admin: Client, night: Election, ward: Contest, dashboard: Dashboard, kind: str
    ) -> None:
        with time_machine.travel(timezone.now() - timedelta(hours=2), tick=False):
            publish(ward, kind)
        declare = f"{address('contest_declare', ward.pk)}?night={night.pk}"
        poll = address("contest_poll", ward.pk)
        html = dashboard()
        rows = [key for key in (kind, "overdue") if f'id="row-{key}-{ward.pk}"' in html]
        assert kind in rows
        pages = [row_of(html, f"{key}-{ward.pk}") for key in rows]
        pages.append(count_panel(admin, ward))
        for page in pages:
            assert declare in page
            assert poll not in page
        assert admin.get(declare).status_code == 200

    def test_without_its_candidates_is_not_one(
        self, admin: Client, night: Election, ward: Contest, dashboard: Dashboard
    ) -> None:
        """They may not be loaded yet."""
        ward.candidates.all().delete()
        declare = f"{address('contest_declare', ward.pk)}?night={night.pk}"
        assert declare in row_of(dashboard(), f"overdue-{ward.pk}")
        page = count_panel(admin, ward)
        assert declare in page
        assert re.search(r'class="button"\s+href="[^"]*/poll/', page)
        assert admin.get(declare).status_code == 200

    def test_of_one_answer_is_not_one(
        self, admin: Client, night: Election, ward: Contest, dashboard: Dashboard
    ) -> None:
        Election.objects.update(kind=ElectionKind.REFERENDUM)
        declare = f"{address('contest_declare', ward.pk)}?night={night.pk}"
        assert declare in row_of(dashboard(), f"overdue-{ward.pk}")
        assert declare in count_panel(admin, ward)

    def test_poll_that_is_not_held_leads_back_to_the_night(
        self, admin: Client, night: Election, ward: Contest
    ) -> None:
        page = f"{address('contest_poll', ward.pk)}?night={night.pk}"
        shown = admin.get(page)
        back = address("election_night", night.pk)
        assert f'class="closelink" href="{back}"' in shown.content.decode()
        contest = address("contest_change", ward.pk)
        assert f'<a href="{contest}">Fen</a>' in shown.content.decode()
        answer = admin.post(page, form_data(shown) | {"action": "unopposed"})
        assert answer.headers["Location"] == back

    def test_every_count_that_is_overdue_has_the_key_of_a_poll_not_held(
        self, night: Election, seat: Contest, dashboard: Dashboard
    ) -> None:
        late = timezone.now() - timedelta(hours=1)
        Contest.objects.filter(pk=seat.pk).update(expected_at=late)
        row = dashboard().split(f'id="row-overdue-{seat.pk}"')[1]
        assert address("contest_poll", seat.pk) in row
        assert address("contest_declare", seat.pk) in row
        assert 'data-key="l"' in row
