"""Static files as `collectstatic` collects them, cached for as long as they stay the same.

It takes several seconds of processor time, most for compressing. `python -m tests.collected`
prints the folder, for a STATIC_ROOT.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from tests.locks import locked
from tests.migrated import fingerprint
from tests.needs import ROOT
from tests.servers import Server

#: What may change them, with the files of the packages that are installed.
SOURCES = (
    *("static/**/*", "electiondesk/settings.py", "electiondesk/storage.py", "electiondesk/apps.py"),
    *("electiondesk/admin_app.py", "requirements.txt"),
)
#: A public site's settings: static files have hashed names only where DEBUG is off.
PUBLIC = {
    "DEBUG": "0",
    "SECRET_KEY": "a-key-of-fifty-characters-or-more-for-these-tests-and-no-other-use",
    "ALLOWED_HOSTS": "desk.example",
    "CSRF_TRUSTED_ORIGINS": "https://desk.example",
}


def collected_static(cache: Path) -> Path:
    """Return the folder in `cache`, for later runs and for parallel processes: to be read only."""
    folder = cache / fingerprint(*SOURCES)
    with locked(cache):
        if not folder.exists():
            for outdated in set(cache.iterdir()) - {cache / "lock"}:
                shutil.rmtree(outdated)
            with tempfile.TemporaryDirectory(dir=cache) as work:
                made = Path(work) / "static"
                desk = Server(Path(work), environment={**PUBLIC, "STATIC_ROOT": str(made)})
                desk.manage("collectstatic", "--no-input", "--verbosity", "0")
                made.rename(folder)
    return folder


def collected_cache() -> Path:
    """Return the folder in this checkout that the files are cached in."""
    cache = ROOT / ".pytest_cache" / "d" / "collected"
    cache.mkdir(parents=True, exist_ok=True)
    return cache


def main() -> int:
    print(collected_static(collected_cache()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
