"""What the rigs have in common: the frames to replay, and an answer in JSON."""

import json
import os
import time
from pathlib import Path
from typing import Any


def frames() -> list[str]:
    told: list[str] = json.loads(Path(os.environ["BENCH_FRAMES"]).read_text())
    return told


def stamp(text: str) -> dict[str, Any]:
    """What a peer answers when it is about to send a frame."""
    return {"sequence": json.loads(text)["sequence"], "committed": time.monotonic(), "cpu": 0.0}


async def answer(send: Any, body: dict[str, Any] | None = None) -> None:
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})
