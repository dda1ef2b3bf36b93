"""Each layer imports only the layers below it, as parsed from the source."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import migrated
from tests.needs import ROOT

#: From the lowest layer to the highest; each may import those before it.
LAYERS = ("arithmetic", "models", "words", "live", "stories", "desk", "webhooks", "push")
#: Packages at the top never import one another.
MAY_IMPORT: dict[str, set[str]] = {
    **{layer: set(LAYERS[:number]) for number, layer in enumerate(LAYERS)},
    "tables": set(),
    "forms": {"arithmetic", "models", "words"},
    "reader": {"models", "words", "live"},  # reads only: not the publishing API
    "reporter": {*LAYERS, "forms"},
    "editor": {*LAYERS, "forms", "tables"},
    "exchange": {*LAYERS, "tables"},
    "rehearsal": set(LAYERS),
    # Puts these together for the browser; nothing imports it.
    "setup": {*LAYERS, "forms", "editor", "exchange", "reader"},
    # Its reads are served from the reader's stored bytes, and its writes are the desk's.
    "api": {*LAYERS, "reader"},
}
#: Modules that Django finds by name. They may import any layer, and no layer may import them.
ENTRY_POINTS = {"admin", "apps", "management", "migrations", "templatetags"}
#: Modules of the site that any layer may import: they import nothing of it.
KNOWN_TO_ALL = {"client_network", "embed_frames", "release", "site_origin", "unavailable"}


def layer_of(module: str) -> str:
    """The layer of a dotted name: "live" for `results.live.hub`; "" for other people's packages."""
    package, _, rest = module.partition(".")
    if package == "electiondesk":
        return "" if rest.split(".")[0] in KNOWN_TO_ALL else "site"
    return rest.split(".")[0] if package == "results" else ""


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_in(source: str, *, package: str) -> Iterator[str]:
    """Every dotted name that `source` imports, anywhere in the file, relative ones resolved."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, base]).rstrip(".")
            # The layer in `from results import live` is among the imported names.
            yield from (f"{base}.{name.name}" for name in node.names)


def sources(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def imports_of(path: Path) -> set[str]:
    module = module_of(path)
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    return set(imports_in(path.read_text(encoding="utf-8"), package=package))


def test_every_module_belongs_to_a_known_layer() -> None:
    layers = {layer_of(module_of(path)) for path in sources("results")} - {""}
    assert layers <= MAY_IMPORT.keys() | ENTRY_POINTS


def test_migrations_import_only_what_the_migrated_database_is_cached_by() -> None:
    """A cached database is used until one of `migrated.SOURCES` changes."""
    needed = {layer_of(name) for path in sources("results/migrations") for name in imports_of(path)}
    assert needed - {""} == {"arithmetic", "models", "migrations"}
    known = {path for pattern in migrated.SOURCES for path in ROOT.glob(pattern)}
    assert {path for layer in needed - {""} for path in sources(f"results/{layer}")} <= known


@pytest.mark.parametrize("layer", MAY_IMPORT)
def test_layer_imports_only_layers_below_it(layer: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {imported}"
        for path in sources("results")
        if layer_of(module_of(path)) == layer
        for imported in sorted(imports_of(path))
        if layer_of(imported) not in MAY_IMPORT[layer] | {layer, ""}
    ]
    assert wrong == []


def test_arithmetic_imports_only_the_standard_library() -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {imported}"
        for path in sources("results/arithmetic")
        for imported in sorted(imports_of(path))
        if imported.split(".")[0] not in sys.stdlib_module_names
        and layer_of(imported) != "arithmetic"
    ]
    assert wrong == []


@pytest.mark.parametrize("module", ["tail", "frames"])
def test_tail_of_the_log_imports_neither_django_nor_asyncio(module: str) -> None:
    allowed = sys.stdlib_module_names - {"asyncio"}
    wrong = [
        imported
        for imported in imports_of(ROOT / "results/live" / f"{module}.py")
        if imported.split(".")[0] not in allowed
        and not imported.startswith(("results.live.tail.", "results.live.frames."))
    ]
    assert wrong == []


def test_product_does_not_depend_on_its_server() -> None:
    servers = {"daphne", "twisted", "autobahn", "uvicorn"}
    wrong = [
        f"{path.relative_to(ROOT)} imports {imported}"
        for path in [*sources("results"), *sources("electiondesk")]
        # What Daphne leaves unbounded; frames that are built once for many connections.
        if path.name not in {"daphne_limits.py", "daphne_frames.py", "uvicorn_frames.py"}
        for imported in sorted(imports_of(path))
        if imported.split(".")[0] in servers
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("source", "imported"),
    [
        ("import results.live.hub", "results.live.hub"),
        ("from results import desk", "results.desk"),
        ("from ..live import hub", "results.live.hub"),
        ("from . import views", "results.reader.views"),
        ("def late():\n    from results.desk import approve", "results.desk.approve"),
    ],
)
def test_every_form_of_import_is_found(source: str, imported: str) -> None:
    assert set(imports_in(source, package="results.reader")) == {imported}
