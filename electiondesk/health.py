"""What a load balancer and an operator ask: is the process alive, and can it serve?

A middleware in front of all others, so that both are answered under any host name, over plain
HTTP and to an address of the inner network, as load balancers ask.
"""

import asyncio
import logging
from collections.abc import Callable

from channels.layers import get_channel_layer
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse

from electiondesk import storage
from electiondesk.draining import is_leaving
from results.live.event_loop import run_on_event_loop
from results.live.hub import get_hub

logger = logging.getLogger(__name__)

LAYER_SECONDS = 1.0
#: A hub looks every second or two; one that has not for this long shows readers an old night.
HUB_SECONDS = 10.0


def health_checks(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    answers = {"/healthz": healthz, "/readyz": readyz}

    def middleware(request: HttpRequest) -> HttpResponse:
        answer = answers.get(request.path)
        if answer is None:
            return get_response(request)
        response = answer()
        response.headers["Cache-Control"] = "no-store"
        return response

    return middleware


def healthz() -> HttpResponse:
    """The process answers. Nothing else is asked, so a slow database never has it killed."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz() -> HttpResponse:
    """200 when declarations can be taken and shown, 503 when not, as JSON with the reasons.

    A channel layer that does not answer is "degraded", not down: readers then hear of a
    declaration when the hub next looks for itself. So are sockets that frames cannot be sent over:
    their pages ask for updates instead, which this process answers.
    """
    database = _database()
    try:
        age, send_failures = run_on_event_loop(_hub, timeout=2 * LAYER_SECONDS)
    except TimeoutError:
        age, send_failures = float("inf"), 0
    hub = "ok" if age is None or age < HUB_SECONDS else f"last looked {age:.0f} s ago"
    static_files = storage.problem() or "ok"
    ready = database == hub == static_files == "ok" and not is_leaving()
    layer = run_on_event_loop(_channel_layer, timeout=2 * LAYER_SECONDS)
    sockets = "ok"
    if send_failures:
        sockets = f"degraded: {send_failures} could not be sent to in the last minute"
    told = {
        "ready": ready,
        "database": database,
        "hub": hub,
        "static_files": static_files,
        "sockets": sockets,
        "channel_layer": layer,
    }
    if is_leaving():
        told["leaving"] = True
    return JsonResponse(told, status=200 if ready else 503)


def _database() -> str:
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        logger.exception("readyz: the database does not answer")
        return "down"
    return "migrations to apply" if plan else "ok"


async def _hub() -> tuple[float | None, int]:
    hub = get_hub()
    return hub.seconds_since_poll, hub.send_failures.recent


async def _channel_layer() -> str:
    layer = get_channel_layer()
    if layer is None:
        return "none"
    try:
        async with asyncio.timeout(LAYER_SECONDS):
            await layer.group_send("readyz", {"type": "readyz.tick"})
    except Exception:  # whatever a layer raises, the desk goes on serving
        logger.warning("readyz: the channel layer does not answer", exc_info=True)
        return "degraded"
    return "ok"
