"""The election that is measured: a rehearsal in progress, and the frames of its next bulletins."""

import json
import shutil
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bench import seeds
from tests.servers import Server

ELECTION = "bench"
#: Seats declared before anything is measured, and bulletins that can be published after them.
DECLARED = 100
MESSAGES = 60


@dataclass(frozen=True)
class Prepared:
    """A folder with the database that every server of a run starts from."""

    folder: Path

    @cached_property
    def database(self) -> Path:
        desk = Server(self.folder)
        desk.manage("migrate", "--verbosity", "0")
        desk.manage("rehearse", ELECTION, "--speed", "0", "--declared", str(DECLARED))
        return self.folder / "desk.sqlite3"

    @cached_property
    def frames(self) -> Path:
        """A file with the next frames, for peers that replay them."""
        later = Server(self.copy("later"))
        declared = str(DECLARED + MESSAGES)
        later.manage("rehearse", ELECTION, "--speed", "0", "--declared", declared)
        path = self.folder / "frames.json"
        path.write_text(json.dumps(later.seed(seeds.last_frames, ELECTION, MESSAGES)))
        later.close()
        return path

    def copy(self, name: str) -> Path:
        """Return a new folder with a copy of the database."""
        folder = self.folder / name
        folder.mkdir()
        shutil.copy(self.database, folder)
        return folder
