"""What a load balancer is told, by real servers whose backing services come and go."""

import json
import urllib.error
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.backing import Postgres, Redis
from tests.servers import Server


def ready(server: Server) -> tuple[int, dict[str, Any]]:
    try:
        return 200, json.loads(server.get("/readyz"))
    except urllib.error.HTTPError as answer:
        return answer.code, json.loads(answer.read())


def test_an_embedded_desk_is_alive_and_ready(each_server: Server) -> None:
    assert each_server.get("/healthz") == "ok\n"
    assert ready(each_server) == (
        200,
        {
            "ready": True,
            "database": "ok",
            "hub": "ok",
            "static_files": "ok",
            "sockets": "ok",
            "channel_layer": "ok",
        },
    )


@pytest.mark.django_db
def test_a_load_balancer_need_not_know_the_name_nor_speak_https(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["desk.example"]
    settings.SECURE_SSL_REDIRECT = True
    for path in ["/healthz", "/readyz"]:
        answer = Client().get(path, headers={"host": "10.1.2.3:8000"})
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
    assert Client().get("/", headers={"host": "10.1.2.3:8000"}).status_code == 400


def test_a_desk_whose_migrations_are_not_applied_is_alive_and_not_ready(
    make_desk: Callable[..., Server],
) -> None:
    desk = make_desk()
    (desk.folder / "desk.sqlite3").unlink()
    with desk:
        status, answer = ready(desk)
        assert status == 503
        assert answer["database"] == "migrations to apply"
        assert desk.get("/healthz") == "ok\n"


@pytest.mark.services
def test_redis_gone_is_a_desk_degraded_and_not_down(
    make_desk: Callable[..., Server], redis_server: Redis
) -> None:
    with make_desk(redis_url=redis_server.url) as desk:
        assert ready(desk)[1]["channel_layer"] == "ok"
        redis_server.stop()
        status, answer = ready(desk)
        assert (status, answer["channel_layer"]) == (200, "degraded")
        redis_server.start()
        assert ready(desk)[1]["channel_layer"] == "ok"


@pytest.mark.services
def test_postgresql_gone_is_a_desk_alive_and_not_ready_until_it_is_back(
    make_desk: Callable[..., Server],
) -> None:
    with Postgres() as postgres:
        desk = make_desk(database_url=postgres.url)
        desk.manage("migrate", "--verbosity", "0")
        with desk:
            assert ready(desk)[0] == 200
            postgres.stop()
            status, answer = ready(desk)
            assert (status, answer["database"]) == (503, "down")
            assert desk.get("/healthz") == "ok\n"
            postgres.start()
            assert ready(desk)[0] == 200
