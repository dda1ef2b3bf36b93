"""A decorator that lets pages of other origins read a response (CORS)."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from django.http import HttpResponse

P = ParamSpec("P")


def readable_by_any_origin(view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    """Add `Access-Control-Allow-Origin: *` to the view's responses.

    For what is public and the same for everyone. Programs in other sites' pages read it, and so do
    embeds in a sandboxed frame, whose origin is opaque. The header is the same for all, so that
    nothing has to be cached by origin.
    """

    @wraps(view)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(*args, **kwargs)
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response

    return wrapper
