"""The pinned requirements are exactly what is installed."""

import json
import re
from importlib.metadata import distributions

from tests.needs import ROOT

FILES = (
    "requirements.txt",
    "requirements-readers.txt",
    "requirements-dev.txt",
    "requirements-bench.txt",
)
TOOLS = {"pip", "setuptools", "wheel"}  # of the virtual environment itself


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(file: str) -> dict[str, str]:
    """Canonical name to version, of each line that holds a package; comments and -r left out."""
    versions = {}
    for line in (ROOT / file).read_text(encoding="utf-8").splitlines():
        requirement = line.partition("#")[0].partition(";")[0].strip()
        if requirement and not requirement.startswith("-r"):
            name, equals, version = requirement.partition("==")
            assert equals, f"{file}: {line} pins no version"
            versions[canonical(name)] = version
    return versions


def test_every_installed_package_is_pinned() -> None:
    pinned = {name: version for file in FILES for name, version in pins(file).items()}
    installed = {
        canonical(distribution.name): distribution.version for distribution in distributions()
    }
    unpinned = {
        f"{name}=={version}"
        for name, version in installed.items()
        if name not in TOOLS and pinned.get(name) != version
    }
    assert unpinned == set()


def test_runtime_requirements_hold_no_development_packages() -> None:
    packages = [name for file in FILES for name in pins(file)]
    assert len(packages) == len(set(packages))


def test_node_packages_are_pinned_without_the_address_of_a_registry() -> None:
    folder = ROOT / "bench" / "rigs" / "ws"
    wanted = json.loads((folder / "package.json").read_text())["dependencies"]
    lock = json.loads((folder / "package-lock.json").read_text())["packages"]
    assert lock[""]["dependencies"] == wanted
    for path, package in lock.items():
        if path:
            assert package["version"] == wanted[path.removeprefix("node_modules/")]
            assert package["integrity"]
            assert "resolved" not in package
