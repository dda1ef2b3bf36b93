"""Contests counted in areas: each area is published, the result is declared for the whole."""

import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from results import desk
from results.arithmetic import BallotCounts, ElectionKind
from results.desk.ballot_papers import why_candidate_stays, why_nobody_joins
from results.desk.counting_areas import follow_ballot_paper
from results.exchange.verification import check_election
from results.models import Assignment, Bulletin, Candidate, Contest, Election, Group, Standing
from tests import nights

pytestmark = pytest.mark.django_db

CANDIDATES = [("Ann Ash", "lab"), ("Bob Birch", "con"), ("Cat Cedar", "independent")]


@pytest.fixture
def whole() -> Contest:
    night = nights.election(kind=ElectionKind.MAYOR, name="Mayor of Northshire")
    whole = nights.contest(night, "Northshire", CANDIDATES, electorate=200_000)
    for name in ("Aford", "Beeford"):
        nights.contest(night, name, [], part_of=whole, electorate=100_000)
    follow_ballot_paper([whole])
    return whole


def area(name: str) -> Contest:
    return Contest.objects.get(name=name)


def counts_of(contest: Contest, *votes: int) -> BallotCounts:
    candidates = contest.candidates.values_list("pk", flat=True)
    by_candidate = dict(zip(candidates, votes, strict=True))
    return BallotCounts(votes=by_candidate, electorate=contest.electorate)


def publish(contest: Contest, *votes: int, **more: Any) -> desk.PublishResult:
    counts = counts_of(contest, *votes)
    more = {"by": nights.user(), "idempotency_key": nights.key()} | more
    return nights.declare_counts(contest, counts, **more)


def page(client: Client, path: str = "/ge/") -> str:
    response = client.get(path)
    assert isinstance(response, HttpResponse)
    return response.content.decode()


def declare_whole_without_electorate(whole: Contest) -> None:
    candidates = whole.candidates.values_list("pk", flat=True)
    votes = dict(zip(candidates, (41_000, 30_000, 6_000), strict=True))
    by, key = nights.user(), nights.key()
    nights.declare_counts(whole, BallotCounts(votes=votes), by=by, idempotency_key=key)


def test_electorate_of_the_whole_is_the_sum_of_its_areas(client: Client, whole: Contest) -> None:
    publish(area("Aford"), 20_000, 12_000, 3_000)
    publish(area("Beeford"), 21_000, 18_000, 3_000)
    declare_whole_without_electorate(whole)
    text = re.sub(r"\s+", "", page(client, "/ge/northshire/"))
    assert "<dt>Electorate</dt><dd>200,000</dd>" in text


def test_electorate_of_the_whole_is_not_shown_if_that_of_an_area_is_unknown(
    client: Client, whole: Contest
) -> None:
    Contest.objects.filter(name="Beeford").update(electorate=None)
    publish(area("Aford"), 20_000, 12_000, 3_000)
    publish(area("Beeford"), 21_000, 18_000, 3_000)
    declare_whole_without_electorate(whole)
    text = page(client, "/ge/northshire/")
    assert "is elected" in text
    assert "<dt>Electorate</dt>" not in text


def test_sum_so_far_is_shown_and_nobody_is_said_to_lead(client: Client, whole: Contest) -> None:
    before = page(client)
    publish(area("Aford"), 20_000, 12_000, 3_000)
    front, seat = page(client), page(client, "/ge/northshire/")
    assert "0 of 2 counting areas" in before
    for text in (front, seat):
        assert "1 of 2 counting areas" in text
        assert "Sum of 1 of 2" in text
        assert "35,000" in text
        assert "is elected" not in text
    assert "Northshire: result awaited" in front
    assert "Aford counted: 35,000 votes" in front  # in the feed
    assert "0 of 1 declared" in front
    night = Election.objects.get().night
    assert (night.standing_tally.seats, night.standing_tally.declared) == (0, 0)


def test_bulletin_of_an_area_changes_the_page_of_the_whole(whole: Contest) -> None:
    result = publish(area("Aford"), 20_000, 12_000, 3_000)
    fragments = Bulletin.objects.get(sequence=result.sequence).fragments
    assert {"seat-aford", "seat-northshire", "scoreboard", "result-aford"} <= fragments.keys()


def test_group_with_counting_areas_counts_the_whole_only(client: Client, whole: Contest) -> None:
    group = Group.objects.create(election=whole.election, slug="ours", name="Our patch")
    group.contests.set(Contest.objects.all())
    assert "0 of 1 declared" in page(client, "/ge/groups/ours/")


def test_tie_in_an_area_needs_no_lot(whole: Contest) -> None:
    publish(area("Aford"), 16_000, 16_000, 3_000)
    assert area("Aford").standing.summary["elected"] == []


