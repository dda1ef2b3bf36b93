"""Undoing a mistaken load: a draft is restored as it was; what readers saw stays."""

from typing import Any

import pytest
from django.core import serializers
from django.test import Client
from django.urls import reverse

from results import desk
from results.models import (
    Assignment,
    AuditEntry,
    Candidate,
    Contest,
    Election,
    LastVotes,
    Load,
    LoadSnapshot,
)
from results.setup.undo import KEPT, MADE_AGAIN
from tests import nights
from tests.setup.conftest import act, give, page
from tests.setup.test_set_up import LAST_TIME, LIST

pytestmark = [pytest.mark.django_db, pytest.mark.db]

OTHER_LIST = LIST.replace("Ann Ash", "Zed Zinc").replace("Mill", "Dale") + (
    "Glen\t1\t900\tKim Kerr\tGreen\n"
)


def apply(chief: Client, election: Election, what: str, rows: str) -> Load:
    load = act(chief, give(chief, election, what, rows=rows), "apply")
    assert load.state == Load.State.DONE, load.report
    return load


def undo(chief: Client, load: Load) -> str:
    answer = chief.post(reverse("set_up_undo", args=[load.pk]), follow=True)
    load.refresh_from_db()
    return str(answer.content.decode())


def stored(election: Election) -> dict[str, Any]:
    """Every row that loaders write."""
    return {
        model.__name__: serializers.serialize(
            "json", model._default_manager.filter(**{lookup: election}).order_by("pk")
        )
        for model, lookup in (KEPT | MADE_AGAIN).items()
    }


@pytest.fixture
def loaded(chief: Client, draft: Election) -> Election:
    apply(chief, draft, "candidates", LIST)
    apply(chief, draft, "previous", LAST_TIME)
    return draft


def test_wrong_candidates_are_undone_whole(chief: Client, loaded: Election) -> None:
    before = stored(loaded)
    waiting = give(chief, loaded, "candidates", rows=OTHER_LIST)
    assert "a button undoes it" in page(chief, waiting)
    load = act(chief, waiting, "apply")
    assert stored(loaded) != before
    glen = Contest.objects.get(name="Glen")
    Assignment.objects.create(reporter=nights.user(), contest=glen)
    answer = undo(chief, load)
    assert "Undone: the draft is as it was before." in answer
    assert "1 reporter’s count is gone with it." in answer
    assert stored(loaded) == before
    assert load.state == Load.State.UNDONE
    assert AuditEntry.objects.get(what="undid a load").about.startswith("Candidates: ")
    # A second press of the button says so, and restores nothing.
    assert "This is undone already." in undo(chief, load)


def test_undoing_keeps_what_a_load_had_to_wait_for(
    chief: Client, loaded: Election, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another form is stored while the load waits for the night's lock."""
    load = give(chief, loaded, "candidates", rows=OTHER_LIST)

    original = desk.locked_election

    def locked_later(election: Election) -> Election:
        Contest.objects.filter(name="Mill").update(venue="Mill Hall")
        return original(election)

    with monkeypatch.context() as patched:
        patched.setattr("results.desk.locked_election", locked_later)
        load = act(chief, load, "apply")
    assert load.state == Load.State.DONE
    undo(chief, load)
    assert Contest.objects.get(name="Mill").venue == "Mill Hall"


def test_first_load_leaves_an_empty_draft(chief: Client, draft: Election) -> None:
    load = apply(chief, draft, "candidates", LIST)
    undo(chief, load)
    assert not Contest.objects.exists()
    assert not Candidate.objects.exists()
    # The page of the draft offers the file again, as if it had never been given.
    text = chief.get(reverse("set_up_election", args=[draft.pk])).content.decode()
    assert "Give the file" in text
    assert "✓" not in text


def test_loads_are_undone_the_newest_first(chief: Client, loaded: Election) -> None:
    candidates, previous = Load.objects.order_by("pk")
    answer = undo(chief, candidates)
    assert "Undo first what was applied later: Last time’s results" in answer
    assert LastVotes.objects.exists()
    assert "Undo first" in page(chief, candidates)
    undo(chief, previous)
    assert not LastVotes.objects.exists()
    undo(chief, candidates)
    assert not Contest.objects.exists()


def test_does_not_undo_what_readers_have_seen(chief: Client, loaded: Election) -> None:
    load = Load.objects.latest("pk")
    Election.objects.update(visibility=Election.Visibility.PUBLISHED)
    text = page(chief, load)
    assert "Readers have seen this election, so that it is not undone" in text
    assert reverse("admin:results_election_withdraw", args=[loaded.pk]) in text
    before = stored(loaded)
    assert "Readers have seen this election" in undo(chief, load)
    assert stored(loaded) == before
    # The next load stores nothing to undo, and forgets what was stored.
    waiting = give(chief, loaded, "candidates", rows=LIST + "Hill\t1\t4000\tNew Name\tGreen\n")
    assert "No button undoes it" in page(chief, waiting)
    act(chief, waiting, "apply")
    assert not LoadSnapshot.objects.exists()


def test_publication_deletes_what_was_stored_to_undo(chief: Client, loaded: Election) -> None:
    assert LoadSnapshot.objects.count() == 2
    desk.publish_election(loaded, by=nights.user("chief"))
    assert not LoadSnapshot.objects.exists()
    loaded.refresh_from_db()
    desk.withdraw_election(loaded, by=nights.user("chief"), reason="The wrong files.")
    assert "Readers have seen this election" in undo(chief, Load.objects.latest("pk"))


def test_only_those_who_set_up_undo(chief: Client, loaded: Election, client: Client) -> None:
    load = Load.objects.latest("pk")
    client.force_login(nights.user("helper"))
    assert client.post(reverse("set_up_undo", args=[load.pk])).status_code in (302, 403)
    assert LastVotes.objects.exists()
