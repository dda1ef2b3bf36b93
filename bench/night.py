"""The election that is measured: a rehearsal in progress, and the frames of its next bulletins."""

import shutil
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from websockets.sync.client import connect
from websockets.typing import Origin

from bench.messages import receive_until
from bench.rig import DESK_ON_UVICORN, Rig
from bench.rigs import ELECTION, FRONT
from bench.rigs.common import Frame, write_frames
from tests.servers import Server

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
        path = self.folder / "frames.json"
        with Rig(DESK_ON_UVICORN, self.copy("recorded"), None) as desk:
            write_frames(path, record(desk, MESSAGES))
        return path

    def copy(self, name: str) -> Path:
        """Return a new folder with a copy of the database."""
        folder = self.folder / name
        folder.mkdir()
        shutil.copy(self.database, folder)
        return folder


def record(desk: Rig, messages: int) -> list[Frame]:
    """Publish `messages` bulletins; return them as the desk's sockets were sent them."""
    recorded = []
    with ExitStack() as stack:
        text, front = (
            stack.enter_context(
                connect(desk.socket_url(f"/live/{ELECTION}/?{query}"), origin=Origin(desk.origin))
            )
            for query in ("", FRONT)
        )
        text.recv()
        front.recv()
        for _message in range(messages):
            sequence = desk.publish()["sequence"]
            whole = receive_until(text, sequence)[-1]
            part = receive_until(front, sequence)[-1]
            assert isinstance(whole, str)
            assert isinstance(part, bytes)
            recorded.append(Frame(sequence, whole, part))
    return recorded
