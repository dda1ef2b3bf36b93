"""A number for every request, in every line that is logged about it and in its answer."""

import json
import logging
import re
import secrets
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

_at_hand: ContextVar[str] = ContextVar("request_id", default="")
#: What a proxy of ours may say: anything else is not repeated into a log.
_SANE = re.compile(r"[A-Za-z0-9-]{8,64}")


def request_id_middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """The proxy's number where it gave one, else one of our own."""

    def middleware(request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        number = given if _SANE.fullmatch(given) else secrets.token_hex(8)
        token = _at_hand.set(number)
        try:
            response = get_response(request)
        finally:
            _at_hand.reset(token)
        response.headers["X-Request-ID"] = number
        return response

    return middleware


class WithRequest(logging.Filter):
    """Gives each record the number of the request at hand, or a dash."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = _at_hand.get() or "-"
        return True


class Lines(logging.Formatter):
    """One JSON object a line: no message, whatever is in it, begins a line of its own."""

    def format(self, record: logging.LogRecord) -> str:
        said = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "request": getattr(record, "request_id", "-"),
            "message": record.getMessage(),
        }
        if record.exc_info:
            said["fault"] = record.exc_text or self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False)
