"""Error reports to Sentry; imported only where SENTRY_DSN is set."""

import sentry_sdk
from django.core.exceptions import ImproperlyConfigured
from sentry_sdk.types import Event, Hint
from sentry_sdk.utils import BadDsn

from electiondesk.logs import without_tokens
from electiondesk.release import VERSION


def start_reporting(dsn: str) -> None:
    """Report errors only: no traces (a socket is a request of many hours), no personal data."""
    try:
        sentry_sdk.init(
            dsn=dsn,
            release=f"electiondesk@{VERSION}",
            send_default_pii=False,
            before_send=scrub,
        )
    except BadDsn:
        # Without the value and its cause, since a DSN has a key.
        raise ImproperlyConfigured("SENTRY_DSN is not an address as Sentry shows it") from None


def scrub(event: Event, hint: Hint) -> Event:
    """Remove what forms sent, and sign-in tokens from the addresses in `event`.

    Where a reader's search failed, the variables of each function go as well: a postcode says where
    its reader lives.
    """
    request = event.get("request", {})
    request.pop("data", None)
    if str(request.get("url", "")).endswith("/find/postcode/"):
        for exception in event.get("exception", {}).get("values", []):
            for frame in (exception.get("stacktrace") or {}).get("frames", []):
                frame.pop("vars", None)
    for field in ("url", "query_string"):
        value = request.get(field)
        if isinstance(value, str):
            request[field] = without_tokens(value)
    if isinstance(event.get("transaction"), str):
        event["transaction"] = without_tokens(event["transaction"])
    return event
