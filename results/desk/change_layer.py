"""Send changes from process to process over the channel layer, in one group.

There is one group for all elections, and one subscription for each process: a process receives each
change once, and finds the pages that it concerns.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from typing import Any

from channels.layers import get_channel_layer

from results.desk.changes import Change

#: The group that processes join. Processes of different releases rely on its name.
GROUP = "desk-changes"
#: Timeout for a channel layer that hangs.
LAYER_SECONDS = 1.0


async def send_changes(changes: Sequence[Change], sender: str = "") -> None:
    """Send changes to every process. Raises errors of the channel layer, and TimeoutError."""
    layer = get_channel_layer()
    if layer is None:
        return
    rows = [change.as_message() for change in changes]
    async with asyncio.timeout(LAYER_SECONDS):
        await layer.group_send(GROUP, {"type": "desk.changes", "from": sender, "changes": rows})


async def receive_changes(sender: str) -> AsyncGenerator[Change]:
    """Yield changes from processes other than `sender`. Raises errors of the channel layer."""
    layer = get_channel_layer()
    if layer is None:
        return
    channel = await layer.new_channel()
    async with asyncio.timeout(LAYER_SECONDS):
        await layer.group_add(GROUP, channel)
    while True:
        message: dict[str, Any] = await layer.receive(channel)
        if message.get("from") == sender:
            continue
        for row in message.get("changes", ()):
            try:
                yield Change.of_message(row)
            except (KeyError, TypeError, ValueError):
                continue  # of another release: the audit trail has it
