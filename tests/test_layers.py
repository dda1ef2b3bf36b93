"""Holds the line between the rooms: who may import whom, read from the source itself."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.needs import ROOT

SHARED = ("arithmetic", "models", "words", "live", "desk")
# Each room, and the rooms it may import. A wing never imports another wing.
MAY_IMPORT: dict[str, set[str]] = {
    **{room: set(SHARED[:place]) for place, room in enumerate(SHARED)},
    "forms": {"arithmetic", "models", "words"},
    "reader": {"models", "words", "live"},  # it reads, and decides nothing
    "reporter": {*SHARED, "forms"},
    "editor": {*SHARED, "forms"},
    "exchange": set(SHARED),
    "rehearsal": set(SHARED),
}
# Where Django looks by name. They fit rooms together, and no room may lean on them.
DOORSTEPS = {"admin", "apps", "management", "migrations", "templatetags"}


def room_of(module: str) -> str:
    """The room of a dotted name: `results.live.hub` is in "live"; "" for what is not ours.

    A room that outgrew one file may be several with its name in front: `results.desk_checks`.
    """
    first, _, rest = module.partition(".")
    if first == "electiondesk":
        return "" if rest.startswith("release") else "site"  # the version is nobody's room
    if first != "results" or not rest:
        return ""
    name = rest.split(".")[0]
    return next((room for room in MAY_IMPORT if name == room or name.startswith(f"{room}_")), name)


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_in(source: str, *, package: str) -> Iterator[str]:
    """Every dotted name that `source` imports, wherever in the file; relative ones made whole."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, base]).rstrip(".")
            # `from results import live` names the room only in what follows.
            yield from (f"{base}.{name.name}" for name in node.names)


def sources(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def imports_of(path: Path) -> set[str]:
    module = module_of(path)
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    return set(imports_in(path.read_text(encoding="utf-8"), package=package))


def test_every_module_is_in_a_room_that_is_known() -> None:
    rooms = {room_of(module_of(path)) for path in sources("results")} - {""}
    assert rooms <= MAY_IMPORT.keys() | DOORSTEPS


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_a_room_imports_only_the_rooms_beneath_it(room: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {imported}"
        for path in sources("results")
        if room_of(module_of(path)) == room
        for imported in sorted(imports_of(path))
        if room_of(imported) not in MAY_IMPORT[room] | {room, ""}
    ]
    assert wrong == []


def test_the_arithmetic_imports_the_standard_library_alone() -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {imported}"
        for path in sources("results/arithmetic")
        for imported in sorted(imports_of(path))
        if imported.split(".")[0] not in sys.stdlib_module_names
        and room_of(imported) != "arithmetic"
    ]
    assert wrong == []


def test_no_code_of_ours_depends_on_the_server_it_runs_on() -> None:
    servers = {"daphne", "twisted", "autobahn", "uvicorn"}
    wrong = [
        f"{path.relative_to(ROOT)} imports {imported}"
        for path in [*sources("results"), *sources("electiondesk")]
        if path.name != "daphne_limits.py"  # bounds what that server leaves unbounded
        for imported in sorted(imports_of(path))
        if imported.split(".")[0] in servers
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import results.live.hub", "results.live.hub"),
        ("from results import desk", "results.desk"),
        ("from ..live import hub", "results.live.hub"),
        ("from . import views", "results.reader.views"),
        ("def late():\n    from results.desk import declare", "results.desk.declare"),
    ],
)
def test_an_import_is_seen_however_it_is_written(source: str, found: str) -> None:
    assert set(imports_in(source, package="results.reader")) == {found}
