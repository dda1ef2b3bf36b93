"""Merging two contests that are one."""

import pytest
from django.test import Client
from django.urls import reverse

from results import desk
from results.exchange.ballot_identity import AmbiguousBallotError, BallotIdentity
from results.exchange.contests import Contests
from results.exchange.verification import check_figures
from results.models import (
    Assignment,
    AuditEntry,
    Body,
    Contest,
    Declaration,
    LastResult,
    MergedContest,
    Night,
    ReviewItem,
    Standing,
)
from results.models.contest_lookup import find_contests
from tests import nights
from tests.present import present

pytestmark = pytest.mark.django_db

PEOPLE = [("Ann Ash", "lab"), ("Bob Birch", "green")]


@pytest.fixture
def kept() -> Contest:
    night = nights.election("may", kind="council", name="Councils")
    body = Body.objects.create(election=night, slug="northshire", name="Northshire")
    return nights.contest(night, "St Michaels", PEOPLE, body=body, slug="st-michaels")


@pytest.fixture
def duplicate(kept: Contest) -> Contest:
    """The same ward again, from a file that spelt its council otherwise."""
    body = Body.objects.create(election=kept.election, slug="n", name="N")
    return nights.contest(
        kept.election,
        "St Michaels",
        [*PEOPLE, ("Cat Cedar", "con")],
        body=body,
        slug="st-michaels-n",
        code="E05000001",
        last={"lab": 9, "green": 8, "con": 1},
    )


def merge(duplicate: Contest, into: Contest) -> desk.ContestMergeEffects:
    return desk.merge_contests(
        duplicate, into, by=nights.user(), reason="One ward.", idempotency_key=nights.key()
    )


class TestMerging:
    def test_gives_the_other_what_it_lacks(self, kept: Contest, duplicate: Contest) -> None:
        reporter = nights.user()
        for contest in (kept, duplicate):
            Assignment.objects.create(reporter=reporter, contest=contest)
        effects = merge(duplicate, kept)
        kept.refresh_from_db()
        assert list(Contest.objects.all()) == [kept]
        assert kept.code == "E05000001"
        assert [c.name for c in kept.candidates.all()] == ["Ann Ash", "Bob Birch", "Cat Cedar"]
        assert effects.candidates[2] == "Cat Cedar (con) joins the ballot paper."
        assert LastResult.objects.get().contest == kept
        assert Assignment.objects.get().contest == kept
        assert Body.objects.get().name == "Northshire"
        entry = AuditEntry.objects.get(what="contest: merged")
        assert "One ward." in entry.after
        assert not [*check_figures(kept.election)]

    def test_address_leads_to_the_other_for_good(
        self, kept: Contest, duplicate: Contest, client: Client
    ) -> None:
        third = nights.contest(kept.election, "St Michael", PEOPLE, slug="third", body=kept.body)
        merge(duplicate, third)
        merge(third, kept)
        for address in ("/may/{}/", "/may/{}/card.png", "/embed/may/{}/"):
            for old in ("st-michaels-n", "third"):
                response = client.get(address.format(old))
                assert response.status_code == 301
                assert response["Location"] == address.format("st-michaels")
        assert find_contests(kept.election, ["third"]).contests == [kept]
        assert client.get("/may/nowhere/").status_code == 404

    def test_a_file_with_both_is_told_that_they_are_one(
        self, kept: Contest, duplicate: Contest
    ) -> None:
        Contest.objects.filter(pk=kept.pk).update(ballot_paper_id="local.n.a.2019-05-02")
        Contest.objects.filter(pk=duplicate.pk).update(ballot_paper_id="local.n.b.2019-05-02")
        duplicate.refresh_from_db()
        merge(duplicate, kept)
        both = [
            BallotIdentity(name=name, ballot_paper_id=f"local.n.{letter}.2019-05-02")
            for name, letter in (("St Michaels", "a"), ("St Michaels ward", "b"))
        ]
        contests = Contests(kept.election)
        for file in (both, both[::-1]):
            with pytest.raises(AmbiguousBallotError) as refusal:
                contests.match(file)
            assert str(refusal.value) == (
                "“St Michaels ward” (local.n.b.2019-05-02) was merged into “St Michaels”, and the "
                "file has rows of both: leave the rows of one of them out"
            )
        assert contests.match(both[1:]) == {both[1]: kept}

    def test_readers_get_the_pages_again(self, kept: Contest, duplicate: Contest) -> None:
        epoch = Night.objects.get().epoch
        merge(duplicate, kept)
        assert Night.objects.get().epoch != epoch

    def test_submission_is_the_others_with_its_candidates(
        self, kept: Contest, duplicate: Contest
    ) -> None:
        counts = nights.ballot_counts(duplicate, 5, 4, 3)
        item = desk.queue_for_review(
            duplicate,
            ReviewItem.Kind.RESULT,
            {"figures": counts.to_json(), "act": "declaration", "base_revision": 0},
            by=nights.user(),
            idempotency_key="waits",
        )
        merge(duplicate, kept)
        item.refresh_from_db()
        names = dict(kept.candidates.values_list("pk", "name"))
        votes = present(item.ballot_counts).votes
        assert item.contest == kept
        assert {names[key]: count for key, count in votes.items()} == {
            "Ann Ash": 5,
            "Bob Birch": 4,
            "Cat Cedar": 3,
        }

    def test_published_result_that_changes_is_corrected(
        self, kept: Contest, duplicate: Contest
    ) -> None:
        """The kept ward has a result without a last one, the duplicate the last one."""
        duplicate.candidates.filter(name="Cat Cedar").delete()
        nights.declare(kept, 5, 9)
        effects = merge(duplicate, kept)
        assert effects.changed[0].contest == kept
        newest = present(Standing.objects.get(contest=kept).declaration)
        assert (newest.kind, newest.reason) == (Declaration.Kind.CORRECTION, "One ward.")
        assert Standing.objects.get(contest=kept).summary["elected"][0]["gained_from"] == "lab"
        assert not [*check_figures(kept.election)]

    def test_preview_changes_nothing(self, kept: Contest, duplicate: Contest) -> None:
        effects = desk.preview_contest_merge(duplicate, kept)
        held = {each.what: (each.duplicate, each.into) for each in effects.holdings}
        assert held["body"] == ("N", "Northshire")
        assert held["candidates"] == ("Ann Ash, Bob Birch, Cat Cedar", "Ann Ash, Bob Birch")
        assert held["official code"] == ("E05000001", "–")
        assert Contest.objects.count() == 2
        assert not MergedContest.objects.exists()


