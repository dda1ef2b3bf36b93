"""The answer while the database does not answer: 503, and when to ask again."""

import sys
from http import HTTPStatus

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.views import defaults

RETRY_AFTER_SECONDS = 5


def is_unavailable(exc: BaseException | None) -> bool:
    """Whether an exception says that the database cannot be asked now, but will be again.

    SQLite's of a missing table or column is of the same type: no waiting adds that.
    """
    if isinstance(exc, OperationalError):
        return not str(exc).startswith("no such ")
    return isinstance(exc, InterfaceError)


def server_error(request: HttpRequest) -> HttpResponse:
    """The page of a request that failed: 503 for the database's sake, else 500."""
    response = defaults.server_error(request)
    if is_unavailable(sys.exc_info()[1]):
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    response.headers["Cache-Control"] = "no-store"
    return response
