"""The messages that a phone fills in by itself, without a signal."""

import pytest
from django.utils import translation

from results.live.election_snapshot import ElectionSnapshot
from results.models import Contest
from results.reporter.phone_rules import (
    CODES,
    LOT_CODES,
    SEVERAL_CODES,
    SINGLE_CODES,
    Placeholders,
    phone_rules,
)
from results.words.validation_messages import MESSAGES


@pytest.mark.parametrize("language", ["en", "cy"])
def test_every_message_has_words_for_several(seat: Contest, language: str) -> None:
    with translation.override(language):
        messages = phone_rules(ElectionSnapshot(seat.election).seat(seat))["messages"]
    assert messages.keys() == {*CODES, *SINGLE_CODES, *LOT_CODES}
    assert all(messages.values())
    assert all(str(MESSAGES[code] % Placeholders()) for code in SEVERAL_CODES)
    assert "{papers} pap" in messages["papers_over_sum"] or language == "en"
    assert "{papers} ballot papers" in messages["papers_over_sum"] or language == "cy"
