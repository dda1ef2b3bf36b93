"""A hash chain whose entries commit to a content that can be removed: docs/record.md defines it.

An entry's header holds the head of the entry before it and a commitment to the entry's content;
its own head is the hash of the header. Whoever has a head has a proof of every header up to it.
The commitment is salted, so that nobody can guess a content that was removed with its salt.
"""

import hashlib
import json
import secrets
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

#: Bytes of a salt; it is stored in hexadecimal digits, as digests are.
SALT_BYTES = 16


def canonical(value: Any) -> str:
    """Return the canonical form: JSON with sorted keys and no white space, for UTF-8.

    Text is normalised (NFC), times are text in UTC, decimal numbers are text without trailing
    zeros, null is not known. Raises TypeError for a float, whose text depends on the program.
    """
    plain = _plain(value)
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value if value is None or isinstance(value, bool) else int(value)
    if isinstance(value, str):
        return unicodedata.normalize("NFC", str(value))
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    raise TypeError(f"{value!r} has no canonical form")


def new_salt() -> str:
    return secrets.token_hex(SALT_BYTES)


def commitment(salt: str, content: str) -> str:
    """The SHA-256 digest of the salt's bytes and the content in its canonical form."""
    return hashlib.sha256(bytes.fromhex(salt) + content.encode()).hexdigest()


def head_of(header: str) -> str:
    """The SHA-256 digest of a header in its canonical form."""
    return hashlib.sha256(header.encode()).hexdigest()
