"""Codes of an authenticator app (RFC 6238), by the standard library."""

import base64
import hmac
import struct
import time


def totp(secret: str) -> str:
    """The code that an app shows now for a secret as typed by hand, in base 32."""
    plain = secret.replace(" ", "").upper()
    key = base64.b32decode(plain + "=" * (-len(plain) % 8))
    digest = hmac.digest(key, struct.pack(">Q", int(time.time()) // 30), "sha1")
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"
