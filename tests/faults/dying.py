"""The desk, in a process that dies after it has committed and before it has answered.

Each process of it dies at the `DIE_AT`th answer to a form with figures; the next one lives as long.
"""

import os
import signal
from typing import Any

from electiondesk.asgi import application as desk

DIE_AT = int(os.environ["DIE_AT"])
_answers = 0


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    form = (
        scope["type"] == "http"
        and scope["method"] == "POST"
        and ("/count/ge/" in scope["path"] or scope["path"].endswith("/correct/"))
    )

    async def send_or_die(message: dict[str, Any]) -> None:
        global _answers
        if form and message["type"] == "http.response.start":
            _answers += 1
            if _answers == DIE_AT:
                os.kill(os.getpid(), signal.SIGKILL)
        await send(message)

    await desk(scope, receive, send_or_die)
