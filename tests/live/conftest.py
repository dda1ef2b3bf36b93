"""Fixtures of the tests of readers' sockets."""

from collections.abc import AsyncIterator

import pytest_asyncio

from results.live.hub import Hub, get_hub


@pytest_asyncio.fixture
async def hub() -> AsyncIterator[Hub]:
    """The hub of this test's event loop; closed, so that its thread closes its connection."""
    yield get_hub()
    await get_hub().close()
