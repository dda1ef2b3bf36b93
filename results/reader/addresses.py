"""Which address a page is known under, however it was asked for.

What is drawn holds absolute addresses and is kept for everybody. A Host header may carry any port
and any name below a wildcard of ALLOWED_HOSTS; each would be a page of its own.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port
from django.urls import reverse
from django.utils.http import is_same_domain


def origin_of(request: HttpRequest) -> str:
    """The scheme, name and port that this desk gives out for the one it was asked under.

    A trusted origin of that name, else the name from ALLOWED_HOSTS with the port that the server
    listens on, or without one behind a proxy. Raises DisallowedHost as Django does.
    """
    asked, _port = split_domain_port(request.get_host())
    trusted = [urlsplit(one) for one in settings.CSRF_TRUSTED_ORIGINS if "*" not in one]
    for one in trusted:
        if one.hostname == asked.strip("[]") and one.scheme == request.scheme:
            return one.geturl()
    if asked not in settings.ALLOWED_HOSTS:
        wildcards = [one for one in settings.ALLOWED_HOSTS if one.startswith(".")]
        wildcards = [one for one in wildcards if is_same_domain(asked, one)]
        for one in trusted:
            if not wildcards or any(is_same_domain(one.hostname or "", own) for own in wildcards):
                return one.geturl()
        asked = wildcards[0].removeprefix(".") if wildcards else request.META["SERVER_NAME"]
    return f"{request.scheme}://{asked}{_port_of(request)}"


def _port_of(request: HttpRequest) -> str:
    # Only what a declared proxy said is still in the request (electiondesk.proxies).
    port = "" if "X-Forwarded-For" in request.headers else str(request.META["SERVER_PORT"])
    usual = {"http": "80", "https": "443"}.get(request.scheme or "")
    return f":{port}" if port not in ("", "0", usual) else ""


def path_of(request: HttpRequest) -> str:
    """The path as this desk writes it: numbers without leading noughts."""
    match = request.resolver_match
    return reverse(match.view_name, kwargs=match.kwargs) if match else request.path


def absolute(request: HttpRequest, path: str) -> str:
    return origin_of(request) + path
