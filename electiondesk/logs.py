"""Keeps sign-in links out of whatever is written down: log lines and fault reports alike."""

import logging
import re
from typing import Any

_SIGN_IN = re.compile(r"(/count/sign-in/)[^/\s\"'?]+")


def without_tokens(text: str) -> str:
    """`text` with the token of every sign-in link replaced by a mark."""
    return _SIGN_IN.sub(r"\1[token]", text)


class WithoutTokens(logging.Filter):
    """Rewrites each record before any formatter sees it; it never drops one."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        clean = without_tokens(message)
        if clean != message:
            record.msg, record.args = clean, ()
        return True


def scrubbed(event: dict[str, Any], hint: dict[str, Any]) -> dict[str, Any]:
    """A Sentry event without the tokens its request's address may hold."""
    request = event.get("request") or {}
    for field in ("url", "query_string"):
        if isinstance(request.get(field), str):
            request[field] = without_tokens(request[field])
    if isinstance(event.get("transaction"), str):
        event["transaction"] = without_tokens(event["transaction"])
    return event
