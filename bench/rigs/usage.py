"""This application, with counters of processor time and queries since its start."""

import time
from typing import Any

from bench.rigs import USAGE
from bench.rigs.common import respond
from electiondesk.asgi import application as desk

from django.db.backends.utils import CursorWrapper  # isort: skip

# Counted in the cursor, for all threads: each request has a thread and a connection of its own.
_execute = CursorWrapper.execute
#: PRAGMA, BEGIN and the like are not counted.
_COUNTED = ("SELECT", "INSERT", "UPDATE", "DELETE")
_queries = 0


def _counted(self: CursorWrapper, sql: Any, params: Any = None) -> Any:
    global _queries
    _queries += str(sql).lstrip().upper().startswith(_COUNTED)
    return _execute(self, sql, params)


CursorWrapper.execute = _counted  # type: ignore[method-assign]  # counts statements

#: The cost of the start is not part of the cost of readers.
_started, _cpu_at_start = time.monotonic(), time.process_time()


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] == "http" and scope["path"] == USAGE:
        cpu = time.process_time() - _cpu_at_start
        await respond(send, {"started": _started, "cpu": cpu, "queries": _queries})
    else:
        await desk(scope, receive, send)
