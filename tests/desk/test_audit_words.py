"""Words of the audit trail about results: no names of columns, numbers grouped."""

import pytest
from django.contrib.auth.models import User

from results.models import AuditEntry, Contest
from tests import nights


@pytest.fixture
def seat(db: None) -> Contest:
    return nights.islington_north(nights.election())


@pytest.fixture
def editor(db: None) -> User:
    return nights.user("editor", staff=True)


def newest() -> AuditEntry:
    return AuditEntry.objects.latest("pk")


def test_winner_only_is_in_words(seat: Contest, editor: User) -> None:
    winner = [seat.candidates.get(name="Jeremy Corbyn")]
    nights.declare_winner(seat, winner, by=editor, idempotency_key="a")
    assert newest().what == "winner only"
    assert newest().after == "elected Jeremy Corbyn"


def test_correction_has_grouped_numbers_and_its_reason_apart(seat: Contest, editor: User) -> None:
    counts = nights.islington_ballot_counts(seat, electorate=75162, rejected=227)
    nights.declare_counts(seat, counts, by=editor, idempotency_key="a")
    fewer = nights.islington_ballot_counts(seat, electorate=75162, rejected=228)
    nights.correct(
        seat, fewer, by=editor, idempotency_key="b", base_revision=1, reason="Read wrongly."
    )
    assert newest().after.endswith("; rejected 228; electorate 75,162; Read wrongly.")


def test_announced_figures_have_words_for_labels(seat: Contest, editor: User) -> None:
    counts = nights.islington_ballot_counts(seat, valid_announced=54000)
    nights.declare_counts(
        seat, counts, by=editor, idempotency_key="a", warning_reason="As announced."
    )
    assert "; valid votes announced 54,000" in newest().after
    assert "_" not in newest().after


@pytest.mark.parametrize(
    ("stored", "words"),
    [("external", "external figures"), ("close", "close of poll"), ("quote", "quote")],
)
def test_kinds_of_bulletins_have_words(stored: str, words: str) -> None:
    assert AuditEntry(what=stored).what_in_words == words
