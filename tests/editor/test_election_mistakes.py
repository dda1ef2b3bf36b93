"""Mistakes with the rules of a night: its close of poll, and closing it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from results import desk
from results.editor import election_form
from results.models import Assignment, Contest, Election, Night, Phone, ReviewItem
from tests import nights
from tests.editor.conftest import address, form_data, text_of
from tests.responses import Response


def save(admin: Client, night: Election, **changes: object) -> Response:
    page = address("election_change", night.pk)
    data = {
        name: value for name, value in form_data(admin.get(page)).items() if name not in changes
    }
    return admin.post(page, data | {name: value for name, value in changes.items() if value})


class TestCloseOfPoll:
    def test_is_not_moved_behind_a_published_result(
        self, admin: Client, night: Election, seat: Contest
    ) -> None:
        """It would refuse every correction from then on."""
        nights.declare_counts(
            seat,
            nights.islington_ballot_counts(seat),
            by=nights.user(),
            idempotency_key="declared",
            declared_at=datetime(2019, 12, 13, 3, 18, tzinfo=UTC),
        )
        for moved in ("13/12/2019 03:19", f"{timezone.now() + timedelta(days=1):%d/%m/%Y} 22:00"):
            text = text_of(save(admin, night, polls_close=moved))
            assert "1 result is published, the first declared at 03:18" in text
        night.refresh_from_db()
        assert night.polls_close == datetime(2019, 12, 12, 22, tzinfo=UTC)
        answer = save(admin, night, polls_close="12/12/2019 21:00", move_anyway="on")
        assert answer.status_code == 302

    def test_is_not_moved_into_the_future_under_an_exit_poll(
        self, admin: Client, night: Election, seat: Contest, editor: object
    ) -> None:
        figures = desk.ExternalFiguresContent(
            kind="exit_poll", source="BBC", as_of=timezone.now(), seats={"lab": 1}
        )
        desk.publish(night, figures, by=nights.user(), idempotency_key="poll")
        tomorrow = timezone.now() + timedelta(days=1)
        answer = save(
            admin, night, polls_close=f"{tomorrow:%d/%m/%Y} 22:00", date=f"{tomorrow:%Y-%m-%d}"
        )
        assert "Figures that may be public only after the close of poll" in text_of(answer)

    def test_is_moved_where_only_an_unopposed_candidate_is_published(self, admin: Client) -> None:
        # Not in an hour, which may be tomorrow: another polling day is a correction.
        soon = timezone.now().replace(hour=12) + timedelta(days=2)
        night = nights.election(polls_close=soon, date=soon.date())
        ward = nights.contest(night, "Fen", [("Ann Ash", "lab")])
        desk.publish_unopposed(ward, by=nights.user(), idempotency_key="unopposed")
        later = soon + timedelta(hours=1)
        answer = save(admin, night, polls_close=f"{later:%d/%m/%Y %H:%M}", date=f"{later:%Y-%m-%d}")
        assert answer.status_code == 302, text_of(answer)

    def test_that_readers_were_told_of_is_moved_after_a_tick(
        self, admin: Client, night: Election
    ) -> None:
        told = night.polls_close
        Night.objects.filter(election=night).update(poll_closed_at=told)
        text = text_of(save(admin, night, polls_close="12/12/2019 22:30"))
        assert "Readers were told that polls closed at 22:00. Pages will say 22:30." in text
        night.refresh_from_db()
        assert night.polls_close == told
        tomorrow = timezone.now() + timedelta(days=1)
        later = {"polls_close": f"{tomorrow:%d/%m/%Y} 22:00", "date": f"{tomorrow:%Y-%m-%d}"}
        assert "and nothing can be declared before." in text_of(save(admin, night, **later))
        moved = save(admin, night, polls_close="12/12/2019 22:30", move_anyway="on")
        assert moved.status_code == 302

    def test_that_has_passed_is_not_published_again_as_it_is_moved(
        self, admin: Client, night: Election
    ) -> None:
        """No page says in between that polls are open."""
        answer = save(admin, night, polls_close="12/12/2019 22:30", move_anyway="on")
        assert answer.status_code == 302
        night.refresh_from_db()
        assert night.polls_close == datetime(2019, 12, 12, 22, 30, tzinfo=UTC)
        assert desk.publish_closes_of_poll() == []

    def test_that_is_moved_into_the_past_is_published(self, admin: Client) -> None:
        soon = timezone.now() + timedelta(hours=1)
        night = nights.election(polls_close=soon, date=soon.date())
        past = timezone.localtime(timezone.now() - timedelta(minutes=2), night.zone)
        answer = save(admin, night, polls_close=f"{past:%d/%m/%Y %H:%M}", date=f"{past:%Y-%m-%d}")
        assert answer.status_code == 302, text_of(answer)
        assert len(desk.publish_closes_of_poll()) == 1

    def test_is_on_the_polling_day(self, admin: Client, night: Election) -> None:
        answer = save(admin, night, polls_close="12/11/2019 22:00")
        assert "is not on the polling day" in text_of(answer)


class TestTimeZone:
    def test_is_not_changed_together_with_a_time(self, admin: Client, night: Election) -> None:
        """The time is read in the zone that is stored: 22:00 would become 17:00 in New York."""
        close, zone = night.polls_close, {"timezone": "America/New_York"}
        text = text_of(save(admin, night, polls_close="12/12/2019 21:00", **zone))
        assert "is read in Europe/London: save the time zone first, then the close of poll." in text
        night.refresh_from_db()
        assert (night.timezone, night.polls_close) == ("Europe/London", close)

    def test_that_moves_a_close_of_poll_on_pages_is_changed_after_a_tick(
        self, admin: Client, night: Election
    ) -> None:
        told, zone = night.polls_close, {"timezone": "America/New_York"}
        Night.objects.filter(election=night).update(poll_closed_at=told)
        text = text_of(save(admin, night, **zone))
        assert "Readers were told that polls closed at 22:00. Pages will say 17:00." in text
        night.refresh_from_db()
        assert night.timezone == "Europe/London"
        assert save(admin, night, **zone, move_anyway="on").status_code == 302
        night.refresh_from_db()
        assert (night.timezone, night.polls_close) == ("America/New_York", told)

    @pytest.mark.parametrize("told", [False, True])
    def test_that_is_mistyped_is_named_beside_the_field(
        self, admin: Client, night: Election, told: bool
    ) -> None:
        at = night.polls_close if told else None
        Night.objects.filter(election=night).update(poll_closed_at=at)
        for moved in ({}, {"polls_close": "12/12/2019 21:00"}):
            answer = save(admin, night, timezone="Europe/Londn", **moved)
            assert answer.status_code == 200
            assert "“Europe/Londn” is not a time zone." in text_of(answer)
            assert 'value="Europe/Londn"' in answer.content.decode()

    def test_that_is_mistyped_for_a_new_election_or_the_desk(self, admin: Client) -> None:
        form = form_data(admin.get(address("election_add")))
        form |= {"name": "New", "slug": "new", "kind": "mayor", "date": "2019-11-05"}
        form |= {"polls_close": "05/11/2019 21:00", "timezone": "Europe/Londn"}
        answer = admin.post(address("election_add"), form)
        assert "“Europe/Londn” is not a time zone." in text_of(answer)
        page = admin.get(address("housestyle_changelist"), follow=True)
        sent = form_data(page) | {"timezone": "Europe/Londn"}
        answer = admin.post(page.request["PATH_INFO"], sent)
        assert "“Europe/Londn” is not a time zone." in text_of(answer)

    def test_with_the_same_hours_asks_nothing(self, admin: Client, night: Election) -> None:
        Night.objects.filter(election=night).update(poll_closed_at=night.polls_close)
        assert save(admin, night, timezone="Europe/Dublin").status_code == 302

    def test_of_a_new_election_is_that_of_its_close_of_poll(self, admin: Client) -> None:
        form = form_data(admin.get(address("election_add")))
        form |= {"name": "New", "slug": "new", "kind": "mayor", "date": "2019-11-05"}
        form |= {"polls_close": "05/11/2019 21:00", "timezone": "America/New_York"}
        answer = admin.post(address("election_add"), form)
        assert answer.status_code == 302, text_of(answer)
        assert Election.objects.get().polls_close == datetime(2019, 11, 6, 2, 0, tzinfo=UTC)

    def test_is_said_to_move_nothing(self, admin: Client, night: Election) -> None:
        text = text_of(admin.get(address("election_change", night.pk)))
        assert "Another zone moves nothing: pages show the same moments at its hours." in text


class TestClosingTheNight:
    def test_asks_while_counts_are_open_or_things_wait(
        self, admin: Client, night: Election, declared: Contest
    ) -> None:
        nights.contest(night, "Elsewhere", [("Ann", "lab"), ("Bob", "con")])
        reporter = nights.user()
        Assignment.objects.create(reporter=reporter, contest=declared)
        Phone.objects.create(reporter=reporter, seen_at=timezone.now(), unsent=2)
        content = {"words": "Well.", "speaker": "The mayor"}
        desk.queue_for_review(
            declared, ReviewItem.Kind.QUOTE, content, by=reporter, idempotency_key="q"
        )
        asked = save(admin, night, final="on")
        text = text_of(asked)
        assert "1 of 2 contests has no result: Elsewhere." in text
        assert "1 thing waits in the review queue" in text
        assert "Phones hold 2 things that have not arrived" in text
        assert not Election.objects.filter(final=True).exists()
        assert save(admin, night, final="on", close_anyway="on").status_code == 302
        assert Election.objects.filter(final=True).exists()
        # It is undone without a question.
        assert save(admin, night, final=None).status_code == 302
        assert not Election.objects.filter(final=True).exists()

    def test_names_the_first_of_many_counts_that_are_open(
        self, admin: Client, night: Election
    ) -> None:
        for name in ("Aford", "Beeham", "Ceton", "Dale", "Eton", "Fen", "Gate"):
            nights.contest(night, name, [("Ann", "lab"), ("Bob", "con")])
        text = text_of(save(admin, night, final="on"))
        assert (
            "7 of 7 contests have no result: Aford, Beeham, Ceton, Dale, Eton and 2 others." in text
        )

    def test_asks_nothing_once_all_is_done(
        self, admin: Client, night: Election, declared: Contest
    ) -> None:
        assert save(admin, night, final="on").status_code == 302


def test_correction_has_a_heading_and_its_reason_as_a_sentence(
    admin: Client, declared: Contest
) -> None:
    counts = nights.ballot_counts(declared, 236, 5483, 34603, 742, 4326, 8416, electorate=75162)
    nights.correct(
        declared,
        counts,
        by=nights.user(),
        idempotency_key="c",
        base_revision=1,
        reason="after close",
        warning_reason="As read out.",
    )
    text = " ".join(admin.get("/ge/feed/").content.decode().split())
    assert "<h3> Corrected: Islington North </h3>" in text
    assert 'after close.</bdi> <span class="quiet">Our mistake.</span>' in text


class TestRules:
    def test_election_added_here_is_a_draft(self, admin: Client, db: None) -> None:
        page = address("election_add")
        data = form_data(admin.get(page))
        data |= {"name": "Northshire", "slug": "northshire", "date": "2029-05-03"}
        answer = admin.post(page, data | {"kind": "council", "polls_close": "2029-05-03 22:00"})
        assert answer.status_code == 302, text_of(answer)
        assert Election.objects.get().is_draft

    def test_a_slip_in_the_year_is_refused(self, admin: Client, night: Election) -> None:
        answer = save(admin, night, date="9999-12-31", polls_close="9999-12-31 22:00")
        assert "Look at the year: this is 31 December 9999" in text_of(answer)

    def test_house_is_not_smaller_than_what_is_covered(
        self, admin: Client, night: Election, seat: Contest
    ) -> None:
        nights.contest(night, "Aldershot", [("Ann Ash", "lab")])
        answer = save(admin, night, house_seats="1")
        assert "2 seats of the House are covered here: give at least that." in text_of(answer)
        assert save(admin, night, house_seats="2").status_code == 302

    def test_kind_stays_once_many_results_are_published(
        self, admin: Client, night: Election, declared: Contest, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Every result would be corrected, in minutes in which nothing else is published."""
        monkeypatch.setattr(election_form, "MOST_CORRECTED", 0)
        text = text_of(save(admin, night, kind="uk-parliament-by-election"))
        assert "1 results are published as of this kind, so it stays." in text
        night.refresh_from_db()
        assert night.kind == "uk-parliament"
