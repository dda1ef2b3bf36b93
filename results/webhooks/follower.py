"""The thread of the worker that follows the logs for webhooks.

A thread of its own, so that loading a file does not delay the messages to newsrooms.
"""

import logging
import threading
import time
from typing import Any

from django.db import DatabaseError, close_old_connections

from results.models import Night, ReviewItem, Webhook
from results.webhooks.deliveries import find_news, forget_old, send_due

logger = logging.getLogger(__name__)

POLL_SECONDS = 1.0
#: After the database failed.
RETRY_SECONDS = 5.0
_FORGET_EVERY_SECONDS = 3600.0


class WebhookFollower(threading.Thread):
    """Polls every second, until `stop`. The process may end without waiting for it."""

    def __init__(self) -> None:
        super().__init__(name="webhooks", daemon=True)
        self._stopped = threading.Event()
        self._seen: Any = None
        self._forgotten_at = -_FORGET_EVERY_SECONDS

    def run(self) -> None:
        seconds = 0.0
        while not self._stopped.wait(seconds):
            seconds = POLL_SECONDS
            try:
                self.poll()
            except DatabaseError as exc:
                logger.warning("no webhooks are sent until the database answers: %s", exc)
                seconds = RETRY_SECONDS
            except Exception:  # one message that cannot be written must not end all others
                logger.exception("webhooks: polling failed")
                seconds = RETRY_SECONDS
            finally:
                close_old_connections()

    def stop(self) -> None:
        self._stopped.set()

    def poll(self) -> None:
        """Create deliveries, send what is due, delete old ones; an idle poll makes four queries."""
        webhooks = tuple(Webhook.objects.filter(active=True).order_by("pk").values_list())
        if not webhooks:
            return
        newest = ReviewItem.objects.order_by("-pk").values_list("pk", flat=True).first()
        nights = tuple(Night.objects.order_by("pk").values_list("pk", "epoch", "sequence"))
        state = str((webhooks, nights, newest))
        if state != self._seen:
            find_news()
            self._seen = state
        send_due()
        now = time.monotonic()
        if now - self._forgotten_at >= _FORGET_EVERY_SECONDS:
            self._forgotten_at = now
            forget_old()
