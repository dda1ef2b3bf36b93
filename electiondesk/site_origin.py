"""The origins that the site is known by, from CSRF_TRUSTED_ORIGINS."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port


def known_origins() -> list[str]:
    """The trusted origins that are addresses; one with a wildcard is none."""
    return [origin.rstrip("/") for origin in settings.CSRF_TRUSTED_ORIGINS if "*" not in origin]


def known_origin(request: HttpRequest) -> str:
    """The trusted origin with the host and scheme that were requested; "" without one.

    A proxy may pass on the host without the port that it listens on, so the request does not tell.
    Raises DisallowedHost as Django does.
    """
    host, _port = split_domain_port(request.get_host())
    for origin in known_origins():
        parts = urlsplit(origin)
        if parts.hostname == host.strip("[]") and parts.scheme == request.scheme:
            return origin
    return ""


def origin_for(request: HttpRequest) -> str:
    """The origin to show to the person who asks: the known one, or else as it was requested.

    For answers that no cache shares: a requested port may be anything.
    """
    return known_origin(request) or f"{request.scheme}://{request.get_host()}"
