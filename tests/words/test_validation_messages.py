"""Every fault and every finding has a sentence, and the sentence has its figures."""

import re
from pathlib import Path

import pytest

from results.arithmetic import BLOCK, InvalidNumber, ValidationMessage
from results.words.validation_messages import MESSAGES, NUMBER_ERRORS, message_text, number_error

ARITHMETIC = Path(__file__).resolve().parents[2] / "results" / "arithmetic"


def test_every_code_of_the_checks_has_a_sentence():
    source = (ARITHMETIC / "plausibility.py").read_text()
    codes = set(re.findall(r'_(?:block|warn)\(\s*"(\w+)"', source))
    assert len(codes) > 20
    assert codes - set(MESSAGES) == set()


def test_every_fault_of_typing_has_a_sentence():
    codes = set(re.findall(r'InvalidNumber\("(\w+)"', (ARITHMETIC / "parsing.py").read_text()))
    assert codes == set(NUMBER_ERRORS)
    for code in codes:
        assert number_error(InvalidNumber(code, "x"))


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (
            ValidationMessage(
                "sum_over_electorate", BLOCK, "", {"valid": 53805, "electorate": 50000}
            ),
            (
                "The candidates’ votes make 53,805, more than the electorate of 50,000: check the "
                "totals and the electorate."
            ),
        ),
        (
            ValidationMessage("turnout_range", BLOCK, "", {"turnout": "93.1"}),
            "Turnout of 93.1% would be unusual. Check the electorate.",
        ),
    ],
)
def test_figures_are_in_the_sentence(message, words):
    assert message_text(message) == words
