"""Keep sign-in tokens out of the access logs of Daphne and Uvicorn, which bypass our filters."""

import logging
import sys
from typing import Any

from electiondesk.logs import WithoutTokens, without_tokens


def redact_access_logs() -> None:
    """Filter the access log of whichever server this is. Daphne's is on by default."""
    logging.getLogger("uvicorn.access").addFilter(WithoutTokens())
    daphne = sys.modules.get("daphne.access")
    if daphne is None:
        return
    generator = daphne.AccessLogGenerator
    original = generator.write_entry

    def write_entry(self: Any, host: Any, date: Any, request: str, **more: Any) -> None:
        original(self, host, date, without_tokens(request), **more)

    generator.write_entry = write_entry
