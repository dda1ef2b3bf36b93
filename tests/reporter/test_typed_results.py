"""Rules about several figures: `tests/browser/test_offline_checks.py` has the same cases."""

import pytest

from tests.seeds import typed_results as seeds
from tests.typed_results import TYPED_RESULTS


@pytest.mark.django_db
def test_messages_of_several_figures() -> None:
    seeds.night()
    said = seeds.said("vale")
    codes = {name: tuple(each[1] for each in said[name]["messages"]) for name in said}
    assert codes == {name: typed.codes for name, typed in TYPED_RESULTS.items()}
