"""Admin changes of what readers were told: previewed, with a reason and a tick, and corrections."""

import json
from collections.abc import Callable
from typing import Any

import feedparser
import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import translation

from results import desk
from results.exchange.verification import check_figures
from results.models import (
    Assignment,
    AuditEntry,
    Body,
    Bulletin,
    Candidate,
    Contest,
    Declaration,
    Election,
    ElectionCorrection,
    LastResult,
    LastVotes,
    Party,
    Region,
    Standing,
)
from tests import nights
from tests.editor.conftest import REASON, address, confirm, form_data, text_of
from tests.responses import Response

Edit = Callable[[Client, Contest], Response]


def edit(admin: Client, page: str, change: Callable[[dict[str, Any]], None]) -> Response:
    form = form_data(admin.get(page))
    change(form)
    return admin.post(page, form)


def renamed(old: str, new: str) -> Callable[[dict[str, Any]], None]:
    def change(form: dict[str, Any]) -> None:
        (box,) = [name for name, value in form.items() if value == old and name != "name"]
        form[box] = new

    return change


def candidate_renamed(admin: Client, seat: Contest) -> Response:
    page = address("contest_change", seat.pk)
    return edit(admin, page, renamed("Nick Wakeling", "Nicholas Wakeling"))


def winner_of_another_party(admin: Client, seat: Contest) -> Response:
    page, party = address("contest_change", seat.pk), nights.party("green")
    winner = seat.candidates.get(name="Jeremy Corbyn")

    def change(form: dict[str, Any]) -> None:
        (box,) = [
            name
            for name, value in form.items()
            if name.endswith("-id") and str(value) == str(winner.pk)
        ]
        form[box.replace("-id", "-party")] = str(party.pk)

    return edit(admin, page, change)


def contest_renamed(admin: Client, seat: Contest) -> Response:
    page = address("contest_change", seat.pk)
    return edit(admin, page, lambda form: form.update(name="Islington N."))


def contest_of_another_body(admin: Client, seat: Contest) -> Response:
    other = Body.objects.get_or_create(
        election=seat.election, slug="fen-council", defaults={"name": "Fen Council"}
    )[0]
    page = address("contest_change", seat.pk)
    return edit(admin, page, lambda form: form.update(body=str(other.pk)))


def last_result_changed(admin: Client, seat: Contest) -> Response:
    last = LastResult.objects.get(contest=seat)
    page, votes = address("lastresult_change", last.pk), list(last.votes.all())

    def change(form: dict[str, Any]) -> None:
        for number, row in enumerate(votes):
            form.pop(f"votes-{number}-elected", None)
            if row.party and row.party.slug == "con":
                form[f"votes-{number}-elected"] = "on"

    return edit(admin, page, change)


def party_renamed(admin: Client, seat: Contest) -> Response:
    page = address("party_change", nights.party("lab").pk)
    return edit(admin, page, lambda form: form.update(name="Labour Party"))


def party_merged(admin: Client, seat: Contest) -> Response:
    page = address("party_change", nights.party("lab").pk)
    into = nights.party("ld").pk
    return edit(admin, page, lambda form: form.update(tallied_with=str(into)))


def baseline_changed(admin: Client, seat: Contest) -> Response:
    page = address("election_change", seat.election_id)
    return edit(admin, page, lambda form: form.update(baseline=Election.Baseline.SITTING))


def election_renamed(admin: Client, seat: Contest) -> Response:
    page = address("election_change", seat.election_id)
    return edit(admin, page, lambda form: form.update(name="The election of 2019"))


#: Each edit, and words of the correction: what was published, and what is.
EDITS: list[tuple[Edit, tuple[str, ...]]] = [
    (candidate_renamed, ("Nick Wakeling", "Nicholas Wakeling")),
    (
        winner_of_another_party,
        ("We said that Jeremy Corbyn had won here for Labour. That was wrong: Green",),
    ),
    (contest_renamed, ("Islington North", "Islington N.")),
    (contest_of_another_body, ("House of Commons", "Fen Council")),
    (last_result_changed, ("Labour hold Islington North", "Labour gain Islington North")),
    (party_renamed, ("Labour", "Labour Party")),
    (party_merged, ("had won here for Labour. That was wrong: Liberal Democrat",)),
    (baseline_changed, ("Labour hold Islington North", "Labour win Islington North")),
    (election_renamed, ("General election", "The election of 2019")),
]