def test_nobody_can_be_declared_elected_in_an_area(whole: Contest) -> None:
    part = area("Aford")
    with pytest.raises(desk.ValidationRefused) as refused:
        nights.declare_winner(
            part, part.candidates.all()[:1], by=nights.user(), idempotency_key="one"
        )
    assert [message.code for message in refused.value.messages] == ["area_elects_nobody"]


def test_whole_is_compared_with_its_areas(client: Client, whole: Contest) -> None:
    publish(area("Aford"), 20_000, 12_000, 3_000)
    publish(area("Beeford"), 10_000, 25_000, 2_000)
    assert "All 2 counting areas are in; the result is not declared yet." in page(client)
    with pytest.raises(desk.ValidationRefused) as refused:
        publish(whole, 30_000, 37_100, 5_000)
    assert "areas_differ" in {message.code for message in refused.value.messages}
    publish(whole, 30_000, 37_000, 5_000)
    front = page(client)
    assert "Conservatives win Northshire, majority 7,000" in front
    assert "2 of 2 counting areas" in front
    assert list(check_election(Election.objects.get(), pages=True)) == []


def test_corrected_area_leaves_the_result_and_names_the_difference(
    client: Client, whole: Contest
) -> None:
    publish(area("Aford"), 20_000, 12_000, 3_000)
    publish(area("Beeford"), 10_000, 25_000, 2_000)
    publish(whole, 30_000, 37_000, 5_000)
    part = area("Aford")
    counts = counts_of(part, 20_100, 12_000, 3_000)
    nights.correct(
        part, counts, by=nights.user(), idempotency_key="two", base_revision=1, reason="Misread."
    )
    seat = page(client, "/ge/northshire/")
    assert "majority 7,000" in seat
    assert "the counting areas make 30,100 votes for Ann Ash, not 30,000" in seat
    assert "Aford" in page(client, "/ge/corrections/")


def test_areas_follow_the_ballot_paper_of_the_whole(whole: Contest) -> None:
    Candidate.objects.get(contest=whole, name="Cat Cedar").delete()
    Candidate.objects.create(
        contest=whole, name="Dan Dogwood", ballot_order=9, standing_as="independent"
    )
    Candidate.objects.filter(contest=whole, name="Ann Ash").update(name="Anne Ash")
    follow_ballot_paper([whole])
    for part in whole.parts.all():
        names = [each.name for each in part.candidates.order_by("ballot_order")]
        assert names == ["Anne Ash", "Bob Birch", "Dan Dogwood"]


def test_candidate_with_votes_in_an_area_stays(whole: Contest) -> None:
    publish(area("Aford"), 20_000, 12_000, 3_000)
    candidate = Candidate.objects.get(contest=whole, name="Ann Ash")
    assert "Aford" in why_candidate_stays(candidate)
    assert "Aford" in why_nobody_joins(whole)


def test_phone_enters_an_area_and_is_offered_the_sum_for_the_whole(whole: Contest) -> None:
    reporter = nights.user()
    Assignment.objects.create(reporter=reporter, contest=area("Aford"))
    Assignment.objects.create(reporter=reporter, contest=whole)
    phone = Client()
    phone.force_login(reporter)
    form = page(phone, "/count/ge/aford/")
    assert "Only the winner so far?" not in form
    votes = {
        f"votes-{pk}": n for pk, n in counts_of(area("Aford"), 20000, 12000, 3000).votes.items()
    }
    data = {**votes, "electorate": "100,000", "base_revision": "0", "step": "check"}
    checked = phone.post("/count/ge/aford/", data).content.decode()
    assert "nobody is elected here" in checked
    assert "duly elected" not in checked
    publish(area("Aford"), 20_000, 12_000, 3_000)
    assert 'value="30000"' not in page(phone, "/count/ge/northshire/")
    publish(area("Beeford"), 10_000, 25_000, 2_000)
    assert 'value="30000"' in page(phone, "/count/ge/northshire/").replace(",", "")


def test_results_json_has_the_areas_within_their_contest(client: Client, whole: Contest) -> None:
    publish(area("Aford"), 20_000, 12_000, 3_000)
    (document,) = client.get("/ge/results.json").json()["contests"]
    first, second = document["counting_areas"]
    assert (first["name"], first["counted"], first["valid_votes"]) == ("Aford", True, 35_000)
    candidates = [each["id"] for each in document["candidates"]]
    assert [vote["candidate"] for vote in first["votes"]] == sorted(candidates)
    assert (second["counted"], second["votes"]) == (False, [])


def test_postponed_area_is_no_postponed_seat(whole: Contest) -> None:
    postponed = Standing.Status.POSTPONED
    desk.report_status(area("Aford"), postponed, by=nights.user(), idempotency_key="one")
    assert Election.objects.get().night.standing_tally.postponed == 0
    assert list(check_election(whole.election)) == []


def test_nobody_is_elected_unopposed_in_an_area(whole: Contest) -> None:
    with pytest.raises(desk.InvalidTransition):
        desk.publish_unopposed(area("Aford"), by=nights.user(), idempotency_key="one")


