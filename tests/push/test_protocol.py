"""Requests to a push service, checked with the protocol's libraries: RFC 8291 and 8292."""

import base64
import json
import time
from typing import Any

import http_ece
import pytest
from django.test import Client
from py_vapid import Vapid02
from pytest_django.fixtures import Settings

from results.models import Contest
from results.push.keys import public_key
from tests.push.conftest import SECRET, Device, PushService
from tests.push.test_readers import declare, follow, seat, send

__all__ = ["seat"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def phone(client: Client, service: PushService, seat: Contest) -> Device:
    """A browser that was sent one message."""
    device = Device(service, "phone")
    follow(client, device, "seats:vale")
    declare(seat, 100, 200)
    send()
    return device


def decoded(text: str) -> dict[str, Any]:
    """A part of a token."""
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return found


def test_token_is_signed_with_the_key_that_browsers_subscribe_with(phone: Device) -> None:
    authorization = phone.headers[0]["authorization"]
    assert Vapid02.verify(authorization)
    scheme, _space, fields = authorization.partition(" ")
    assert scheme == "vapid"
    token = dict(field.split("=", 1) for field in fields.split(","))
    assert token["k"] == public_key()
    head, claims, signature = token["t"].split(".")
    assert decoded(head) == {"typ": "JWT", "alg": "ES256"}
    other = base64.urlsafe_b64encode(json.dumps({**decoded(claims), "aud": "x"}).encode()).decode()
    assert not Vapid02.verify(f"vapid t={head}.{other.rstrip('=')}.{signature},k={token['k']}")


def test_claims_name_the_service_the_desk_and_an_end(
    phone: Device, service: PushService, settings: Settings
) -> None:
    token = phone.headers[0]["authorization"].partition("t=")[2].partition(",")[0]
    claims = decoded(token.split(".")[1])
    assert claims.keys() == {"aud", "sub", "exp"}
    assert (claims["aud"], claims["sub"]) == (service.origin, settings.VAPID_CONTACT)
    now = time.time()
    assert now < claims["exp"] <= now + 24 * 3600


def test_body_is_for_this_browser_only(phone: Device) -> None:
    (body,) = phone.bodies
    told = json.loads(http_ece.decrypt(body, private_key=phone.key, auth_secret=SECRET))
    assert told["body"] == "Conservatives gain Vale from Labour, majority 100."
    assert b"Vale" not in body
    key_length = body[20]  # after the salt and the size of a record (RFC 8188, section 2.1)
    assert (key_length, body[21]) == (65, 4)
    other = Device(phone.service, "other")
    with pytest.raises(http_ece.ECEException):
        http_ece.decrypt(body, private_key=other.key, auth_secret=SECRET)
    with pytest.raises(http_ece.ECEException):
        http_ece.decrypt(body, private_key=phone.key, auth_secret=b"another secret..")
