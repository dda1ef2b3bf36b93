"""The sums of a reporter's statement, in whole sentences of either language."""

import re
from collections.abc import Callable

import pytest
from django.utils import translation

from results.reporter.statement import text_of_papers, text_of_votes


@pytest.mark.parametrize("electorate", [None, 75_162])
@pytest.mark.parametrize("of_record", [True, False])
@pytest.mark.parametrize("text_of", [text_of_votes, text_of_papers])
def test_sums_have_the_same_figures_in_welsh(
    text_of: Callable[..., str], electorate: int | None, of_record: bool
) -> None:
    for count in range(31):
        english = text_of(count, electorate, of_record=of_record)
        with translation.override("cy"):
            welsh = text_of(count, electorate, of_record=of_record)
        assert welsh.startswith("Mae eich")
        assert welsh.endswith(".")
        figures = [sorted(re.findall(r"%\(\w+\)s", text)) for text in (english, welsh)]
        assert figures[0] == figures[1]
        assert ("gyfanswm" in welsh) == (count == 2)
