"""The sentence of a milestone."""

from typing import Any

import pytest

from results.arithmetic import MilestoneKind, ReachedMilestone
from results.words import milestone_sentences
from results.words.party_names import PartyNames


@pytest.mark.parametrize(
    ("declared", "seats", "sentence"),
    [
        (3, 6, "Half of the 6 seats have declared"),
        (4, 6, "More than half of the 6 seats have declared"),
        (3, 5, "More than half of the 5 seats have declared"),
        (325, 650, "Half of the 650 seats have declared"),
    ],
)
def test_half_is_half(declared: int, seats: int, sentence: str) -> None:
    """A ward elects several at once, and a file declares many: the half can be passed."""
    half = ReachedMilestone(MilestoneKind.HALF)
    names = PartyNames({})
    known: dict[str, Any] = {"declared": declared}
    assert milestone_sentences.milestone_sentence(half, seats, names, **known) == sentence