@pytest.mark.parametrize(("change", "words"), EDITS, ids=lambda each: getattr(each, "__name__", ""))
class TestEdit:
    def test_is_previewed_and_is_with_a_reason_a_correction_on_every_surface(
        self, admin: Client, declared: Contest, change: Edit, words: tuple[str, ...]
    ) -> None:
        asked = change(admin, declared)
        assert asked.status_code == 200
        for some in words:
            assert some in text_of(asked)
        for missing in ({"reason": " "}, {"tick": ""}):
            asked = confirm(admin, asked, **missing)
            assert asked.context["form"].errors.keys() == missing.keys()
        assert Bulletin.objects.count() == 1
        assert not ElectionCorrection.objects.exists()
        assert list(check_figures(declared.election)) == []
        confirm(admin, asked)
        self._is_on_every_surface(declared, words)

    def _is_on_every_surface(self, declared: Contest, words: tuple[str, ...]) -> None:
        assert Bulletin.objects.latest("sequence").kind == Bulletin.Kind.CORRECTION
        reader = Client()
        for path in ("/ge/corrections/", "/ge/feed/?only=corrections", "/ge/"):
            shown = text_of(reader.get(path))
            assert REASON in shown, path
            assert all(some in shown for some in words), path
            assert "many results" not in shown, path  # only one has declared
        data = json.loads(reader.get("/ge/results.json").content)
        listed = data["corrections"] + data["contests"][0]["corrections"]
        assert REASON in [each["reason"] for each in listed]
        entry = feedparser.parse(reader.get("/ge/feed.atom").content).entries[0]
        phone = Client()
        phone.force_login(nights.user())
        Assignment.objects.create(reporter=nights.user(), contest=declared)
        assert REASON in text_of(phone.get("/count/ge/islington-north/"))
        assert entry.title.startswith("Correction: ")
        assert REASON in entry.summary
        assert list(check_figures(Election.objects.get())) == []

    def test_is_asked_for_nothing_before_a_result(
        self, admin: Client, seat: Contest, change: Edit, words: tuple[str, ...]
    ) -> None:
        assert change(admin, seat).status_code == 302
        assert not Bulletin.objects.filter(kind=Bulletin.Kind.CORRECTION).exists()


def test_revision_keeps_what_was_published(admin: Client, declared: Contest) -> None:
    confirm(admin, candidate_renamed(admin, declared))
    first, second = Declaration.objects.order_by("revision")
    assert first.ballot_counts == second.ballot_counts
    assert Standing.objects.get().status == Standing.Status.CORRECTED
    names = [[row["name"] for row in each.details["candidates"]] for each in (first, second)]
    assert "Nick Wakeling" in names[0]
    assert "Nicholas Wakeling" in names[1]


def test_colour_and_venue_are_no_claims(admin: Client, declared: Contest) -> None:
    page = address("party_change", nights.party("lab").pk)
    assert edit(admin, page, lambda form: form.update(colour="#112233")).status_code == 302
    page = address("contest_change", declared.pk)
    assert edit(admin, page, lambda form: form.update(venue="Town hall")).status_code == 302
    assert not Bulletin.objects.filter(kind=Bulletin.Kind.CORRECTION).exists()


def test_deleting_the_last_result_is_a_correction(admin: Client, declared: Contest) -> None:
    last = LastResult.objects.get(contest=declared)
    asked = admin.post(address("lastresult_delete", last.pk), {"post": "yes"})
    assert LastResult.objects.exists()
    confirm(admin, asked)
    assert not LastResult.objects.exists()
    assert Declaration.objects.latest("revision").reason == REASON


def test_addresses_of_published_regions_and_bodies_stay(admin: Client, declared: Contest) -> None:
    page = address("election_change", declared.election_id)
    form = form_data(admin.get(page))
    form |= {"regions-0-slug": "elsewhere", "bodies-0-slug": "elsewhere"}
    assert admin.post(page, form).status_code == 302
    assert Region.objects.get().slug == "london"
    assert Body.objects.get().slug == "house-of-commons"


