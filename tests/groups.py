"""Run tests that share a fixture of a class or module in one worker, and those of an `xdist_group`.

pytest-xdist 3.8 sends tests to one worker if their ids have the same `@group` at the end. It writes
that suffix to an attribute that pytest 9.2 no longer reads (pytest-xdist issue 1386), so it is
written here.
"""

import pytest


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("loadgroup", default=False):
        return
    for item in items:
        group = _group_of(item)
        if group is not None:
            item._id = item._id.parse(f"{item.nodeid}@{group}")


def _group_of(item: pytest.Item) -> str | None:
    marker = item.get_closest_marker("xdist_group")
    if marker is not None:
        return str(marker.args[0])
    return item.nodeid.split("::")[0] if _shares_a_fixture(item) else None


def _shares_a_fixture(item: pytest.Item) -> bool:
    """Whether it uses a fixture of that scope; plugins' own, which every test has, are cheap."""
    info = getattr(item, "_fixtureinfo", None)
    fixtures = info.name2fixturedefs.values() if info is not None else ()
    return any(
        definition.scope in ("class", "module") and definition.baseid
        for definitions in fixtures
        for definition in definitions
    )
