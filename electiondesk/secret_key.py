"""Keeps the generated secret key of a desk that was given none, outside the repository."""

import os
import tempfile
from pathlib import Path

from django.core.management.utils import get_random_secret_key


def state_directory() -> Path:
    """Where this user's state belongs by the XDG base directory specification."""
    home = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(home) / "electiondesk"


def load_secret_key(directory: Path) -> str:
    """The key kept in `directory`, made at the first call; one for this process where it cannot be.

    A key that lasts keeps people signed in over a restart. Where nothing can be written the desk
    still starts, and a restart signs everyone out.
    """
    path = directory / "secret-key"
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            _write_once(path, get_random_secret_key())
        return path.read_text(encoding="ascii").strip() or get_random_secret_key()
    except OSError:
        return get_random_secret_key()


def _write_once(path: Path, key: str) -> None:
    """Two processes may start together: both write, one name wins, and both read the winner."""
    handle, name = tempfile.mkstemp(dir=path.parent)  # mkstemp gives mode 600
    try:
        with os.fdopen(handle, "w", encoding="ascii") as draft:
            draft.write(key)
        os.link(name, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(name)
