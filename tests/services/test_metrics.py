"""Metrics, request ids and log records."""

import asyncio
import io
import json
import logging
from typing import Any

import pytest
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpResponse
from django.test import AsyncRequestFactory, Client

from electiondesk.logs import WithoutTokens
from electiondesk.metrics import metrics_middleware
from electiondesk.proxies import TrustedProxies
from electiondesk.request_ids import JsonFormatter, WithRequestId
from tests import nights

pytestmark = pytest.mark.django_db


def metrics_of(client: Client) -> dict[str, str]:
    """The metrics by name and labels."""
    text = client.get("/metrics").content.decode()
    return dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))


def test_counts_bulletins_and_requests(client: Client) -> None:
    seat = nights.contest(nights.election(), "Hall", [("Ann", "lab"), ("Bob", "con")])
    nights.declare(seat, 20, 10, electorate=60)
    before = float(metrics_of(client).get('desk_requests_total{audience="reader",status="2xx"}', 0))
    client.get("/ge/")
    client.get("/ge/nowhere/")
    metrics = metrics_of(client)
    assert float(metrics['desk_bulletin{election="ge"}']) == 1
    assert float(metrics['desk_requests_total{audience="reader",status="2xx"}']) == before + 1
    assert float(metrics['desk_requests_total{audience="reader",status="4xx"}']) >= 1
    assert float(metrics["desk_waiting"]) == 0


@pytest.mark.parametrize(
    "environ",
    [
        {"REMOTE_ADDR": "8.8.4.4"},
        {"HTTP_X_FORWARDED_FOR": "203.0.113.5"},
        {"HTTP_FORWARDED": "for=203.0.113.5"},
        {"REMOTE_ADDR": ""},
    ],
)
def test_metrics_are_for_private_networks_only(environ: dict[str, Any]) -> None:
    assert Client().get("/metrics", **environ).status_code == 404


def test_metrics_hold_no_name_and_no_token(client: Client) -> None:
    client.get("/count/sign-in/a-secret-token/")
    nights.user("a-reporters-name")
    text = client.get("/metrics").content.decode()
    assert "a-secret-token" not in text
    assert "a-reporters-name" not in text


def test_every_response_has_a_request_id_and_a_valid_one_is_kept(client: Client) -> None:
    nights.election()
    own = client.get("/ge/").headers["X-Request-ID"]
    assert len(own) == 16
    assert client.get("/ge/", HTTP_X_REQUEST_ID="abc-12345678").headers["X-Request-ID"] == (
        "abc-12345678"
    )
    bad = client.get("/ge/", HTTP_X_REQUEST_ID='x"\n{"level": "ERROR"}').headers["X-Request-ID"]
    assert bad.isalnum()


@pytest.mark.parametrize(
    ("path", "status"), [("/nowhere/", 404), ("/count/phone/", 405), ("/ge/find/?q=%00", 400)]
)
def test_log_record_of_a_refusal_has_the_request_id(client: Client, path: str, status: int) -> None:
    """Django logs it once the middleware has ended."""
    nights.election()
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    handler.addFilter(WithRequestId())
    logger = logging.getLogger("django.request")
    logger.addHandler(handler)
    try:
        answer = client.get(path, HTTP_X_REQUEST_ID="abc-12345678")
    finally:
        logger.removeHandler(handler)
    assert answer.status_code == status
    (record,) = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert record["request"] == "abc-12345678"


def test_log_record_is_one_line_of_json() -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    handler.addFilter(WithoutTokens())
    handler.addFilter(WithRequestId())
    logger = logging.Logger("tests")
    logger.addHandler(handler)
    logger.error('forged\n{"level": "INFO"} %s', "/count/sign-in/secret/")
    try:
        raise ValueError("two\nlines")
    except ValueError:
        logger.exception("failed")
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert len(lines) == 2
    assert lines[0]["message"].startswith("forged\n")
    assert "secret" not in lines[0]["message"]
    assert "two\nlines" in lines[1]["exception"]
    assert lines[0]["request"] == "-"


def test_metrics_are_not_served_through_an_untrusted_proxy() -> None:
    """Its headers are stripped first, but the scope records that there were some."""
    assert Client().get("/metrics").status_code == 200
    request = AsyncRequestFactory().get("/metrics", headers={"x-forwarded-for": "203.0.113.5"})
    scope = {**request.scope, "client": ("10.0.0.9", 4711)}
    answer = asyncio.run(status_of(scope))
    assert answer == 404


async def status_of(scope: Any) -> object:
    """What `metrics_middleware` answers to a request with this scope."""
    sent: list[object] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    await TrustedProxies(_asgi)(scope, receive, send)
    return sent[0]


async def _asgi(scope: Any, receive: Any, send: Any) -> None:
    request = ASGIRequest(scope, io.BytesIO())
    await send(metrics_middleware(lambda _request: HttpResponse())(request).status_code)