class TestRefusing:
    def test_both_published(self, kept: Contest, duplicate: Contest) -> None:
        nights.declare(kept, 5, 4)
        nights.declare(duplicate, 5, 4, 3)
        with pytest.raises(desk.InvalidTransition, match="Readers have been told of both St Mich"):
            merge(duplicate, kept)

    def test_the_published_one_into_the_other(self, kept: Contest, duplicate: Contest) -> None:
        nights.declare(duplicate, 5, 4, 3)
        with pytest.raises(desk.InvalidTransition, match="the other way round"):
            merge(duplicate, kept)

    def test_candidate_who_would_join_a_result(self, kept: Contest, duplicate: Contest) -> None:
        nights.declare(kept, 5, 4)
        with pytest.raises(desk.InvalidTransition, match=r"Cat Cedar: .* has a result without"):
            merge(duplicate, kept)
        assert Contest.objects.count() == 2

    def test_without_a_reason_and_into_itself(self, kept: Contest, duplicate: Contest) -> None:
        with pytest.raises(desk.ValidationRefused):
            desk.merge_contests(duplicate, kept, by=nights.user(), reason=" ", idempotency_key="k")
        with pytest.raises(desk.InvalidTransition):
            merge(kept, kept)


def test_the_admin_previews_asks_for_a_tick_and_merges(
    kept: Contest, duplicate: Contest, admin_client: Client
) -> None:
    address = reverse("admin:results_contest_merge", args=[duplicate.pk])
    data = {"into": kept.pk, "reason": "One ward.", "key": "k", "step": "preview"}
    page = admin_client.post(address, data).content.decode()
    assert "Cat Cedar (con) joins the ballot paper." in page
    assert "Tick the box" in admin_client.post(address, data | {"step": "merge"}).content.decode()
    done = data | {"step": "merge", "confirm": "on"}
    assert admin_client.post(address, done).status_code == 302
    assert Contest.objects.get() == kept
    assert admin_client.post(address, done).status_code == 302
    form = {"election": kept.election_id, "name": "New", "slug": "st-michaels-n", "seats": 1}
    page = admin_client.post(reverse("admin:results_contest_add"), form).content.decode()
    assert "This address leads to St Michaels." in page
