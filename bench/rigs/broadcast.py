"""The websockets library's own server and `broadcast`: `python -m bench.rigs.broadcast PORT`.

About the lower bound for sending the same message to everybody in Python.
"""

import asyncio
import json
import sys
from typing import Any

from websockets.asyncio.server import ServerConnection, broadcast, serve

from bench.rigs import PUBLISH
from bench.rigs.common import frames


async def main(port: int) -> None:
    readers: dict[bool, set[ServerConnection]] = {False: set(), True: set()}
    recorded = iter(frames())

    async def reader(connection: ServerConnection) -> None:
        assert connection.request is not None
        group = readers["coding=deflate" in connection.request.path]
        group.add(connection)
        await connection.send('{"sequence":0}')
        await connection.wait_closed()
        group.discard(connection)

    def respond(connection: ServerConnection, request: Any) -> Any:
        if "Upgrade" in request.headers:
            return None
        if request.path != PUBLISH:
            return connection.respond(200, "")
        frame = next(recorded)
        body = frame.stamp()
        broadcast(readers[False], frame.text)
        broadcast(readers[True], frame.deflated)
        return connection.respond(200, json.dumps(body))

    async with serve(reader, "127.0.0.1", port, process_request=respond, compression=None):
        await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