def wakeling(**values: Any) -> Callable[[], object]:
    return lambda: Candidate.objects.filter(name="Nick Wakeling").update(**values)


#: Changes that bypass the admin.
BY_HAND: dict[str, Callable[[], object]] = {
    "candidate": wakeling(name="N. W."),
    "description": wakeling(description="X"),
    "order": wakeling(ballot_order=0),
    "contest": lambda: Contest.objects.update(name="Elsewhere"),
    "party": lambda: Party.objects.filter(slug="lab").update(name="Labour Party"),
    "election": lambda: Election.objects.update(name="Another election"),
    "date": lambda: Election.objects.update(date="2020-01-01"),
    "last result": lambda: LastVotes.objects.update(elected=False),
}


@pytest.mark.parametrize("change", BY_HAND.values(), ids=BY_HAND.keys())
def test_verify_finds_what_no_correction_published(
    declared: Contest, change: Callable[[], object]
) -> None:
    assert list(check_figures(declared.election)) == []
    change()
    assert list(check_figures(Election.objects.get()))


def test_corrections_for_merged_parties(declared: Contest, editor: User) -> None:
    """As the merging of parties uses them: change, find what differs, publish with the reason."""
    Candidate.objects.filter(name="Jeremy Corbyn").update(party=nights.party("ld"))
    changed = desk.contests_corrected([declared])
    options: dict[str, Any] = {"by": editor, "reason": REASON, "idempotency_key": "merge"}
    (first,) = desk.correct_details(declared.election, changed, **options)
    (again,) = desk.correct_details(declared.election, changed, **options)
    assert first.bulletin == again.bulletin
    assert desk.contests_corrected([declared]) == []


def test_election_corrections_are_append_only(admin: Client, declared: Contest) -> None:
    confirm(admin, party_renamed(admin, declared))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE results_electioncorrection SET reason = 'Another'")


@pytest.mark.parametrize("name", ["candidate", "last result"])
def test_saving_corrects_what_bypassed_the_admin(
    admin: Client, declared: Contest, name: str
) -> None:
    BY_HAND[name]()
    desk.start_new_epoch(declared.election)
    page = address("contest_change", declared.pk)
    asked = admin.post(page, form_data(admin.get(page)))
    confirm(admin, asked)
    assert Declaration.objects.latest("revision").reason == REASON
    assert list(check_figures(Election.objects.get())) == []


@pytest.mark.parametrize("change", [candidate_renamed, party_renamed])
def test_each_entry_of_a_corrected_detail_says_something_else(
    admin: Client, declared: Contest, change: Edit
) -> None:
    """The form's says from what to what; the bulletin's says its number and the reason."""
    before = set(AuditEntry.objects.values_list("pk", flat=True))
    confirm(admin, change(admin, declared))
    bulletin, form = sorted(
        AuditEntry.objects.exclude(pk__in=before), key=lambda entry: entry.what != "correction"
    )
    assert form.before != form.after
    assert REASON not in form.after
    assert bulletin.about.partition(": ")[0] == str(Bulletin.objects.latest("sequence").sequence)
    assert (bulletin.before, bulletin.after) == ("", REASON)


@pytest.mark.parametrize(
    ("correct", "summary"),
    [
        (candidate_renamed, "Corrected: details of Islington North"),
        (winner_of_another_party, "Corrected: Greens gain Islington North from Labour"),
    ],
)
def test_bulletin_names_the_result_only_where_that_is_corrected(
    admin: Client, declared: Contest, correct: Edit, summary: str
) -> None:
    confirm(admin, correct(admin, declared))
    bulletin = Bulletin.objects.get(kind=Bulletin.Kind.CORRECTION)
    assert bulletin.summary.startswith(summary)
    assert desk.summary_in_active_language(declared, bulletin) == bulletin.summary
    with translation.override("cy"):
        told = desk.summary_in_active_language(declared, bulletin)
    assert told.startswith("Cywirwyd: ")
    assert ("manylion" in told) == ("details" in summary)
