"""Empty migrated databases, cached for as long as the code stays the same."""

import hashlib
import subprocess
import tempfile
from pathlib import Path

from tests.locks import locked
from tests.needs import ROOT
from tests.servers import Server

#: What may change the tables, or the rows that a migration leaves behind. Models and migrations
#: import nothing else of the project, which tests/test_layers.py sees to.
SOURCES = (
    *("results/migrations/*.py", "results/models/*.py", "results/arithmetic/*.py"),
    *("electiondesk/*.py", "results/apps.py", "requirements.txt"),
)


def migrated_sqlite(cache: Path) -> Path:
    """Return the database file in `cache`, for later runs and for parallel processes."""
    file = cache / f"{fingerprint(*SOURCES)}.sqlite3"
    with locked(cache):
        if not file.exists():
            _remove_outdated(cache, file.suffix)
            with tempfile.TemporaryDirectory(dir=cache) as folder:
                Server(Path(folder)).manage("migrate", "--verbosity", "0")
                (Path(folder) / "desk.sqlite3").rename(file)
    return file


def fill_postgres(cache: Path, url: str) -> None:
    """Bring an empty PostgreSQL database to the newest migration, from a dump in `cache`."""
    dump = cache / f"{fingerprint(*SOURCES)}.sql"
    with locked(cache):
        if not dump.exists():
            _remove_outdated(cache, dump.suffix)
            with tempfile.TemporaryDirectory(dir=cache) as folder:
                Server(Path(folder), database_url=url).manage("migrate", "--verbosity", "0")
                dumped = Path(folder) / "dump"
                subprocess.run(["pg_dump", "--no-owner", f"--file={dumped}", url], check=True)
                dumped.rename(dump)
            return
    subprocess.run(
        ["psql", "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--single-transaction",
         "--output=/dev/null", f"--file={dump}", url],
        check=True,
    )  # fmt: skip


def _remove_outdated(cache: Path, suffix: str) -> None:
    for outdated in cache.glob(f"*{suffix}"):
        outdated.unlink()


def fingerprint(*patterns: str) -> str:
    """Return a hash of the names and contents of the repository's files that match."""
    digest = hashlib.sha256()
    paths = {path for pattern in patterns for path in ROOT.glob(pattern) if path.is_file()}
    for path in sorted(paths):
        digest.update(f"{path.relative_to(ROOT)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:32]
