"""A plain Channels group: one consumer for each reader, and one message to each of them."""

from typing import Any

import django
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.layers import get_channel_layer

from bench.rigs import PUBLISH
from bench.rigs.common import frames, respond

django.setup()
_recorded = iter(frames())


class Reader(AsyncWebsocketConsumer):
    async def connect(self) -> None:
        await self.channel_layer.group_add("readers", self.channel_name)
        await self.accept()
        await self.send('{"sequence":0}')

    async def news(self, event: dict[str, Any]) -> None:
        await self.send(event["text"])


_reader: Any = Reader.as_asgi()


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] == "websocket":
        await _reader(scope, receive, send)
    elif scope["path"] == PUBLISH:
        frame = next(_recorded)
        body = frame.stamp()
        layer = get_channel_layer()
        assert layer is not None
        await layer.group_send("readers", {"type": "news", "text": frame.text})
        await respond(send, body)
    else:
        await respond(send)
