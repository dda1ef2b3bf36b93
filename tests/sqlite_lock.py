"""SQLite's write lock, held by a test."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from tests.servers import Server

#: For a transaction of the desk to end first.
LOCK_SECONDS = 60


@contextmanager
def locked_database(desk: Server) -> Iterator[None]:
    """Lock a desk's database within the block, so that requests that write stay in progress."""
    path = desk.folder / "desk.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None, timeout=LOCK_SECONDS)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")
