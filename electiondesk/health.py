"""Health checks: /healthz (the process is alive) and /readyz (it can serve).

The middleware stands in front of the checks of host and scheme, since load balancers ask under any
host name, over plain HTTP.
"""

import asyncio
import logging
import threading
import time
from collections import deque
from collections.abc import Callable

from channels.layers import get_channel_layer
from django.conf import settings
from django.db.utils import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.log import log_response

from electiondesk import storage
from electiondesk.database_state import has_migrations_to_apply, is_read_only, later_release
from electiondesk.lifecycle.draining import DrainingMiddleware
from electiondesk.lifecycle.timeouts import (
    CHANNEL_LAYER_SECONDS,
    EVENT_LOOP_SECONDS,
    STALE_HUB_SECONDS,
    WARM_UP_SECONDS,
)
from results.desk.worker_status import worker_status
from results.live.event_loop import run_on_event_loop
from results.live.hub import get_hub
from results.reader.warm_up import warm_up

logger = logging.getLogger(__name__)

#: What "database" is while nothing can be declared, and everything can be read.
READ_ONLY = "read-only"
#: What it is while it does not answer, and what "worker" is then.
DOWN, NOT_KNOWN = "down", "not known"

#: Checks in `FLOOD_SECONDS` that each ask the database. Beyond them the last answer is repeated for
#: that time: anybody may ask, and the checks of a load balancer would wait for a turn.
MOST_CHECKS = 10
FLOOD_SECONDS = 1.0


def health_check_middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    views = {"/healthz": healthz, "/readyz": readyz}

    def middleware(request: HttpRequest) -> HttpResponse:
        view = views.get(request.path)
        if view is None:
            return get_response(request)
        response = view()
        response.headers["Cache-Control"] = "no-store"
        return response

    return middleware


def healthz() -> HttpResponse:
    """Answer 200 without asking the database, since a slow one is no reason to kill the process."""
    return HttpResponse("ok\n", content_type="text/plain")


class RecentChecks:
    """The last state of this process, and when the newest checks asked for it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked = deque[float](maxlen=MOST_CHECKS)
        self._state: dict[str, str] = {}
        self._looked_at = float("-inf")

    def state(self) -> dict[str, str]:
        """Return the present state; that of a moment ago while there are too many checks."""
        now = time.monotonic()
        with self._lock:
            is_flood = len(self._asked) == MOST_CHECKS and now - self._asked[0] < FLOOD_SECONDS
            self._asked.append(now)
            if is_flood and now - self._looked_at < FLOOD_SECONDS:
                return self._state
        state = _state()
        with self._lock:
            self._state, self._looked_at = state, now
        return state


recent_checks = RecentChecks()


def readyz() -> HttpResponse:
    """Answer 200 if declarations can be accepted and shown, else 503; the reasons as JSON.

    While the database only reads, processes that serve readers stay ready: their pages are right.
    A channel layer that does not answer is "degraded" and not down: the hub also polls the log. So
    are sockets that frames cannot be sent over: their pages poll this process instead. Nor is a
    worker needed to declare: only what runs in the background waits for it.
    """
    is_draining = DrainingMiddleware.is_draining
    state = recent_checks.state()
    wrong = _wrong(state)
    ready = not wrong and not is_draining
    content = {"ready": ready, **state} | ({"leaving": True} if is_draining else {})
    response = JsonResponse(content, status=200 if ready else 503)
    response.content += b"\n"
    if not ready:
        # A process that starts or stops is not ready, and nothing is wrong.
        level = "info" if is_draining or wrong.keys() == {"pages"} else "error"
        reasons = ", ".join(f"{name}: {value}" for name, value in wrong.items()) or "leaving"
        log_response("Not ready: %s", reasons, response=response, logger=logger, level=level)
    return response


def _wrong(state: dict[str, str]) -> dict[str, str]:
    """What of a state keeps this process from being ready."""
    names = ["hub", "static_files", "pages"]
    if settings.ROLE == "writers" or state["database"] != READ_ONLY:
        names.insert(0, "database")
    return {name: state[name] for name in names if state[name] != "ok"}


def _state() -> dict[str, str]:
    """What this process needs and has, by its name in the answer; “ok” for nothing wrong."""
    try:
        age, send_failures = run_on_event_loop(_hub_state, timeout=EVENT_LOOP_SECONDS)
    except TimeoutError:
        age, send_failures = float("inf"), 0
    is_polling = age is None or age < STALE_HUB_SECONDS
    database = _database()
    degraded = f"degraded: {send_failures} could not be sent to in the last minute"
    return {
        "database": database,
        "hub": "ok" if is_polling else f"last looked {age:.0f} s ago",
        "static_files": storage.problem() or "ok",
        "pages": "ok" if warm_up.is_over(WARM_UP_SECONDS) else "being rendered",
        "sockets": degraded if send_failures else "ok",
        "channel_layer": run_on_event_loop(_channel_layer, timeout=EVENT_LOOP_SECONDS),
        # The database may be waited for, and for ten seconds at most.
        "worker": NOT_KNOWN if database == DOWN else _worker(),
    }


def _database() -> str:
    try:
        if has_migrations_to_apply():
            return "migrations to apply: run `manage.py migrate`"
        if later := later_release():
            return f"of a later release ({later}): install that one"
        return READ_ONLY if is_read_only() else "ok"
    except DatabaseError:
        logger.exception("readyz: the database does not answer")
        return DOWN


def _worker() -> str:
    try:
        return worker_status()
    except DatabaseError:  # as "database" says
        return NOT_KNOWN


async def _hub_state() -> tuple[float | None, int]:
    hub = get_hub()
    return hub.seconds_since_poll, hub.send_failures.recent


async def _channel_layer() -> str:
    layer = get_channel_layer()
    if layer is None:
        return "none"
    try:
        async with asyncio.timeout(CHANNEL_LAYER_SECONDS):
            await layer.group_send("readyz", {"type": "readyz.tick"})
    except Exception:  # a layer may raise anything, and the desk serves without it
        logger.warning("readyz: the channel layer does not answer", exc_info=True)
        return "degraded"
    return "ok"
