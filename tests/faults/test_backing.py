"""Redis and PostgreSQL fail, freeze, lose data and come back during a night."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
import redis

from tests.backing import Postgres, Redis
from tests.faults.night import Night
from tests.faults.proxy import Proxy
from tests.ports import free_port
from tests.servers import Server

#: How long something stays frozen, in seconds: longer than every timeout that applies to it.
FROZEN = 10.0
#: A phone's timeout where no answer may depend on a missing service: only a request that waits
#: for it takes so long, however slow the machine.
LONG_TIMEOUT_SECONDS = 40.0


def through(url: str, proxy: Proxy) -> str:
    """Return the URL of the same service through the proxy."""
    return url.replace(f":{proxy.target}/", f":{proxy.port}/")


def configure(server: Redis, *command: str) -> None:
    with redis.Redis.from_url(server.url) as client:
        client.execute_command(*command)


@pytest.fixture
def proxied() -> Iterator[Callable[[int], Proxy]]:
    with ExitStack() as stack:
        yield lambda port: stack.enter_context(Proxy(port))


@pytest.fixture
def two(make_desk: Callable[..., Server], postgres_url: str, redis_server: Redis) -> list[Server]:
    return [make_desk(database_url=postgres_url, redis_url=redis_server.url) for _ in range(2)]


@pytest.mark.parametrize("fault", ["killed", "restarted empty", "frozen", "full", "read-only"])
def test_a_fault_of_redis_only_delays(
    two: list[Server], make_night: Callable[..., Night], redis_server: Redis, fault: str
) -> None:
    """It costs a moment's delay only: every request is answered."""
    with make_night(*two, timeout=LONG_TIMEOUT_SECONDS) as night:
        night.write()
        night.wait_for_answers(3)
        if fault == "frozen":
            redis_server.send(signal.SIGSTOP)
        elif fault == "full":
            configure(redis_server, "CONFIG", "SET", "maxmemory", "1")
        elif fault == "read-only":  # a replica, of a server that is gone
            configure(redis_server, "REPLICAOF", "127.0.0.1", str(free_port()))
        else:
            redis_server.stop(signal.SIGKILL)
        if fault == "restarted empty":
            redis_server.start()
        # Still without Redis: every reader gets everything all the same.
        assert night.finish() == []
    assert not night.history.of("unknown")


@pytest.mark.parametrize("fault", ["refused", "frozen"])
def test_one_process_loses_redis(
    make_desk: Callable[..., Server],
    make_night: Callable[..., Night],
    postgres_url: str,
    redis_server: Redis,
    proxied: Callable[[int], Proxy],
    fault: str,
) -> None:
    proxy = proxied(redis_server.port)
    lonely = make_desk(database_url=postgres_url, redis_url=through(redis_server.url, proxy))
    other = make_desk(database_url=postgres_url, redis_url=redis_server.url)
    with make_night(lonely, other, timeout=LONG_TIMEOUT_SECONDS) as night:
        night.write()
        night.wait_for_answers(3)
        proxy.refuse() if fault == "refused" else proxy.freeze()
        assert night.finish() == []
    assert not night.history.of("unknown")


@pytest.mark.parametrize("fault", ["cut", "restarted", "frozen"])
def test_a_fault_of_postgresql_loses_nothing(
    make_desk: Callable[..., Server],
    make_night: Callable[..., Night],
    postgres: Postgres,
    postgres_url: str,
    proxied: Callable[[int], Proxy],
    fault: str,
) -> None:
    proxy = proxied(postgres.port)
    direct = make_desk(database_url=postgres_url)
    desk = make_desk(database_url=through(postgres_url, proxy))
    with make_night(desk) as night:
        night.write()
        night.wait_for_answers(3)
        if fault == "cut":
            proxy.cut()
            postgres.drop_connections()
        elif fault == "restarted":
            postgres.stop()
            postgres.start()
        else:
            proxy.freeze()
            time.sleep(FROZEN)
            proxy.thaw()
        assert night.finish() == []
    assert direct.manage("verify", "ge").returncode == 0
