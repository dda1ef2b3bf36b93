"""Every validation code has a message, and the message has its numbers."""

import re
from collections import defaultdict
from pathlib import Path

import pytest
from django_stubs_ext import StrOrPromise

from results.arithmetic import BLOCK, InvalidNumber, ValidationMessage
from results.words.number_format import GroupedInt
from results.words.validation_messages import (
    DISCREPANCIES,
    MESSAGES,
    NUMBER_ERRORS,
    message_text,
    number_error,
)

ARITHMETIC = Path(__file__).resolve().parents[2] / "results" / "arithmetic"


def test_every_code_has_a_message() -> None:
    modules = ("plausibility.py", "impossible.py", "misplaced.py")
    source = "".join((ARITHMETIC / module).read_text() for module in modules)
    called = r'(?:block|_reason|_note|tell|ValidationMessage)\(\s*"(\w+)"'
    codes = {*re.findall(called, source), *re.findall(r'"(\w+_over_\w+|papers_\w+_sum)"', source)}
    codes |= {"sum_over_electors"}
    assert len(codes) > 28
    assert codes - set(MESSAGES) == set()


def test_every_impossible_sum_has_a_sentence_for_readers() -> None:
    source = (ARITHMETIC / "impossible.py").read_text()
    assert set(re.findall(r'"(\w+_over_\w+)"', source)) <= set(DISCREPANCIES)


def test_every_number_error_has_a_message() -> None:
    codes = set(re.findall(r'InvalidNumber\("(\w+)"', (ARITHMETIC / "parsing.py").read_text()))
    assert codes == set(NUMBER_ERRORS)
    for code in codes:
        assert number_error(InvalidNumber(code, "x"))


#: A count of one before a plural.
ONE_OF_SEVERAL = re.compile(
    r"\b1 (?:valid |rejected |ballot )?(?:votes|papers|ballots|seats|electors)\b"
    r"|\b1 are\b|There are 1\b|Only 1 .* are\b"
)


@pytest.mark.parametrize("texts", [MESSAGES, DISCREPANCIES])
@pytest.mark.parametrize(
    "counted", ["votes", "valid", "papers", "rejected", "seats", "electorate", "counted", "sum"]
)
def test_counts_one_in_the_singular(texts: dict[str, StrOrPromise], counted: str) -> None:
    params: dict[str, GroupedInt] = defaultdict(lambda: GroupedInt(2000))
    params[counted] = GroupedInt(1)
    filled = [text % params for text in texts.values()]
    assert [text for text in filled if ONE_OF_SEVERAL.search(text)] == []


@pytest.mark.parametrize(
    ("votes", "expected"), [(1, "Ann has 1 vote;"), (1200, "Ann has 1,200 votes;")]
)
def test_message_has_the_plural_form_of_its_count(votes: int, expected: str) -> None:
    params: dict[str, int | str] = {"name": "Ann", "votes": votes, "implied": 12000}
    assert message_text(ValidationMessage("figure_scale", BLOCK, "", params)).startswith(expected)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (
            ValidationMessage(
                "sum_over_electorate",
                BLOCK,
                "",
                {"valid": 53805, "electorate": 50000, "source": "record"},
            ),
            (
                "The votes make 53,805, more than the electorate of 50,000 (on "
                "record): check the totals and the electorate."
            ),
        ),
        (
            # As an earlier release stored it.
            ValidationMessage("turnout_range", BLOCK, "", {"turnout": "93.1"}),
            "Turnout of 93.1% would be unusual. Check the electorate.",
        ),
    ],
)
def test_message_has_its_numbers(message: ValidationMessage, expected: str) -> None:
    assert message_text(message) == expected
