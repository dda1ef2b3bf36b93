"""A full stop after what people type."""

import pytest

from results.templatetags.formats import sentence
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
        ("هل هذا صحيح؟", "هل هذا صحيح؟"),
        ("だれですか？", "だれですか？"),
        ("As the officer read it:", "As the officer read it:"),
        ("", ""),
    ],
)
def test_a_sentence_may_follow(typed: str, followed: str) -> None:
    assert ended(typed) == followed
    assert sentence(f"{typed} ") == followed
