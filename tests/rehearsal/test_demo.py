"""The demo: the Islington night as declared, and a rehearsal in progress."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from django.contrib.auth.models import User
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client, override_settings
from django.utils.html import strip_tags
from pytest_django import Settings

from electiondesk.demo_accounts import PASSWORD, USERNAMES
from results.models import Assignment, Bulletin, Election, Night, Standing
from results.rehearsal.generator import generate_night
from results.rehearsal.night import Playback
from results.rehearsal.setting_up import rehearsal_user
from tests import nights
from tests.present import present

pytestmark = pytest.mark.django_db


def load_demo() -> None:
    call_command("demo", "--seats", "26")


@pytest.fixture(scope="class")
def _rows(rolled_back_rows: Callable[[], AbstractContextManager[None]]) -> Iterator[None]:
    """The demo, loaded once: what a test changes of it is undone after that test."""
    with rolled_back_rows():
        with override_settings(DEBUG=True, DEMO=True):
            load_demo()
        yield


@pytest.fixture
def demo(_rows: None, settings: Settings) -> Callable[[], None]:
    """The loaded demo, and what loads it again."""
    settings.DEBUG = settings.DEMO = True
    return load_demo


def text_of(client: Client, path: str) -> str:
    # Elements may stand beside each other without a blank between their tags.
    page = re.sub("</?bdi>", "", client.get(path).content.decode()).replace("<", " <")
    return " ".join(strip_tags(page).split())


def test_refuses_to_load_with_debug_off(settings: Settings) -> None:
    settings.DEBUG = False
    with pytest.raises(CommandError, match="published"):
        call_command("demo", "--seats", "26")
    assert not User.objects.exists()


def test_database_of_a_later_release_is_to_be_deleted(settings: Settings) -> None:
    """Not to be restored: the demo's holds nothing, and nobody has backed it up."""
    settings.DEBUG = settings.DEMO = True
    MigrationRecorder.Migration.objects.create(app="results", name="0999_rename_venue")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE results_contest RENAME COLUMN venue TO place")
    with pytest.raises(CommandError, match=r"later release \(results\.0999.*: delete"):
        load_demo()
    assert not Election.objects.exists()


@pytest.mark.parametrize("kind", ["election", "editor"])
def test_refuses_a_database_with_other_data(settings: Settings, kind: str) -> None:
    settings.DEBUG = settings.DEMO = True
    nights.election("own") if kind == "election" else nights.user("chief", staff=True)
    with pytest.raises(CommandError, match="more than the demo"):
        call_command("demo", "--seats", "26")
    assert not Election.objects.exclude(slug="own").exists()


