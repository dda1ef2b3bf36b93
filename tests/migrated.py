"""An empty migrated SQLite database, cached for as long as the code stays the same."""

import hashlib
import tempfile
from pathlib import Path

from tests.locks import locked
from tests.needs import ROOT
from tests.servers import Server

#: What may change the tables, or the rows that a migration leaves behind.
SOURCES = ("results/**/*.py", "electiondesk/**/*.py", "requirements.txt")


def migrated_sqlite(cache: Path) -> Path:
    """Return the database file in `cache`, for later runs and for parallel processes."""
    file = cache / f"{_fingerprint()}.sqlite3"
    with locked(cache):
        if not file.exists():
            for outdated in cache.glob("*.sqlite3"):
                outdated.unlink()
            with tempfile.TemporaryDirectory(dir=cache) as folder:
                Server(Path(folder)).manage("migrate", "--verbosity", "0")
                (Path(folder) / "desk.sqlite3").rename(file)
    return file


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for path in sorted(path for pattern in SOURCES for path in ROOT.glob(pattern)):
        digest.update(f"{path.relative_to(ROOT)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:32]
