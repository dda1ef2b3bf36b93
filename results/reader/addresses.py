"""The canonical address of a page, however it was requested.

Pages hold absolute URLs and are cached for everybody. A Host header may carry any port and any
name below a wildcard in `ALLOWED_HOSTS`; each would otherwise be cached as another page.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port
from django.urls import reverse
from django.utils.http import is_same_domain

from electiondesk.site_origin import known_origin, known_origins


def origin_of(request: HttpRequest) -> str:
    """The canonical scheme, host and port for the host that was requested.

    A trusted origin with that host, or else the host from `ALLOWED_HOSTS` with the port that the
    server listens on, left out behind a proxy. Raises DisallowedHost as Django does.
    """
    host, _port = split_domain_port(request.get_host())
    if known := known_origin(request):
        return known
    if host not in settings.ALLOWED_HOSTS:
        wildcards = [
            name
            for name in settings.ALLOWED_HOSTS
            if name.startswith(".") and is_same_domain(host, name)
        ]
        for origin in known_origins():
            name = urlsplit(origin).hostname or ""
            if not wildcards or any(is_same_domain(name, wildcard) for wildcard in wildcards):
                return origin
        host = wildcards[0].removeprefix(".") if wildcards else request.META["SERVER_NAME"]
    return f"{request.scheme}://{host}{_port_suffix(request)}"


def _port_suffix(request: HttpRequest) -> str:
    """`:8000`, or nothing for the scheme's own port and behind a proxy."""
    # Other proxies' headers have been removed already (electiondesk.proxies).
    port = "" if "X-Forwarded-For" in request.headers else str(request.META["SERVER_PORT"])
    default = {"http": "80", "https": "443"}.get(request.scheme or "")
    return f":{port}" if port not in ("", "0", default) else ""


def path_of(request: HttpRequest) -> str:
    """The canonical path: numbers without leading zeros."""
    match = request.resolver_match
    return reverse(match.view_name, kwargs=match.kwargs) if match else request.path


def absolute(request: HttpRequest, path: str) -> str:
    return origin_of(request) + path
