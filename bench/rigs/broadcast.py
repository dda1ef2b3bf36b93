"""The websockets library's own server and `broadcast`: `python -m bench.rigs.broadcast PORT`.

About the lower bound for sending the same message to everybody in Python.
"""

import asyncio
import json
import sys
from typing import Any

from websockets.asyncio.server import ServerConnection, broadcast, serve

from bench.rigs import PUBLISH
from bench.rigs.common import frames, stamp


async def main(port: int) -> None:
    readers: set[ServerConnection] = set()
    texts = iter(frames())

    async def reader(connection: ServerConnection) -> None:
        readers.add(connection)
        await connection.send('{"sequence":0}')
        await connection.wait_closed()
        readers.discard(connection)

    def respond(connection: ServerConnection, request: Any) -> Any:
        if "Upgrade" in request.headers:
            return None
        if request.path != PUBLISH:
            return connection.respond(200, "")
        text = next(texts)
        body = stamp(text)
        broadcast(readers, text)
        return connection.respond(200, json.dumps(body))

    async with serve(reader, "127.0.0.1", port, process_request=respond, compression=None):
        await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
