"""ASGI application whose sockets are sent `MESSAGES` messages, and whose page counts them.

`GET /` answers with the number of messages that the server has taken so far, by the name in each
socket's address (`/?name`), as JSON.
"""

import json
from collections import Counter
from typing import Any

#: 64 MB in all: more than the kernel buffers for any connection.
MESSAGES, CHARACTERS = 1000, 64 * 1024

_taken = Counter[str]()


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": json.dumps(_taken).encode()})
        return
    name, text = scope["query_string"].decode(), "x" * CHARACTERS
    await receive()
    await send({"type": "websocket.accept"})
    for _message in range(MESSAGES):
        await send({"type": "websocket.send", "text": text})
        _taken[name] += 1
    await send({"type": "websocket.close", "code": 1000})
