"""Notify open pages of signed-in users that something has changed.

A notification that is lost does no harm: each process reads the audit trail as well
(`results/desk/signed_in_sockets.py`), and pages poll.
"""

import logging
import time
from collections.abc import Iterable
from functools import partial

from asgiref.sync import async_to_sync
from django.db import transaction

from results.desk.change_layer import send_changes
from results.desk.changes import Change
from results.desk.signed_in_sockets import publish_here
from results.live.event_loop import server_loop
from results.models import AuditEntry

logger = logging.getLogger(__name__)

#: How long a command publishes without notifying after the channel layer has failed.
LAYER_RETRY_SECONDS = 10.0


def notify_change(change: Change, entries: Iterable[AuditEntry] = ()) -> None:
    """Notify every process once the transaction is committed, and never before.

    `entries` are the entries of the audit trail about the change. Never raises.
    """
    keys = tuple(entry.pk for entry in entries)
    whole = Change(change.kind, change.election, change.contests, change.users, keys)
    transaction.on_commit(partial(_send, whole), robust=True)


def _send(change: Change) -> None:
    """Pass a change to the server's event loop, or from a command to the channel layer."""
    loop = server_loop()
    if loop is None:
        _Command.send(change)
    elif loop.is_running():
        loop.call_soon_threadsafe(publish_here, change)


class _Command:
    """Sender in a process without an event loop; a failed layer costs it a second in ten."""

    quiet_until = float("-inf")

    @classmethod
    def send(cls, change: Change) -> None:
        if time.monotonic() < cls.quiet_until:
            return
        try:
            async_to_sync(send_changes)([change])
        except Exception as exc:
            cls.quiet_until = time.monotonic() + LAYER_RETRY_SECONDS
            logger.warning("pages of the desk are not notified: %r; they poll", exc)
