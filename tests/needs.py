"""Prerequisites that a test may lack: it is skipped, or fails with REQUIRE_SERVICES=1.

The files of real results are not part of the project. ELECTION_DATA=absent declares that a machine
does not have them: then, and only then, the tests that need them are skipped there too.
"""

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

ROOT = Path(__file__).resolve().parent.parent
REQUIRED = os.environ.get("REQUIRE_SERVICES") == "1"


class Missing(Exception):
    """A prerequisite is missing; the message says which, and how to get it."""


class DeclaredAbsent(Missing):
    """A prerequisite that the environment declares absent, which never fails a test."""


def skip_for(reason: Missing | str) -> NoReturn:
    """Skip the test; fail it with REQUIRE_SERVICES=1."""
    if REQUIRED and not isinstance(reason, DeclaredAbsent):
        pytest.fail(f"REQUIRE_SERVICES=1, but {reason}", pytrace=False)
    pytest.skip(str(reason))


def program(name: str, *, package: str, folders: str = "") -> Path:
    """Return the path of a program; `folders` is a glob searched after PATH.

    Raises Missing, with the Debian package.
    """
    path = shutil.which(name)
    if path:
        return Path(path)
    for folder in sorted(Path("/").glob(folders.lstrip("/")), reverse=True) if folders else []:
        if os.access(folder / name, os.X_OK):
            return folder / name
    raise Missing(f"{name} is not installed (Debian package {package})")


def election_data() -> Path:
    """Return the folder of real results, ELECTION_DATA or beside the project. Raises Missing."""
    setting = os.environ.get("ELECTION_DATA", "")
    if setting == "absent":
        raise DeclaredAbsent("the files of real results are declared absent (ELECTION_DATA)")
    folder = Path(setting or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        raise Missing(f"there are no real results at {folder} (set ELECTION_DATA)")
    return folder
