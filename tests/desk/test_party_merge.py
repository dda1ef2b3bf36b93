"""Merging two parties that are one."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from results import desk
from results.exchange.verification import check_figures
from results.models import (
    AuditEntry,
    Candidate,
    Contest,
    Declaration,
    ElectionCorrection,
    ExternalFigures,
    LastVotes,
    Night,
    Party,
    PartyAlias,
    Standing,
)
from results.words.party_labels import questionable_parties
from results.words.party_names import load_party_names
from tests import nights
from tests.present import present

pytestmark = pytest.mark.django_db

Merge = Callable[[], desk.PartyMergeEffects]


@pytest.fixture
def duplicate() -> Party:
    """A spelling of the Greens that was loaded as a party of its own."""
    return Party.objects.create(
        slug="greens", name="The Greens", abbreviation="Grn", electoral_commission_id="63"
    )


@pytest.fixture
def seat(duplicate: Party) -> Contest:
    """A seat that the Greens held, and have “gained from” themselves."""
    contest = nights.contest(
        nights.election(),
        "Aford",
        [("Ann", "green"), ("Bob", "lab")],
        last={"green": 9000, "lab": 8000},
    )
    LastVotes.objects.filter(party__slug="green").update(party=duplicate)
    nights.declare(contest, 9000, 8500)
    return contest


@pytest.fixture
def merge(seat: Contest, duplicate: Party) -> Merge:
    return lambda: desk.merge_parties(
        duplicate,
        nights.party("green"),
        by=nights.user("editor", staff=True),
        reason="One party, spelt twice.",
        idempotency_key=nights.key(),
    )


def test_preview_names_rows_and_results_and_changes_nothing(
    seat: Contest, duplicate: Party
) -> None:
    effects = desk.preview_party_merge(duplicate, nights.party("green"))
    assert effects.candidates == {}
    assert effects.last_votes == {seat.election: 1}
    (changed,) = effects.changed
    assert changed.before == "Greens gain Aford from The Greens, majority 500"
    assert changed.after == "Greens hold Aford, majority 500"
    assert Party.objects.filter(slug="greens").exists()
    assert LastVotes.objects.filter(party=duplicate).exists()


def test_published_gain_becomes_a_hold_with_the_reason(seat: Contest, merge: Merge) -> None:
    epoch = Night.objects.get().epoch
    merge()
    (elected,) = Standing.objects.get(contest=seat).summary["elected"]
    assert elected["hold"]
    night = Night.objects.get()
    assert night.epoch != epoch
    assert night.standing_tally.parties["green"].gains == 0
    revision = Declaration.objects.get(revision=2)
    assert (revision.kind, revision.reason) == ("correction", "One party, spelt twice.")
    assert not list(check_figures(seat.election))
    entry = AuditEntry.objects.get(what="party: merged")
    assert entry.about == "The Greens (greens) → Green (green)"
    assert "One party, spelt twice." in entry.after


def test_partys_candidates_are_one_correction_of_the_election(
    seat: Contest, merge: Merge, duplicate: Party
) -> None:
    other = nights.contest(seat.election, "Beford", [("Cat", "green"), ("Dan", "lab")])
    Candidate.objects.filter(name="Cat").update(party=duplicate)
    nights.declare(other, 9000, 8500)
    effects = merge()
    assert effects.renamed == {seat.election: ("The Greens", "Green")}
    correction = ElectionCorrection.objects.get()
    assert correction.changes == [["Party", "The Greens", "Green"]]
    assert {each.contest.name for each in effects.changed} == {"Aford", "Beford"}
    assert not list(check_figures(seat.election))


def test_names_numbers_and_address_are_the_others(merge: Merge) -> None:
    merge()
    green = nights.party("green")
    assert green.electoral_commission_id == "63"
    aliases = set(PartyAlias.objects.values_list("party", "kind", "text"))
    assert aliases == {(green.pk, "spelling", "The Greens"), (green.pk, "address", "greens")}
    assert load_party_names()["greens"].name == "Green"


def test_old_address_leads_to_the_other(client: Client, merge: Merge) -> None:
    merge()
    answer = client.get("/ge/parties/greens/")
    assert (answer.status_code, answer["Location"]) == (301, "/ge/parties/green/")


def test_figures_that_cannot_change_have_the_others_name(
    seat: Contest, duplicate: Party, merge: Merge
) -> None:
    content = desk.ExternalFiguresContent(
        kind="exit-poll", source="Three", as_of=seat.election.polls_close, seats={"greens": 1}
    )
    by, key = nights.user("editor", staff=True), nights.key()
    desk.publish(seat.election, content, by=by, idempotency_key=key)
    merge()
    (row,) = ExternalFigures.objects.get().rows
    assert load_party_names()[row["label"]].label == "green"


def test_needs_a_reason(seat: Contest, duplicate: Party) -> None:
    by, key = nights.user("editor", staff=True), nights.key()
    with pytest.raises(desk.ValidationRefused):
        desk.merge_parties(duplicate, nights.party("green"), by=by, reason=" ", idempotency_key=key)


def test_is_refused_for_itself_and_for_what_is_tallied_with_it(duplicate: Party) -> None:
    folded = Party.objects.create(
        slug="green-dup", name="Local Greens", abbreviation="LG", tallied_with=duplicate
    )
    with pytest.raises(desk.InvalidTransition):
        desk.preview_party_merge(duplicate, duplicate)
    with pytest.raises(desk.InvalidTransition, match="the other way round"):
        desk.preview_party_merge(duplicate, folded)
    desk.preview_party_merge(folded, duplicate)


def test_joint_candidates_follow(merge: Merge, duplicate: Party) -> None:
    folded = Party.objects.create(
        slug="green-joint", name="Green and Local", abbreviation="GL", tallied_with=duplicate
    )
    Candidate.objects.filter(name="Ann").update(party=folded)
    merge()
    assert present(Candidate.objects.get(name="Ann").party).label == "green"


def test_duplicates_are_named_until_they_are_merged(merge: Merge, duplicate: Party) -> None:
    Party.objects.filter(slug="green").update(electoral_commission_id="PP63")
    assert list(questionable_parties()) == [
        (
            "Green (green) and The Greens (greens) may be one party, since both have the number "
            "PP63: merge them, or not."
        )
    ]
    merge()
    assert not list(questionable_parties())


class TestPage:
    @pytest.fixture
    def page(self, client: Client, seat: Contest, duplicate: Party) -> str:
        client.force_login(nights.user("editor", staff=True))
        return reverse("admin:results_party_merge", args=[duplicate.pk])

    def test_previews_then_merges_with_a_tick(self, client: Client, page: str) -> None:
        into = nights.party("green")
        sent = {"into": into.pk, "reason": "Spelt twice.", "key": "merge", "step": "preview"}
        text = client.post(page, sent).content.decode()
        assert "Greens hold Aford, majority 500" in text
        assert re.search(r"General election: 1 last result\s*</li>", text)
        unticked = client.post(page, sent | {"step": "merge"})
        assert "Tick the box" in unticked.content.decode()
        assert Party.objects.filter(slug="greens").exists()
        answer = client.post(page, sent | {"step": "merge", "confirm": "on"})
        assert answer["Location"] == reverse("admin:results_party_change", args=[into.pk])
        assert not Party.objects.filter(slug="greens").exists()
        # The same form again changes nothing more.
        assert client.post(page, sent | {"step": "merge", "confirm": "on"}).status_code == 302
        assert AuditEntry.objects.filter(what="party: merged").count() == 1

    def test_needs_a_reason_and_permissions(self, client: Client, page: str) -> None:
        sent = {"into": nights.party("green").pk, "reason": "", "step": "merge", "confirm": "on"}
        assert "Say why" in client.post(page, sent).content.decode()
        client.force_login(nights.user("reporter"))
        assert client.get(page).status_code == 302
        assert Party.objects.filter(slug="greens").exists()
