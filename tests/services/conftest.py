"""Fixtures of the tests of nginx."""

from collections.abc import Iterator

import pytest

from tests.nginx import Nginx
from tests.seeds import counts, nginx as seeds
from tests.servers import Server
from tests.services.nginx_desks import ENVIRONMENT, MakeDesk, start_nginx


@pytest.fixture(scope="module")
def standing_desk(make_desk: MakeDesk) -> Server:
    """One process that does everything, for tests that leave it as it is."""
    desk = make_desk(environment=ENVIRONMENT)
    desk.seed(seeds.islington_north)
    desk.seed(counts.headline, "One")
    desk.seed(seeds.second_language)
    desk.start()
    return desk


@pytest.fixture
def standing_nginx(standing_desk: Server) -> Iterator[Nginx]:
    with start_nginx([standing_desk.port] * 4) as server:
        yield server
