"""The name of an election where its polling day stands beside it."""

from datetime import date

import pytest

from results.models import Election
from results.templatetags.formats import name_without_day


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("General election, 12 December 2019", "General election"),
        ("Elections of 12 December 2019", "Elections of 12 December 2019"),
        ("General election 2019", "General election 2019"),
        ("Recount of 11 December 2019", "Recount of 11 December 2019"),
    ],
)
def test_says_the_day_once(name: str, shown: str) -> None:
    assert name_without_day(Election(name=name, date=date(2019, 12, 12))) == shown
