"""The desk itself, which says what it has used and asked of its database since it was there."""

import time
from typing import Any

from bench.rigs import USED
from bench.rigs.asking import answer
from electiondesk.asgi import application as desk

from django.db.backends.utils import CursorWrapper  # isort: skip

# At the cursor, and of every thread: requests have a thread and a connection each.
_plain = CursorWrapper.execute
#: A connection's own words (PRAGMA, BEGIN) ask nothing of the data.
_ASKING = ("SELECT", "INSERT", "UPDATE", "DELETE")
_asked = 0


def _counted(self: CursorWrapper, sql: Any, params: Any = None) -> Any:
    global _asked
    _asked += str(sql).lstrip().upper().startswith(_ASKING)
    return _plain(self, sql, params)


CursorWrapper.execute = _counted  # type: ignore[method-assign]  # counts statements

#: What a start costs is no part of what a crowd costs.
_there, _used = time.monotonic(), time.process_time()


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] == "http" and scope["path"] == USED:
        used = time.process_time() - _used
        await answer(send, {"there": _there, "cpu": used, "queries": _asked})
    else:
        await desk(scope, receive, send)
