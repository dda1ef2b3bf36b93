"""Notify every process over the channel layer that an election's log has grown.

A notification may be lost, late or doubled without harm, because every hub also polls.
"""

import asyncio
import logging

from channels.layers import get_channel_layer

from results.live.event_loop import run_on_event_loop

logger = logging.getLogger(__name__)

#: The group that hubs join. Processes of different releases rely on its name.
GROUP = "ticks"
#: Timeout, so that a channel layer that hangs delays the response to a reporter no longer.
LAYER_SECONDS = 1.0


def notify(slug: str, sequence: int) -> None:
    """Notify every process; call it after commit. Never raises, because the commit stands."""
    try:
        message = {"type": "tick", "election": slug, "sequence": sequence}
        run_on_event_loop(_send, message, timeout=2 * LAYER_SECONDS)
    except Exception as exc:
        logger.warning("notification of %s/%s not sent: %r; hubs poll", slug, sequence, exc)


async def _send(message: dict[str, object]) -> None:
    layer = get_channel_layer()
    if layer is None:
        return
    async with asyncio.timeout(LAYER_SECONDS):
        await layer.group_send(GROUP, message)
