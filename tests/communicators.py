"""Clients of WebSockets that run the application in the test's own event loop."""

from typing import Any

from channels.testing import WebsocketCommunicator

from tests.processes import START_SECONDS

# ruff: noqa: ASYNC109 - the signatures are those of channels


class Communicator(WebsocketCommunicator):
    """Waits as long as any other test does: by default it would fail after one second."""

    async def connect(self, timeout: float = START_SECONDS) -> tuple[bool, int | str | None]:
        accepted, code = await super().connect(timeout)
        return accepted, code

    async def receive_output(self, timeout: float = START_SECONDS) -> dict[str, Any]:
        message: dict[str, Any] = await super().receive_output(timeout)
        return message

    async def receive_from(self, timeout: float = START_SECONDS) -> Any:
        return await super().receive_from(timeout)

    async def disconnect(self, code: int = 1000, timeout: float = START_SECONDS) -> None:
        await super().disconnect(code, timeout)

    async def wait(self, timeout: float = START_SECONDS) -> None:
        await super().wait(timeout)
