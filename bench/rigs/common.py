"""Shared by the rigs: the frames to replay, and a JSON response."""

import json
import os
import time
from pathlib import Path
from typing import Any


def frames() -> list[str]:
    recorded: list[str] = json.loads(Path(os.environ["BENCH_FRAMES"]).read_text())
    return recorded


def stamp(text: str) -> dict[str, Any]:
    """Return the response of a peer that is about to send the frame `text`."""
    return {"sequence": json.loads(text)["sequence"], "committed": time.monotonic(), "cpu": 0.0}


async def respond(send: Any, body: dict[str, Any] | None = None) -> None:
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})