class TestTakenBack:
    """Nobody was said to have won where votes are counted for another place."""

    def test_withdrawal_says_of_nobody_that_they_had_won(
        self, client: Client, whole: Contest
    ) -> None:
        publish(area("Aford"), 20_000, 12_000, 3_000)
        more = {"by": nights.user(), "idempotency_key": nights.key(), "base_revision": 1}
        nights.withdraw(area("Aford"), reason="Not read out yet.", **more)
        for path in ("/ge/corrections/", "/ge/aford/"):
            text = page(client, path)
            assert "Not read out yet." in text
            assert "We said" not in text
            assert "Elected" not in text

    def test_correction_has_no_other_winner(self, client: Client, whole: Contest) -> None:
        publish(area("Aford"), 20_000, 12_000, 3_000)
        more = {"by": nights.user(), "idempotency_key": nights.key(), "base_revision": 1}
        counts = counts_of(area("Aford"), 12_000, 20_000, 3_000)
        nights.correct(area("Aford"), counts, reason="Transposed.", **more)
        for path in ("/ge/corrections/", "/ge/aford/"):
            text = page(client, path)
            assert "20,000" in text
            assert "We said" not in text
            assert "Elected" not in text
            assert "was elected" not in text


def row_of(html: str, name: str) -> str:
    """The row of a counting area in the table of its contest, without its tags."""
    table = html.split('<table class="areas"')[1]
    row = next(row for row in table.split("</tr>") if f">{name}</a>" in row)
    return " ".join(re.sub("<[^>]+>", " ", row).split())


class TestChangedArea:
    """Its contest's page, where its votes are another number than before, or none."""

    @pytest.fixture
    def changed(self, whole: Contest) -> dict[str, Any]:
        publish(area("Aford"), 20_000, 15_000, 5_000)
        by, key = nights.user(), nights.key()
        return {"by": by, "idempotency_key": key, "base_revision": 1, "reason": "Misheard."}

    def test_names_a_withdrawn_one(self, client: Client, changed: dict[str, Any]) -> None:
        nights.withdraw(area("Aford"), **changed)
        html = page(client, "/ge/northshire/")
        assert row_of(html, "Aford") == "Aford withdrawn"
        assert row_of(html, "Beeford") == "Beeford to come"

    def test_names_a_corrected_one(self, client: Client, changed: dict[str, Any]) -> None:
        corrected = area("Aford")
        nights.correct(corrected, counts_of(corrected, 20_001, 15_000, 5_000), **changed)
        row = row_of(page(client, "/ge/northshire/"), "Aford")
        assert row == "Aford corrected 20,001 15,000 5,000 40,001"

    def test_is_called_a_counting_area_in_the_feed(
        self, client: Client, changed: dict[str, Any]
    ) -> None:
        corrected = area("Aford")
        nights.correct(corrected, counts_of(corrected, 20_001, 15_000, 5_000), **changed)
        feed = " ".join(re.sub("<[^>]+>", " ", page(client)).split())
        assert "Counting area, corrected · Aford" in feed
        assert "Declaration, corrected" not in feed


class TestTurnoutOfAnArea:
    @pytest.fixture
    def areas(self, whole: Contest) -> list[Contest]:
        """Four areas, in three of which 28, 30 and 33% voted."""
        for name in ("Ceeford", "Deeford"):
            nights.contest(whole.election, name, [], part_of=whole, electorate=100_000)
        follow_ballot_paper([whole])
        areas = [area(name) for name in ("Aford", "Beeford", "Ceeford", "Deeford")]
        for each, votes in zip(areas, (28_000, 30_000, 33_000), strict=False):
            publish(each, votes - 12_000, 10_000, 2_000)
        return areas

    @pytest.mark.parametrize(
        ("valid", "is_asked"),
        [(9_800, True), (16_700, True), (17_000, False), (54_000, False), (56_000, True)],
    )
    def test_far_from_the_other_areas_needs_a_reason(
        self, areas: list[Contest], valid: int, is_asked: bool
    ) -> None:
        votes = (valid - 7_000, 5_000, 2_000)
        if not is_asked:
            publish(areas[3], *votes)
            return
        with pytest.raises(desk.ValidationRefused) as refused:
            publish(areas[3], *votes)
        (message,) = refused.value.messages
        assert (message.code, message.field) == ("turnout_unlike_areas", "electorate")
        assert "28.0% to 33.0% in the other counting areas" in str(refused.value)
        publish(areas[3], *votes, warning_reason="As read out.")

    def test_is_not_compared_with_its_own_nor_with_two(self, areas: list[Contest]) -> None:
        nights.withdraw(
            areas[2],
            by=nights.user(),
            reason="Another area’s.",
            idempotency_key=nights.key(),
            base_revision=1,
        )
        publish(areas[3], 3_000, 4_800, 2_000)
