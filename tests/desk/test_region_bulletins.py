"""A constituency and its region are published at once: nothing is said of the moment between."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from results import desk
from results.arithmetic import ElectionKind
from results.models import (
    Bulletin,
    Contest,
    Declaration,
    Election,
    Milestone,
    Night,
    Standing,
)
from tests import nights
from tests.lists import chamber, list_ballot, names_elected, publish
from tests.nights import contest

pytestmark = pytest.mark.django_db


@pytest.fixture
def region() -> Contest:
    """A region of two seats, both Labour's until Leven is: then one is the Conservatives'."""
    night = chamber(ElectionKind.SCOTTISH_PARLIAMENT)
    lists = {"lab": ["Ann Ash", "Bob Beech"], "con": ["Dai Date", "Eve Elder"]}
    fife = list_ballot(night, "Fife", lists, seats=2, method="lists")
    for name in ("Leven", "Almond"):
        seat = contest(night, name, [(f"Lab {name}", "lab"), (f"Con {name}", "con")])
        if name == "Leven":
            Contest.objects.filter(pk=seat.pk).update(region_contest=fife)
    return fife


@pytest.fixture
def leven(region: Contest) -> Contest:
    """The constituency, after a night of two seats each."""
    seats = {seat.name: seat for seat in region.election.contests.all()}
    publish(seats["Almond"], {"lab": 300, "con": 400})
    publish(seats["Leven"], {"lab": 300, "con": 400})
    publish(region, {"lab": 1500, "con": 1000})
    assert names_elected(region) == ["Ann Ash", "Bob Beech"]
    return seats["Leven"]


def correct(leven: Contest) -> desk.PublishResult:
    kind, reason = Declaration.Kind.CORRECTION, "A bundle was missing."
    more: dict[str, Any] = {"base_revision": 1, "warning_reason": "So it is.", "blame": "ours"}
    return publish(leven, {"lab": 500, "con": 400}, kind=kind, reason=reason, **more)


def test_milestones_of_the_moment_between_are_not_reached(leven: Contest, region: Contest) -> None:
    before = set(Milestone.objects.values_list("pk", "reached", "label", "undone_by"))
    correct(leven)
    assert set(names_elected(region)) == {"Ann Ash", "Dai Date"}
    tally = Night.objects.get(election=region.election).standing_tally
    assert {name: total.seats for name, total in tally.parties.items()} == {"lab": 2, "con": 2}
    assert set(Milestone.objects.values_list("pk", "reached", "label", "undone_by")) == before


@pytest.mark.parametrize("known", [True, False])
def test_milestones_are_reached_when_the_constituency_declared(
    region: Contest, known: bool
) -> None:
    """The region's own time is of before: its lists had waited for the constituency."""
    seats = {seat.name: seat for seat in region.election.contests.all()}
    one, three, four = (datetime(2026, 5, 8, hour, tzinfo=UTC) for hour in (1, 3, 4))
    publish(region, {"lab": 1500, "con": 1000}, declared_at=one if known else None)
    publish(seats["Almond"], {"lab": 500, "con": 400}, declared_at=three)
    publish(seats["Leven"], {"lab": 500, "con": 400}, declared_at=four)
    times = dict(Milestone.objects.values_list("reached", "at"))
    assert times["line"] == times["all"] == four


def test_no_bulletin_has_the_pages_of_the_moment_between(leven: Contest) -> None:
    first = correct(leven).sequence
    bulletins = Bulletin.objects.filter(sequence__gte=first).order_by("sequence")
    assert [bulletin.contest.name for bulletin in bulletins if bulletin.contest] == [
        "Leven",
        "Fife",
    ]
    shown = {part for part in bulletins[0].fragments if part in ("headline", "scoreboard")}
    assert shown == set()
    assert not any("win the election" in str(each.fragments) for each in bulletins)


def test_reason_is_in_the_language_of_the_page(leven: Contest, client: Client) -> None:
    Election.objects.update(second_language="cy")
    correct(leven)
    reason = "Cywirwyd canlyniad Leven: A bundle was missing."
    for page in ("corrections/", "fife/", "feed/"):
        text = client.get(f"/cy/{leven.election.slug}/{page}").content.decode()
        assert reason in text, page
        assert "The result of" not in text
    assert "The result of Leven" in client.get(f"/{leven.election.slug}/fife/").content.decode()


def postpone(constituency: Contest) -> desk.PublishResult:
    by, postponed = nights.user(), Standing.Status.POSTPONED
    return desk.report_status(constituency, postponed, by=by, idempotency_key=nights.key())


class TestPostponing:
    @pytest.fixture
    def almond(self, region: Contest) -> Contest:
        """The last constituency, on which the lists of its region wait."""
        seats = {seat.name: seat for seat in region.election.contests.all()}
        Contest.objects.filter(name="Almond").update(region_contest=region)
        publish(seats["Leven"], {"lab": 500, "con": 400})
        publish(region, {"lab": 1500, "con": 1000})
        assert names_elected(region) == []
        return Contest.objects.get(name="Almond")

    def test_is_published_with_what_it_leads_to(self, almond: Contest, region: Contest) -> None:
        first = postpone(almond).sequence
        assert set(names_elected(region)) == {"Ann Ash", "Dai Date"}
        status, lists = Bulletin.objects.filter(sequence__gte=first).order_by("sequence")
        assert (status.contest, lists.contest) == (almond, region)
        assert "progress" not in status.fragments
        assert "progress" in lists.fragments

    def test_repeated_request_gets_its_own_bulletin(self, almond: Contest) -> None:
        by, postponed = nights.user(), Standing.Status.POSTPONED
        first, again = (
            desk.report_status(almond, postponed, by=by, idempotency_key="once") for _ in range(2)
        )
        assert first.bulletin.contest == almond
        assert (again.bulletin, again.repeated) == (first.bulletin, True)


def test_edited_regions_are_published_at_once(leven: Contest, region: Contest) -> None:
    """Two regions: only the last bulletin has the pages of the night."""
    lists = {"lab": ["Gil Gorse"], "con": ["Fay Fir"]}
    other = list_ballot(region.election, "Moray", lists, seats=1, method="lists")
    publish(other, {"lab": 1500, "con": 1000})
    linked = Contest.objects.filter(name__in=["Leven", "Almond"])
    linked.filter(name="Almond").update(region_contest=other)
    linked.filter(name="Leven").update(region_contest=None)
    found = desk.follow_regions(region.election, by=nights.user(), idempotency_key="edited")
    assert len(found) == 2
    first, last = Bulletin.objects.filter(pk__in=[each.pk for each in found]).order_by("sequence")
    assert "progress" not in first.fragments
    assert "progress" in last.fragments