class TestLoaded:
    def test_shows_the_facts_of_islington_north(
        self, client: Client, demo: Callable[[], None]
    ) -> None:
        page = text_of(client, "/ge2019/islington-north/")
        for fact in [
            "Labour hold Islington North",
            "The majority is 26,188 votes",
            "Jeremy Corbyn is re-elected, for the 10th time",
            "34,603",
            "8,415",
            "5,483",
            "4,326",
            "742",
            "236",
            "Electorate 75,162 +331",
            "Turnout as announced 71.8%",
            "71.9%",
            "71.6%",
            "Rejected ballots 227",
            "Lost deposits Yosef David, Nick the Flying Brick",
            "40,086",
            "Sobell Leisure Centre",
            "first won Islington North in 1983",
            "He will not lead the party into another general election",
            "reported speech",
        ]:
            assert fact in page, fact
        assert "“He" not in page

    def test_shows_winner_only_for_the_second_seat(
        self, client: Client, demo: Callable[[], None]
    ) -> None:
        page = text_of(client, "/ge2019/islington-south-and-finsbury/")
        assert "Labour hold Islington South and Finsbury; full figures to follow" in page
        assert "26,897" in page
        assert "9,569" in page
        assert "Majority" not in page
        tally = Night.objects.get(election__slug="ge2019").standing_tally
        assert (tally.seats, tally.complete) == (2, 1)

    def test_headline_of_the_front_page_is_the_speech(
        self, client: Client, demo: Callable[[], None]
    ) -> None:
        page = text_of(client, "/ge2019/")
        assert "Labour leader holds Islington North and says he will not fight another" in page
        assert "2 of 2 declared" in page
        assert "to win" not in page

    def test_rehearsal_is_in_progress(self, client: Client, demo: Callable[[], None]) -> None:
        declared = Standing.objects.filter(contest__election__slug="rehearsal", revision__gte=1)
        assert 8 <= declared.count() < 26
        assert "Rehearsal: invented figures." in text_of(client, "/rehearsal/")

    def test_changes_nothing_when_loaded_again(self, demo: Callable[[], None]) -> None:
        before = Bulletin.objects.count(), Assignment.objects.count()
        demo()
        assert (Bulletin.objects.count(), Assignment.objects.count()) == before

    def test_times_follow_the_speed_before_a_page_is_open(
        self, demo: Callable[[], None], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """`make run` sets up the demo, then serves it, then plays it: that changes no time."""

        def interrupt(_seconds: float) -> None:
            raise KeyboardInterrupt

        before = present(Bulletin.objects.filter(election__slug="rehearsal").last())
        call_command("demo", "--seats", "26", "--speed", "12")
        told = present(Bulletin.objects.filter(election__slug="rehearsal").last())
        assert told.sequence == before.sequence + 1
        assert told.summary.startswith("Expected time")
        monkeypatch.setattr("results.management.commands.rehearse.time.sleep", interrupt)
        call_command("rehearse", "rehearsal", "--seats", "26", "--speed", "12")
        assert Bulletin.objects.filter(election__slug="rehearsal").last() == told

    def test_restarts_a_rehearsal_that_is_over(self, demo: Callable[[], None]) -> None:
        epoch = Night.objects.get(election__slug="rehearsal").epoch
        call_command("rehearse", "rehearsal", "--seats", "26", "--speed", "0")
        demo()
        night = Night.objects.get(election__slug="rehearsal")
        assert night.epoch != epoch
        assert Playback(night.election, generate_night(1, 26), rehearsal_user()).remaining()

    def test_keeps_what_was_set_up_in_the_demo(self, demo: Callable[[], None]) -> None:
        own = nights.election("own")
        chief = nights.user("chief", staff=True)
        demo()
        assert Election.objects.filter(pk=own.pk).exists()
        assert User.objects.filter(pk=chief.pk, is_staff=True).exists()

    def test_published_password_is_refused_with_debug_off(
        self, demo: Callable[[], None], settings: Settings, client: Client
    ) -> None:
        assert client.login(username="editor", password=PASSWORD)
        settings.DEBUG = False
        assert not client.login(username="editor", password=PASSWORD)
        User.objects.create_superuser("chief", password=PASSWORD)
        assert not client.login(username="chief", password=PASSWORD)

    def test_deploy_check_reports_accounts_of_the_demo(
        self, demo: Callable[[], None], settings: Settings
    ) -> None:
        settings.DEBUG = settings.DEMO = False
        messages = run_checks(tags=["electiondesk"], include_deployment_checks=True)
        assert "electiondesk.E001" in [error.id for error in messages]
        for user in User.objects.filter(username__in=USERNAMES):
            user.set_password("another password")
            user.save()
        messages = run_checks(tags=["electiondesk"], include_deployment_checks=True)
        assert "electiondesk.E001" not in [error.id for error in messages]

    def test_reporter_is_assigned_undeclared_counts(
        self, demo: Callable[[], None], client: Client
    ) -> None:
        assert client.login(username="reporter", password="election-night")
        mine = Assignment.objects.filter(reporter__username="reporter")
        coming = mine.filter(contest__standing__status__in=["awaiting", "under_way", "recount"])
        elections = Counter(coming.values_list("contest__election__slug", flat=True))
        assert elections == {"rehearsal": 4, "council-rehearsal": 4}
