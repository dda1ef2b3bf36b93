"""Shared by the rigs: the frames to replay, and a JSON response."""

import base64
import json
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Frame:
    """One bulletin as the application sent it: all of it as text, and the front page's part."""

    sequence: int
    text: str
    deflated: bytes

    def stamp(self) -> dict[str, Any]:
        """Return the response of a peer that is about to send the frame."""
        return {"sequence": self.sequence, "committed": time.monotonic(), "cpu": 0.0}


def frames() -> list[Frame]:
    return [
        Frame(row["sequence"], row["text"], base64.b64decode(row["deflated"]))
        for row in json.loads(Path(os.environ["BENCH_FRAMES"]).read_text())
    ]


def write_frames(path: Path, recorded: list[Frame]) -> None:
    rows = [
        {
            "sequence": frame.sequence,
            "text": frame.text,
            "deflated": base64.b64encode(frame.deflated).decode(),
        }
        for frame in recorded
    ]
    path.write_text(json.dumps(rows))


async def respond(send: Any, body: dict[str, Any] | None = None) -> None:
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})
