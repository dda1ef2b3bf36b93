"""A decorator that lets pages of other origins read a response (CORS)."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from django.http import HttpRequest, HttpResponse

View = TypeVar("View", bound=Callable[..., HttpResponse])


def readable_by_any_origin(view: View) -> View:
    """Add `Access-Control-Allow-Origin: *` to the view's responses.

    For what is public and the same for everyone. Programs in other sites' pages read it, and so do
    embeds in a sandboxed frame, whose origin is opaque. The header is the same for all, so that
    nothing has to be cached by origin.
    """

    @wraps(view)
    def wrapper(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response

    return wrapper  # type: ignore[return-value] # wraps() keeps the signature
