"""Answers to a loader's questions, as a page sends them."""

from typing import Any

import pytest

from results.setup.answers import add_option


@pytest.mark.parametrize("option", ["", " ", "'", "--dates", "--encoding", "--unknown x"])
def test_leaves_out_what_is_no_answer(option: str) -> None:
    answers: dict[str, Any] = {}
    add_option(answers, option)
    assert answers == {}


def test_takes_options_as_commands_do() -> None:
    answers: dict[str, Any] = {}
    add_option(answers, "--dates dmy")
    add_option(answers, "--sheet 'Ward results'")
    assert answers == {"dates": "dmy", "sheets": ["Ward results"]}
