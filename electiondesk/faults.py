"""Fault reports to Sentry, for a desk that was given a DSN; imported by no other."""

import sentry_sdk

from electiondesk.logs import scrubbed
from electiondesk.release import VERSION


def report_to(dsn: str) -> None:
    """Report errors alone: no traces (a reader's socket is a request of many hours), no people."""
    sentry_sdk.init(
        dsn=dsn,
        release=f"electiondesk@{VERSION}",
        send_default_pii=False,
        before_send=scrubbed,
    )
