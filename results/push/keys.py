"""The keys with which push services know this desk (VAPID, RFC 8292), from the environment."""

import base64
import time
from functools import lru_cache
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from py_vapid import Vapid02

#: Validity of a token; push services accept at most a day.
TOKEN_SECONDS = 12 * 3600


def is_on() -> bool:
    """Whether the newsroom has turned Web Push on."""
    return bool(settings.VAPID_PRIVATE_KEY)


def new_private_key() -> str:
    """A new key, as `VAPID_PRIVATE_KEY` has it: 32 bytes in base64url."""
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return _base64url(number.to_bytes(32, "big"))


def public_key() -> str:
    """The key that browsers subscribe with: an uncompressed point in base64url."""
    key = _vapid(settings.VAPID_PRIVATE_KEY).public_key
    return _base64url(key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def headers_for(endpoint: str) -> dict[str, str]:
    """The header that says who sends; the same for every browser of a push service for an hour."""
    origin, hour = origin_of(endpoint), int(time.time() // 3600)
    return dict(_signed(origin, settings.VAPID_PRIVATE_KEY, settings.VAPID_CONTACT, hour))


def origin_of(endpoint: str) -> str:
    """The push service of a browser, as `https://host`."""
    parts = urlsplit(endpoint)
    return f"{parts.scheme}://{parts.netloc}"


@lru_cache(maxsize=200)
def _signed(origin: str, private_key: str, contact: str, hour: int) -> tuple[tuple[str, str], ...]:
    claims = {"aud": origin, "sub": contact, "exp": hour * 3600 + TOKEN_SECONDS}
    return tuple(_vapid(private_key).sign(claims).items())


@lru_cache(maxsize=2)
def _vapid(private_key: str) -> Vapid02:
    try:
        return Vapid02.from_raw(private_key.encode())
    except ValueError as exc:
        raise ImproperlyConfigured(f"VAPID_PRIVATE_KEY is no key: {exc}") from None


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
