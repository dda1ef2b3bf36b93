"""The pinned packages as wheels, for installation without a network."""

import hashlib
import subprocess
import tempfile
from pathlib import Path

from tests.acceptance.machine import PYTHON
from tests.locks import locked
from tests.needs import ROOT

REQUIREMENTS = (ROOT / "requirements.txt", ROOT / "requirements-readers.txt")


def wheels() -> Path:
    """The folder of the packages that a server installs, for Debian's own Python.

    Downloaded once for each state of the files, beside the virtual environment that the tests use.
    """
    pinned = b"".join(path.read_bytes() for path in REQUIREMENTS)
    state = hashlib.sha256(pinned).hexdigest()[:16]
    folder = ROOT / ".venv" / f"wheels-{state}"
    with locked(folder.parent):
        if not folder.exists():
            _download(folder)
    return folder


def _download(folder: Path) -> None:
    with tempfile.TemporaryDirectory(dir=folder.parent) as work:
        environment, fetched = Path(work, "environment"), Path(work, "wheels")
        subprocess.run([PYTHON, "-m", "venv", environment], check=True)
        subprocess.run(
            # http-ece comes as source alone, and is built.
            [environment / "bin" / "pip", "wheel", "--quiet", "--prefer-binary",
             *(f"--requirement={path}" for path in REQUIREMENTS), "--wheel-dir", fetched],
            check=True, capture_output=True,
        )  # fmt: skip
        fetched.rename(folder)
