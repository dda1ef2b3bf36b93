"""Generate and store a secret key, outside the repository, where none is configured."""

import os
import tempfile
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key


def state_directory() -> Path:
    """Return this user's state directory by the XDG base directory specification."""
    home = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(home) / "electiondesk"


def load_secret_key(directory: Path) -> str:
    """Return the key stored in `directory`, generated at the first call.

    A stored key keeps people signed in over a restart and in all processes. Where it cannot be
    stored, the key lasts as long as the process. Raises ImproperlyConfigured for a file that is
    there and holds no key: each process would otherwise have a key of its own.
    """
    path = directory / "secret-key"
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            _write_once(path, get_random_secret_key())
    except OSError:
        if not os.access(path, os.F_OK):
            return get_random_secret_key()
    return _read(path)


def _read(path: Path) -> str:
    try:
        key = path.read_text(encoding="ascii").strip()
    except OSError as exc:
        raise ImproperlyConfigured(
            f"The key in {path} cannot be read ({exc.strerror}): let this user read that file, or"
            " set SECRET_KEY"
        ) from None
    except UnicodeDecodeError:
        key = ""
    if not key:
        raise ImproperlyConfigured(
            f"{path} holds no key: delete it, and a new one is made. Everybody has to sign in again"
        )
    return key


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
