"""ASGI application: the desk, with a `send` that raises for frames over a kilobyte."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from electiondesk.asgi import application as desk

LARGEST = 1024

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


async def application(scope: dict[str, Any], receive: Any, send: Send) -> None:
    async def limited(message: MutableMapping[str, Any]) -> None:
        if len(message.get("text") or "") > LARGEST:
            raise RuntimeError(f"a frame of more than {LARGEST} characters")
        await send(message)

    await desk(scope, receive, limited if scope["type"] == "websocket" else send)
