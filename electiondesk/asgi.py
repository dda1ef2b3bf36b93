"""The application every server runs: pages by Django, readers' sockets by the live room."""

import gc
import logging
import os
from typing import Any

import django
from channels.routing import ProtocolTypeRouter, URLRouter
from django.urls import path, re_path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "electiondesk.settings")
django.setup(set_prefix=False)  # loads the applications: what follows may import models

from django.conf import settings  # noqa: E402

from electiondesk import daphne_limits, storage  # noqa: E402
from electiondesk.body_limits import limited_bodies  # noqa: E402
from electiondesk.draining import Draining  # noqa: E402
from electiondesk.handler import OneThreadHandler  # noqa: E402
from electiondesk.origins import same_origin_only  # noqa: E402
from electiondesk.proxies import trusted_proxies  # noqa: E402
from electiondesk.socket_limits import limited_by_address  # noqa: E402
from results.live.socket import reader_socket  # noqa: E402


async def no_such_socket(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Refuse a socket nobody serves with a plain 403 in place of a traceback in the log."""
    await receive()
    await send({"type": "websocket.close", "code": 4404})


# Django's path() types a view; Channels routes any ASGI application with it.
socket_routes: list[Any] = [
    path("live/<slug:slug>/", no_such_socket if settings.ROLE == "writers" else reader_socket),  # type: ignore[arg-type]
    re_path(r"", no_such_socket),  # type: ignore[arg-type]
]

application = Draining(
    ProtocolTypeRouter(
        {
            "http": trusted_proxies(limited_bodies(OneThreadHandler())),
            "websocket": trusted_proxies(
                limited_by_address(same_origin_only(URLRouter(socket_routes)))
            ),
        }
    )
)

# Looked up before a later release can replace the files of this one.
if problem := storage.problem():
    logging.getLogger(__name__).error("every page is an error: static files: %s", problem)

daphne_limits.install()

# Every reader's socket is some hundred objects that live long and refer to each other. Python would
# look through all of them again and again while a bulletin goes out, and find nothing to free.
gc.freeze()
gc.set_threshold(50_000, 20, 20)
