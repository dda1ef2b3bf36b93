"""The sign that an election's log has grown: some sixty bytes, once to each process.

It may be lost, late or doubled without harm: every hub also looks for itself.
"""

import asyncio
import logging

from channels.layers import get_channel_layer

from results.live.event_loop import run_on_event_loop

logger = logging.getLogger(__name__)

GROUP = "ticks"
#: A frozen channel layer may hold up the answer to a reporter for this long, in seconds.
LAYER_SECONDS = 1.0


def notify(slug: str, sequence: int) -> None:
    """Tell every process. Called after commit; never raises, since the commit stands."""
    try:
        message = {"type": "tick", "election": slug, "sequence": sequence}
        run_on_event_loop(_send, message, timeout=2 * LAYER_SECONDS)
    except Exception as exc:
        logger.warning("tick %s/%s not sent: %r; hubs will look", slug, sequence, exc)


async def _send(message: dict[str, object]) -> None:
    layer = get_channel_layer()
    if layer is None:
        return
    async with asyncio.timeout(LAYER_SECONDS):
        await layer.group_send(GROUP, message)
