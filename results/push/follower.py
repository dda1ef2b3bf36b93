"""The thread of the worker that follows the logs for Web Push, and nobody waits for."""

import logging
import threading
import time
from typing import Any

from django.db import DatabaseError, close_old_connections

from results.models import Message, Night, PushSubscription, ReviewItem
from results.push import deliveries, reporters, subscriptions
from results.push.keys import is_on

logger = logging.getLogger(__name__)

POLL_SECONDS = 1.0
#: After the database failed.
RETRY_SECONDS = 5.0
_FORGET_EVERY_SECONDS = 3600.0


class PushFollower(threading.Thread):
    """Polls every second where Web Push is on. The process may end without waiting for it."""

    def __init__(self) -> None:
        super().__init__(name="push", daemon=True)
        self._stopped = threading.Event()
        self._seen: Any = None
        self._forgotten_at = -_FORGET_EVERY_SECONDS

    def run(self) -> None:
        if not is_on():
            return
        seconds = 0.0
        while not self._stopped.wait(seconds):
            seconds = POLL_SECONDS
            try:
                self.poll()
            except DatabaseError as exc:
                logger.warning("nothing is pushed until the database answers: %s", exc)
                seconds = RETRY_SECONDS
            except Exception:  # one message that cannot be written must not end all others
                logger.exception("push: polling failed")
                seconds = RETRY_SECONDS
            finally:
                close_old_connections()

    def stop(self) -> None:
        self._stopped.set()

    def poll(self) -> None:
        """Make messages, send what is due, delete old ones; an idle poll makes six queries."""
        now = time.monotonic()
        if now - self._forgotten_at >= _FORGET_EVERY_SECONDS:
            self._forgotten_at = now
            subscriptions.forget_old()
            deliveries.forget_old()
        if not PushSubscription.objects.exists():
            return
        settled = ReviewItem.objects.exclude(settled_at=None).order_by("-settled_at")
        nights = tuple(Night.objects.order_by("pk").values_list("pk", "epoch", "sequence"))
        state = str(
            (
                nights,
                settled.values_list("settled_at", flat=True).first(),
                Message.objects.order_by("-pk").values_list("pk", flat=True).first(),
            )
        )
        if state != self._seen:
            deliveries.find_news()
            reporters.find_news()
            self._seen = state
        deliveries.send_due()
