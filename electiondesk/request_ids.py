"""Request ids: one for every request, in its log records and in its response."""

import json
import logging
import re
import secrets
from collections.abc import Callable
from contextvars import ContextVar
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils.log import log_response

_request_id: ContextVar[str] = ContextVar("request_id", default="")
#: Ids accepted from a trusted proxy: anything else could forge log entries.
_VALID = re.compile(r"[A-Za-z0-9-]{8,64}")


def request_id_middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Set the request id, the trusted proxy's or a new one, and return it as X-Request-ID."""

    def middleware(request: HttpRequest) -> HttpResponse:
        header = request.headers.get("X-Request-ID", "")
        request_id = header if _VALID.fullmatch(header) else secrets.token_hex(8)
        token = _request_id.set(request_id)
        try:
            response = get_response(request)
            if response.status_code >= HTTPStatus.BAD_REQUEST:
                _log_refusal(request, response)
        finally:
            _request_id.reset(token)
        response.headers["X-Request-ID"] = request_id
        return response

    return middleware


def _log_refusal(request: HttpRequest, response: HttpResponse) -> None:
    """Log a refusal as Django does once all middleware has ended, but under the request's id.

    Django logs each response once.
    """
    log_response("%s: %s", response.reason_phrase, request.path, response=response, request=request)


class WithRequestId(logging.Filter):
    """Logging filter that sets `request_id` on each record, a dash outside of requests."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = _request_id.get() or "-"
        return True


class JsonFormatter(logging.Formatter):
    """Formats each record as a JSON object on one line, so that no message can forge a record."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "request": getattr(record, "request_id", "-"),
            "message": record.getMessage(),
        }
        if record.exc_info:
            entry["exception"] = record.exc_text or self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)
