"""Error reports to Sentry; imported only where SENTRY_DSN is set."""

import sentry_sdk
from sentry_sdk.types import Event, Hint

from electiondesk.logs import without_tokens
from electiondesk.release import VERSION


def start_reporting(dsn: str) -> None:
    """Report errors only: no traces (a socket is a request of many hours), no personal data."""
    sentry_sdk.init(
        dsn=dsn,
        release=f"electiondesk@{VERSION}",
        send_default_pii=False,
        before_send=scrub,
    )


def scrub(event: Event, hint: Hint) -> Event:
    """Remove sign-in tokens from the addresses in `event`."""
    request = event.get("request", {})
    for field in ("url", "query_string"):
        value = request.get(field)
        if isinstance(value, str):
            request[field] = without_tokens(value)
    if isinstance(event.get("transaction"), str):
        event["transaction"] = without_tokens(event["transaction"])
    return event
