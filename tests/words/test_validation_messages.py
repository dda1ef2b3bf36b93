"""Every validation code has a message, and the message has its numbers."""

import re
from pathlib import Path

import pytest

from results.arithmetic import BLOCK, InvalidNumber, ValidationMessage
from results.words.validation_messages import MESSAGES, NUMBER_ERRORS, message_text, number_error

ARITHMETIC = Path(__file__).resolve().parents[2] / "results" / "arithmetic"


def test_every_code_has_a_message() -> None:
    source = (ARITHMETIC / "plausibility.py").read_text()
    codes = set(re.findall(r'_(?:block|warn)\(\s*"(\w+)"', source))
    assert len(codes) > 20
    assert codes - set(MESSAGES) == set()


def test_every_number_error_has_a_message() -> None:
    codes = set(re.findall(r'InvalidNumber\("(\w+)"', (ARITHMETIC / "parsing.py").read_text()))
    assert codes == set(NUMBER_ERRORS)
    for code in codes:
        assert number_error(InvalidNumber(code, "x"))


@pytest.mark.parametrize(
    ("message", "expected"),
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
def test_message_has_its_numbers(message: ValidationMessage, expected: str) -> None:
    assert message_text(message) == expected
