"""Carry changes from process to process over the channel layer, in one group.

One group for all elections, and one subscription for each process: a process hears of each change
once, and finds the pages that it concerns by itself.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from typing import Any

from channels.layers import get_channel_layer

from results.desk.changes import Change

#: The group that processes join. Its name is what processes of different releases agree on.
GROUP = "desk-changes"
#: How long a channel layer that hangs is waited for.
LAYER_SECONDS = 1.0


async def send_changes(changes: Sequence[Change], sender: str = "") -> None:
    """Send changes to every process. Raises what the channel layer raises, and TimeoutError."""
    layer = get_channel_layer()
    if layer is None:
        return
    rows = [change.as_message() for change in changes]
    async with asyncio.timeout(LAYER_SECONDS):
        await layer.group_send(GROUP, {"type": "desk.changes", "from": sender, "changes": rows})


async def receive_changes(sender: str) -> AsyncGenerator[Change]:
    """The changes that other processes than `sender` send. Raises what the channel layer raises."""
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
