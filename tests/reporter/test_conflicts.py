"""Results that somebody else's revision has overtaken: what it is, and whose."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from results.arithmetic import BallotCounts
from results.models import Contest
from tests import nights
from tests.reporter.conftest import URL, hidden_fields, outbox_fields, send, text_of, typed_fields

pytestmark = pytest.mark.usefixtures("one_person")


def wrong_counts(seat: Contest, by: User) -> None:
    counts = nights.ballot_counts(seat, 236, 5483, 34603, 742, 4326, 8451)
    nights.declare_counts(seat, counts, by=by, idempotency_key="theirs")


def winner(seat: Contest, by: User) -> None:
    corbyn = seat.candidates.get(name="Jeremy Corbyn")
    nights.declare_winner(seat, [corbyn], by=by, idempotency_key="theirs")


def some_totals(seat: Contest, by: User) -> None:
    counts = nights.ballot_counts(seat, 236, 5483, None, None, None, None)
    nights.publish_some(seat, *counts.votes.values(), by=by, idempotency_key="theirs")


def withdrawn(seat: Contest, by: User) -> None:
    wrong_counts(seat, by)
    more = {"reason": "Wrong hall.", "idempotency_key": "w", "base_revision": 1}
    nights.withdraw(seat, by=nights.user("editor"), **more)


def corrected(seat: Contest, by: User) -> None:
    wrong_counts(seat, by)
    counts = nights.ballot_counts(seat, 236, 5483, 34603, 742, 4326, 8431)
    more = {"reason": "Misheard.", "idempotency_key": "c", "base_revision": 1}
    nights.correct(seat, counts, by=nights.user("editor"), **more)


def winner_corrected(seat: Contest, by: User) -> None:
    winner(seat, by)
    candidates = {candidate.name: candidate.pk for candidate in seat.candidates.all()}
    counts = BallotCounts.of_winners(candidates.values(), [candidates["Caroline Russell"]])
    more = {"reason": "Two names mixed up", "idempotency_key": "c", "base_revision": 1}
    nights.correct(seat, counts, by=nights.user("editor"), **more)


#: What was published, its title and its sentence, and whether figures of theirs stand.
MEANWHILE: list[tuple[Callable[[Contest, User], None], str, str, bool]] = [
    (wrong_counts, "colleague published the full figures", "bulletin 1.", True),
    (winner, "colleague published the winner only", "bulletin 1: Jeremy Corbyn.", False),
    (some_totals, "colleague published some totals", "bulletin 1.", True),
    (withdrawn, "editor withdrew what was published", "bulletin 2: Wrong hall.", False),
    (corrected, "editor published a correction", "bulletin 2: Misheard.", True),
    (
        winner_corrected,
        "editor published a correction",
        "bulletin 2: Caroline Russell. Two names mixed up.",
        False,
    ),
]


@pytest.mark.parametrize(("publish", "title", "more", "has_theirs"), MEANWHILE)
def test_conflict_is_named_for_what_it_is_and_by_whom(
    phone: Client,
    seat: Contest,
    colleague: User,
    publish: Callable[[Contest, User], None],
    title: str,
    more: str,
    has_theirs: bool,
) -> None:
    typed = hidden_fields(phone.post(URL, typed_fields(seat)))
    publish(seat, colleague)
    status, data = send(phone, outbox_fields(seat))
    assert (status, data["state"], data["title"]) == (409, "conflict", title)
    assert data["words"] == f"{title}, {more}"
    assert any(row["theirs"] is not None for row in data["rows"]) is has_theirs
    page = phone.post(URL, typed)
    html, _templates, _rest = page.content.decode().partition('<template id="receipt">')
    assert f'<h1 tabindex="-1">{title}</h1>' in html
    assert f"{title}, {more}" in text_of(page)
    assert ('<th scope="col" data-part="theirs">Published</th>' in html) is has_theirs
    assert ('class="differs"' in html) is has_theirs


def test_own_result_of_another_phone_is_called_own(
    phone: Client, seat: Contest, reporter: User
) -> None:
    wrong_counts(seat, reporter)
    _status, data = send(phone, outbox_fields(seat))
    assert data["title"] == "You have published here already"
    assert data["words"] == "You have published here already, bulletin 1."


def test_older_records_of_the_desk_are_nobodys_act(phone: Client, seat: Contest) -> None:
    """The page saw a revision that the desk has lost to a backup."""
    _status, data = send(phone, outbox_fields(seat, base_revision="3"))
    assert data["title"] == "The desk has gone back to older records"


@pytest.mark.parametrize(("publish", "title", "more", "_has_theirs"), MEANWHILE)
def test_overtaken_winner_names_what_came_first(
    phone: Client,
    seat: Contest,
    colleague: User,
    publish: Callable[[Contest, User], None],
    title: str,
    more: str,
    _has_theirs: bool,
) -> None:
    other = str(seat.candidates.get(name="James Clark").pk)
    mine = {"step": "winner", "winners": other, "base_revision": "0", "key": "mine"}
    publish(seat, colleague)
    status, data = send(phone, mine)
    assert (status, data["state"], data["findings"][0]) == (409, "faulty", f"{title}, {more}")
    assert f"{title}, {more}" in text_of(phone.post(URL, mine))
