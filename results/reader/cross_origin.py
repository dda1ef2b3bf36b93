"""Let pages of other origins read a response (CORS)."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from django.http import HttpRequest, HttpResponse

View = TypeVar("View", bound=Callable[..., HttpResponse])


def readable_by_any_origin(view: View) -> View:
    """Add the CORS header to whatever a view answers.

    For what is public and the same for everyone: programs in other sites' pages, and embeds in a
    sandboxed frame, whose origin is opaque even towards the desk that served it. The header is the
    same for all, so that nothing has to be cached by origin.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response

    return answer  # type: ignore[return-value]
