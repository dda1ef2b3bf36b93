"""A receiver of webhooks that the desk under test may reach."""

import ipaddress
from collections.abc import Iterator
from typing import Any

import pytest

from results.webhooks import pauses
from tests.webhooks.receiver import Receiver, receiving


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.WEBHOOK_NETWORKS = [ipaddress.ip_network("127.0.0.0/8")]
    settings.CSRF_TRUSTED_ORIGINS = ["https://desk.example"]
    pauses.forget()  # a port may be that of an earlier test
    with receiving() as found:
        yield found
