"""A full stop after what people type."""

import pytest

from results.words.full_stop import ended


@pytest.mark.parametrize(
    ("typed", "followed"),
    [
        ("Misheard", "Misheard."),
        ("Misheard.", "Misheard."),
        ("Was it?", "Was it?"),
        ("He said “no.”", "He said “no.”"),
        ("The “winner”", "The “winner”."),
        ("(As counted)", "(As counted)."),
        ("", ""),
    ],
)
def test_a_sentence_may_follow(typed: str, followed: str) -> None:
    assert ended(typed) == followed
