"""The servers' own access logs, which know nothing of our filters: without tokens as well."""

import logging
import sys
from typing import Any

from electiondesk.logs import WithoutTokens, without_tokens


def leave_tokens_out() -> None:
    """From now on, in whichever server this is. Daphne's log is on unless it is told otherwise."""
    logging.getLogger("uvicorn.access").addFilter(WithoutTokens())
    daphne = sys.modules.get("daphne.access")
    if daphne is None:
        return
    generator = daphne.AccessLogGenerator
    written = generator.write_entry

    def write_entry(self: Any, host: Any, date: Any, request: str, **more: Any) -> None:
        written(self, host, date, without_tokens(request), **more)

    generator.write_entry = write_entry
