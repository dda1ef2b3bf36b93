"""Fault reports to Sentry, for a desk that was given a DSN; imported by no other."""

import sentry_sdk
from sentry_sdk.types import Event, Hint

from electiondesk.logs import without_tokens
from electiondesk.release import VERSION


def start_reporting(dsn: str) -> None:
    """Report errors alone: no traces (a reader's socket is a request of many hours), no people."""
    sentry_sdk.init(
        dsn=dsn,
        release=f"electiondesk@{VERSION}",
        send_default_pii=False,
        before_send=scrubbed,
    )


def scrubbed(event: Event, hint: Hint) -> Event:
    """`event` without the tokens that the address of its request may hold."""
    request = event.get("request", {})
    for field in ("url", "query_string"):
        value = request.get(field)
        if isinstance(value, str):
            request[field] = without_tokens(value)
    if isinstance(event.get("transaction"), str):
        event["transaction"] = without_tokens(event["transaction"])
    return event
