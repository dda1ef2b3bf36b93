"""Mark tests of the publishing API to run on PostgreSQL as well, since they lock rows."""

from pathlib import Path

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here) and _behaves_as_its_database(item):
            item.add_marker(pytest.mark.db)


def _behaves_as_its_database(item: pytest.Item) -> bool:
    if item.get_closest_marker("sqlite") is not None:
        return False
    fixtures = getattr(item, "fixturenames", ())
    return item.get_closest_marker("django_db") is not None or "db" in fixtures
