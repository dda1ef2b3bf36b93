"""This application; publishing declares the next seat of the general election of 2019.

The election is set up by `manage.py replay … --only 0`. A night that is over answers with the
sequence 0.
"""

import os
import time
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from asgiref.sync import sync_to_async

from bench.rigs import ELECTION, PUBLISH
from bench.rigs.common import respond
from electiondesk.asgi import application as desk

from django.db import connections  # isort: skip

from results.exchange import commons_library
from results.exchange.declarations import declare_all
from results.exchange.elections import UK_ZONE, import_user
from results.exchange.past_results import SeatResult, set_up_contests
from results.models import Election, Night


class Publisher:
    @cached_property
    def results(self) -> Iterator[SeatResult]:
        files = [Path(name) for name in os.environ["BENCH_RESULTS"].split(os.pathsep)]
        edition = commons_library.read(files, UK_ZONE)
        return iter(set_up_contests(Election.objects.get(slug=ELECTION), edition))

    def publish(self) -> dict[str, Any]:
        published = any(declare_all([seat], by=import_user()) for seat in self.results)
        night = Night.objects.get(election__slug=ELECTION)
        connections.close_all()
        sequence = night.sequence if published else 0
        return {"sequence": sequence, "committed": time.monotonic(), "cpu": 0.0}


_publisher = Publisher()


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] == "http" and scope["path"] == PUBLISH:
        publish = sync_to_async(_publisher.publish, thread_sensitive=False)
        await respond(send, await publish())
    else:
        await desk(scope, receive, send)
