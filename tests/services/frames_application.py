"""An application that writes whole frames as its client asks, for `test_shared_frames`.

A client sends JSON: `["send", [[way, size], …]]` for numbered payloads, `["fill", size, close]` for
as many frames as the connection takes, up to `MOST`, and a message or a close after them, or
`["flood"]` for frames until the client has left.
"""

import asyncio
import json
from typing import Any

from electiondesk.asgi import application as desk
from results.live.frames import SEND_FRAME, websocket_frame

#: Frames that are written to a connection that takes them all.
MOST = 400
#: Code of a close after frames.
CLOSED = 4000


def payload(number: int, size: int) -> str:
    """Return `size` characters, the first of them the number."""
    return f"{number}:".ljust(size, "x")[:size]


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] != "websocket" or scope["path"] != "/frames/":
        await desk(scope, receive, send)
        return
    send_frame = scope["extensions"][SEND_FRAME]
    assert not send_frame(websocket_frame(b"early", binary=False))
    await receive()
    await send({"type": "websocket.accept"})
    name, *arguments = json.loads((await receive())["text"])
    if name == "send":
        await _send_each(send_frame, send, *arguments)
    elif name == "fill":
        await _fill(send_frame, send, *arguments)
    else:
        while send_frame(websocket_frame(b"x" * 1000, binary=True)):  # noqa: ASYNC110
            await asyncio.sleep(0)
    assert (await receive())["type"] == "websocket.disconnect"
    assert not send_frame(websocket_frame(b"late", binary=False))
    print(f"{name} is over", flush=True)


async def _send_each(send_frame: Any, send: Any, ways: list[tuple[str, int]]) -> None:
    for number, (way, size) in enumerate(ways):
        content = payload(number, size)
        if way == "message":
            await send({"type": "websocket.send", "text": content})
        else:
            frame = websocket_frame(content.encode(), binary=way == "binary frame")
            assert send_frame(frame)


async def _fill(send_frame: Any, send: Any, size: int, closes: bool) -> None:
    taken = 0
    while taken < MOST and send_frame(websocket_frame(payload(taken, size).encode(), binary=False)):
        taken += 1
    print("filled", flush=True)
    if closes:
        await send({"type": "websocket.close", "code": CLOSED})
        assert not send_frame(websocket_frame(b"late", binary=False))
    else:
        await send({"type": "websocket.send", "text": f"taken {taken}"})
