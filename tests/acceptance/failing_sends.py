"""ASGI application: the desk, with connections that raise for frames over a kilobyte."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from electiondesk.asgi import application as desk
from results.live.frames import SEND_FRAME

LARGEST = 1024

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


async def application(scope: dict[str, Any], receive: Any, send: Send) -> None:
    async def limited(message: MutableMapping[str, Any]) -> None:
        if len(message.get("text") or "") > LARGEST:
            raise RuntimeError(f"a frame of more than {LARGEST} characters")
        await send(message)

    extensions = scope.get("extensions", {})
    if send_frame := extensions.get(SEND_FRAME):

        def limited_frame(frame: bytes) -> bool:
            if len(frame) > LARGEST:
                raise RuntimeError(f"a frame of more than {LARGEST} bytes")
            return bool(send_frame(frame))

        extensions[SEND_FRAME] = limited_frame

    await desk(scope, receive, limited if scope["type"] == "websocket" else send)
