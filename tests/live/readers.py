"""A reader’s socket on the whole application, as tests open it."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from electiondesk.asgi import application
from tests.communicators import Communicator

Headers = list[tuple[bytes, bytes]]
Frame = dict[str, Any]
ORIGIN: Headers = [(b"origin", b"http://localhost"), (b"host", b"localhost")]


class Reader(Communicator):
    accepted: bool
    #: The close code, or the subprotocol.
    code: int | str | None


@asynccontextmanager
async def reader(
    query: str = "", slug: str = "ge", headers: Headers = ORIGIN
) -> AsyncIterator[Reader]:
    socket = Reader(application, f"/live/{slug}/{query}", headers=headers)
    socket.accepted, socket.code = await socket.connect()
    try:
        yield socket
    finally:
        await socket.disconnect()


async def frame(socket: Reader) -> Frame:
    received: Frame = json.loads(await socket.receive_from())
    return received
