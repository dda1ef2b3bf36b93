"""ASGI application: the desk in a process that dies between commit and response.

Each process dies at the `DIE_AT`th answer to a form of a reporter (`DIE_FOR` "/count/ge/") or
to a correction ("/correct/"); the next one lives as long.
"""

import os
import signal
from collections.abc import MutableMapping
from typing import Any

from electiondesk.asgi import application as desk

DIE_AT, DIE_FOR = int(os.environ["DIE_AT"]), os.environ["DIE_FOR"]
_answers = 0


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    form = scope["type"] == "http" and scope["method"] == "POST" and DIE_FOR in scope["path"]

    async def send_or_die(message: MutableMapping[str, Any]) -> None:
        global _answers
        if form and message["type"] == "http.response.start":
            _answers += 1
            if _answers == DIE_AT:
                os.kill(os.getpid(), signal.SIGKILL)
        await send(message)

    await desk(scope, receive, send_or_die)
