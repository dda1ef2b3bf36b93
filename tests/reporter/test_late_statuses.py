"""Statuses and expected times that a phone without signal held back, and newer ones of others."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from time_machine import TimeMachineFixture

from results import desk
from results.models import Bulletin, Contest, Standing
from tests import nights
from tests.reporter.conftest import send

#: The phone sends at 02:10 what was typed at 01:00.
AT = datetime(2019, 12, 13, 2, 10, tzinfo=UTC)
WAITED = "4200"


@pytest.fixture(autouse=True)
def ten_past_two(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(AT, tick=False)


@pytest.fixture
def editor(db: None) -> User:
    return nights.user("editor")


def published_at(
    moment: datetime, time_machine: TimeMachineFixture, seat: Contest, **report: Any
) -> None:
    """Publish a status at an earlier moment, by an editor unless another is given."""
    time_machine.move_to(moment, tick=False)
    asked: dict[str, Any] = {"by": nights.user("editor"), "idempotency_key": nights.key()} | report
    desk.report_status(seat, asked.pop("status", Standing.Status.RECOUNT), **asked)
    time_machine.move_to(AT, tick=False)


def tap(phone: Client, status: str = "under_way", **changes: Any) -> tuple[int, dict[str, Any]]:
    return send(
        phone, {"step": "status", "status": status, "key": "late", "waited": WAITED} | changes
    )


def announce(phone: Client, **changes: Any) -> tuple[int, dict[str, Any]]:
    fields = {"step": "count", "expected_at": "03:30", "key": "late", "waited": WAITED}
    return send(phone, fields | changes)


class TestStatus:
    def test_does_not_replace_a_newer_one(
        self, phone: Client, seat: Contest, time_machine: TimeMachineFixture
    ) -> None:
        published_at(AT - timedelta(minutes=10), time_machine, seat)
        status, data = tap(phone)
        assert (status, data["state"]) == (422, "refused")
        assert data["words"] == (
            "The count was reported again at 02:00, after you reported this: Recount. Yours is "
            "older and was not published. Report it again if it is right now."
        )
        assert Standing.objects.get().status == Standing.Status.RECOUNT
        assert Bulletin.objects.count() == 1

    def test_is_published_when_it_is_reported_again(
        self, phone: Client, seat: Contest, time_machine: TimeMachineFixture
    ) -> None:
        published_at(AT - timedelta(minutes=10), time_machine, seat)
        tap(phone)
        assert tap(phone, key="again", waited="5")[1]["state"] == "published"
        assert Standing.objects.get().status == Standing.Status.UNDER_WAY

    def test_does_not_replace_a_withdrawal(
        self, phone: Client, seat: Contest, editor: User, time_machine: TimeMachineFixture
    ) -> None:
        time_machine.move_to(AT - timedelta(minutes=10), tick=False)
        counts = nights.islington_ballot_counts(seat)
        nights.declare_counts(seat, counts, by=editor, idempotency_key="one")
        nights.withdraw(seat, by=editor, idempotency_key="two", base_revision=1, reason="Wrong.")
        time_machine.move_to(AT, tick=False)
        status, data = tap(phone)
        assert (status, data["state"]) == (422, "refused")
        assert Standing.objects.get().status == Standing.Status.WITHDRAWN

    def test_replaces_an_older_one(
        self, phone: Client, seat: Contest, time_machine: TimeMachineFixture
    ) -> None:
        published_at(AT - timedelta(minutes=80), time_machine, seat)
        assert tap(phone)[1]["state"] == "published"

    def test_equal_one_is_unchanged(
        self, phone: Client, seat: Contest, time_machine: TimeMachineFixture
    ) -> None:
        published_at(AT - timedelta(minutes=10), time_machine, seat)
        status, data = tap(phone, "recount")
        assert (status, data["state"], data["sequence"]) == (200, "unchanged", 1)

    def test_ones_own_follow_one_another(self, phone: Client, seat: Contest) -> None:
        """A phone sends all that it held back in the order in which it was typed."""
        assert tap(phone)[1]["state"] == "published"
        assert tap(phone, "recount", key="second", waited="4000")[1]["state"] == "published"

    def test_of_two_tapped_within_a_minute_the_last_to_arrive_stands(
        self, phone: Client, seat: Contest, time_machine: TimeMachineFixture
    ) -> None:
        published_at(AT - timedelta(seconds=5), time_machine, seat)
        assert tap(phone, waited="20")[1]["state"] == "published"

    def test_repetition_gets_its_first_answer(
        self, phone: Client, seat: Contest, time_machine: TimeMachineFixture
    ) -> None:
        tap(phone, waited="0")
        time_machine.move_to(AT + timedelta(minutes=20), tick=False)
        desk.report_status(
            seat, Standing.Status.RECOUNT, by=nights.user("editor"), idempotency_key="newer"
        )
        time_machine.move_to(AT + timedelta(minutes=30), tick=False)
        status, data = tap(phone, waited="1800")
        assert (status, data["state"], data["sequence"]) == (200, "published", 1)


class TestExpectedTime:
    NEWER = datetime(2019, 12, 13, 4, 15, tzinfo=UTC)

    def test_is_named_by_the_receipt(self, phone: Client, seat: Contest) -> None:
        said = announce(phone, papers="900")[1]["line"]
        assert said == (
            "Islington North: At verification: 900 ballot papers, declaration expected about 03:30"
        )
        said = announce(phone, key="alone", expected_at="04:15", papers="900")[1]["line"]
        assert said == "Islington North: Count under way, declaration expected about 04:15"
        said = announce(phone, key="papers", expected_at="", papers="910")[1]["line"]
        assert said == "Islington North: At verification: 910 ballot papers"

    def test_does_not_replace_a_newer_one(
        self, phone: Client, seat: Contest, time_machine: TimeMachineFixture
    ) -> None:
        before = AT - timedelta(minutes=10)
        published_at(before, time_machine, seat, status=None, expected_at=self.NEWER)
        status, data = announce(phone, papers="900")
        assert (status, data["state"]) == (422, "faulty")
        (words,) = data["findings"]
        assert words == (
            "It is expected at 04:15 now, which may be newer. Nothing was published: leave the "
            "time empty, or send it again."
        )
        assert Contest.objects.get().expected_at == self.NEWER
        assert announce(phone, papers="900", expected_at="")[1]["state"] == "published"
        assert announce(phone, key="again", waited="9")[1]["state"] == "published"
        assert str(Contest.objects.get().expected_at) == "2019-12-13 03:30:00+00:00"

    def test_does_not_replace_one_from_the_page_of_expected_times(
        self, phone: Client, seat: Contest, editor: User, time_machine: TimeMachineFixture
    ) -> None:
        published_at(AT - timedelta(hours=2), time_machine, seat)
        time_machine.move_to(AT - timedelta(minutes=10), tick=False)
        others = nights.contest(seat.election, "Elsewhere", [("Ann", "lab"), ("Bob", "con")])
        times = [desk.ExpectedCount(each, self.NEWER, "") for each in (seat, others)]
        desk.set_expected_counts(seat.election, times, by=editor, idempotency_key="times")
        time_machine.move_to(AT, tick=False)
        assert announce(phone)[1]["state"] == "faulty"

    def test_is_published_where_nothing_is_newer(
        self, phone: Client, seat: Contest, time_machine: TimeMachineFixture
    ) -> None:
        before = AT - timedelta(hours=2)
        published_at(before, time_machine, seat, status=None, expected_at=self.NEWER)
        assert announce(phone)[1]["state"] == "published"

    def test_figures_do_not_change_a_newer_status(
        self, phone: Client, seat: Contest, time_machine: TimeMachineFixture
    ) -> None:
        published_at(AT - timedelta(minutes=10), time_machine, seat)
        assert announce(phone, expected_at="", papers="900")[1]["state"] == "published"
        assert Standing.objects.get().status == Standing.Status.RECOUNT

    def test_sent_again_after_the_status_has_changed(
        self, phone: Client, seat: Contest, editor: User
    ) -> None:
        first = announce(phone, waited="0")
        desk.report_status(seat, Standing.Status.RECOUNT, by=editor, idempotency_key="newer")
        assert announce(phone, waited="30") == first
        assert Standing.objects.get().status == Standing.Status.RECOUNT
