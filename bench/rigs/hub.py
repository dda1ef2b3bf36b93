"""This application; publishing declares the rehearsal's next seat through the publishing API."""

import time
from functools import cached_property
from typing import Any

from asgiref.sync import sync_to_async

from bench.rigs import ELECTION, PUBLISH
from bench.rigs.common import respond
from electiondesk.asgi import application as desk

from django.db import connections, transaction  # isort: skip

from results.models import Night
from results.rehearsal.generator import generate_night
from results.rehearsal.night import Playback
from results.rehearsal.setting_up import rehearsal_user, set_up


class Publisher:
    @cached_property
    def play(self) -> Playback:
        night = generate_night(1, 650)
        return Playback(set_up(ELECTION, night), night, rehearsal_user())

    @cached_property
    def events(self) -> Any:
        return iter([event for event in self.play.remaining() if event.action == "declare"])

    def publish(self) -> dict[str, Any]:
        used, stamps = time.thread_time(), []
        with transaction.atomic():
            event = next(self.events)
            # Registered before the notification, so it runs first.
            transaction.on_commit(lambda: stamps.append(time.monotonic()))
            self.play.play(event)
        sequence = Night.objects.get(election=self.play.election).sequence
        connections.close_all()
        used = time.thread_time() - used
        return {"sequence": sequence, "committed": stamps[0], "cpu": used}


_publisher = Publisher()


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] == "http" and scope["path"] == PUBLISH:
        publish = sync_to_async(_publisher.publish, thread_sensitive=False)
        await respond(send, await publish())
    else:
        await desk(scope, receive, send)
