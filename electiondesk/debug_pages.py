"""The page of an address without one where DEBUG is on."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import get_resolver
from django.views import debug

_technical_404_response = debug.technical_404_response


def install() -> None:
    """Show the desk's own page in the demo, whose visitors have no use for a list of URL patterns.

    Django has no setting for it. Developers get Django's page where DEMO is off.
    """
    debug.technical_404_response = _not_found


def _not_found(request: HttpRequest, exception: Any) -> HttpResponse:
    if not settings.DEMO:
        return _technical_404_response(request, exception)
    handler: Any = get_resolver().resolve_error_handler(404)
    response: HttpResponse = handler(request, exception=exception)
    return response
