"""Generate and store a secret key, outside the repository, where none is configured."""

import os
import tempfile
from pathlib import Path

from django.core.management.utils import get_random_secret_key


def state_directory() -> Path:
    """Return this user's state directory by the XDG base directory specification."""
    home = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(home) / "electiondesk"


def load_secret_key(directory: Path) -> str:
    """Return the key stored in `directory`, generated at the first call.

    A stored key keeps people signed in over a restart. Where it cannot be stored, the key lasts as
    long as the process.
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
    """Store the key unless there is one: of two processes that start together, one wins."""
    handle, name = tempfile.mkstemp(dir=path.parent)  # mkstemp gives mode 600
    try:
        with os.fdopen(handle, "w", encoding="ascii") as draft:
            draft.write(key)
        os.link(name, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(name)
