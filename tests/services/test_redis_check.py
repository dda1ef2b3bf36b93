"""`check --deploy` says where Redis does not answer: nothing else shows it but slower updates."""

from typing import Any

import pytest
import redis

from electiondesk import deployment_checks
from tests.backing import Redis
from tests.ports import free_port


def found() -> str:
    return " ".join(str(message.msg) for message in deployment_checks.redis_server())


def test_check_repeats_what_redis_said(settings: Any) -> None:
    assert found() == ""  # there is none
    settings.REDIS_URL = f"redis://:pa55word@127.0.0.1:{free_port()}/0"
    said = found()
    assert "REDIS_URL" in said
    assert "refused" in said
    assert "pa55word" not in said


def test_check_names_an_option_that_redis_lacks(settings: Any) -> None:
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0?ssl_cert_reqs=none"
    assert "ssl_cert_reqs" in found()


@pytest.mark.services
def test_check_names_a_database_that_redis_lacks(settings: Any, redis_server: Redis) -> None:
    settings.REDIS_URL = redis_server.url
    assert found() == ""
    settings.REDIS_URL = redis_server.url.rpartition("/")[0] + "/99"
    assert "DB index is out of range" in found()


@pytest.mark.services
@pytest.mark.parametrize("refused", ["publish", "subscribe"])
def test_check_names_a_user_who_may_not_notify(
    settings: Any, redis_server: Redis, refused: str
) -> None:
    with redis.Redis.from_url(redis_server.url) as client:
        client.execute_command(
            "ACL", "SETUSER", refused, "on", ">word", "+@all", f"-{refused}", "allchannels"
        )
    settings.REDIS_URL = redis_server.url.replace("//", f"//{refused}:word@")
    assert refused in found()


@pytest.mark.services
def test_check_passes_a_redis_that_can_store_nothing(settings: Any, redis_server: Redis) -> None:
    """Its disk is full, for which it refuses a PING as well: the desk stores nothing there."""
    settings.REDIS_URL = redis_server.url
    with redis.Redis.from_url(redis_server.url) as client:
        client.execute_command(
            "ACL", "SETUSER", "full", "on", ">word", "+@all", "-ping", "-@write", "allchannels"
        )
    settings.REDIS_URL = redis_server.url.replace("//", "//full:word@")
    assert found() == ""
