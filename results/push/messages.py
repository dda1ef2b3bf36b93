"""Push messages: a sentence, its page, and what it replaces; encrypted (RFC 8291)."""

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import Any

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from django.utils import translation
from django.utils.translation import gettext as _

from results.models import HouseStyle, PushMessage, PushSubscription
from results.push.keys import headers_for

#: Push services take 4096 bytes; encryption adds about a hundred, and some services count more.
MOST_BYTES = 3000
#: What a reporter's message is about, besides the bulletin of their own result: one of the review
#: items, or what the desk wrote.
ITEM, MESSAGE = "~item", "~message"
#: How long a push service keeps a message for a browser that is not there.
TTL_SECONDS = 4 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageWords:
    """A message as people read it, in one language. `path` is the page that it leads to."""

    text: str
    path: str
    language: str


def payload(message: PushMessage, words: MessageWords, *, last: bool = False) -> bytes:
    """The JSON for the browser's worker. `last` says that the night's limit is reached."""
    text = words.text if len(words.text) <= 400 else f"{words.text[:399]}…"
    with translation.override(words.language):
        if last:
            text = f"{text} {_('This is the last message tonight: open the page for more.')}"
        title = HouseStyle.load().publisher or _("Election Desk")
    document: dict[str, Any] = {
        "title": title,
        "body": text,
        "tag": topic_of(message),
        "url": words.path,
        "lang": words.language,
    }
    body = json.dumps(document, ensure_ascii=False).encode()
    assert len(body) <= MOST_BYTES, len(body)
    return body


def topic_of(message: PushMessage) -> str:
    """Topic of the message: a later message with it replaces this one, also on the screen.

    32 characters of base64url at most (RFC 8030, section 5.4).
    """
    whom = message.reporter_id or ""
    about = message.about
    if about in ("", ITEM, MESSAGE):  # none of these says again what another one said
        about = f"{about}{message.number}"
    text = f"{message.election_id} {whom} {about}"
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()[:24]).decode()


def request_for(
    subscription: PushSubscription, message: PushMessage, body: bytes
) -> tuple[bytes, dict[str, str]]:
    """Return the encrypted body and the headers. Raises ValueError for damaged keys."""
    private_key = ec.generate_private_key(ec.SECP256R1())
    encrypted = http_ece.encrypt(
        body,
        private_key=private_key,
        dh=_decoded(subscription.p256dh),
        auth_secret=_decoded(subscription.auth),
        version="aes128gcm",
    )
    headers = {
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(TTL_SECONDS),
        "Topic": topic_of(message),
        "Urgency": "high" if message.reporter_id else "normal",
        **headers_for(subscription.endpoint),
    }
    return bytes(encrypted), headers


def _decoded(text: str) -> bytes:
    plain = text.rstrip("=")
    return base64.urlsafe_b64decode(plain + "=" * (-len(plain) % 4))
