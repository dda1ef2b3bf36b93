"""Answer 304 to a client that has the response already, and create it otherwise."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response


def conditional_response(
    request: HttpRequest, etag: str, cache_control: str, create: Callable[[], HttpResponse]
) -> HttpResponse:
    """Return 304, or what `create` returns, with the headers for caches on either."""
    response = get_conditional_response(request, etag=etag) or create()
    response.headers["Cache-Control"] = cache_control
    response.headers["ETag"] = etag
    return response
