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
    """Something this machine does not have; its text says what, and how to get it."""


class DeclaredAbsent(Missing):
    """What the environment says is not here, so that it is missed by nobody."""


def skip_for(reason: Missing | str) -> NoReturn:
    """Skip the test for want of something; fail it where everything is promised."""
    if REQUIRED and not isinstance(reason, DeclaredAbsent):
        pytest.fail(f"REQUIRE_SERVICES=1, but {reason}", pytrace=False)
    pytest.skip(str(reason))


def program(name: str, *, package: str, folders: str = "") -> Path:
    """The path of a server or browser; `folders` is a glob to look in beside PATH.

    Raises Missing, naming the Debian package.
    """
    found = shutil.which(name)
    if found:
        return Path(found)
    for folder in sorted(Path("/").glob(folders.lstrip("/")), reverse=True) if folders else []:
        if os.access(folder / name, os.X_OK):
            return folder / name
    raise Missing(f"{name} is not installed (Debian package {package})")


def election_data() -> Path:
    """The folder of real results: beside the project, or where ELECTION_DATA says.

    Raises Missing.
    """
    given = os.environ.get("ELECTION_DATA", "")
    if given == "absent":
        raise DeclaredAbsent("the files of real results are declared absent (ELECTION_DATA)")
    place = Path(given or ROOT.parent / "shared" / "data")
    if not place.is_dir():
        raise Missing(f"there are no real results at {place} (ELECTION_DATA names another place)")
    return place
