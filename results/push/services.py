"""The push services of browsers, which alone are sent to.

A browser's script posts the address that its push service gave it, and so can anybody post one.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.utils.http import is_same_domain

_HTTPS_PORT = 443


def is_known_service(endpoint: str) -> bool:
    """Whether the endpoint is one of PUSH_SERVICES. Raises ValueError if it is no address."""
    parts = urlsplit(endpoint)
    host = parts.hostname or ""
    # A port that a service's firewall drops keeps the desk waiting.
    is_usual_port = parts.port in (None, _HTTPS_PORT) or is_local(parts.scheme)
    return is_usual_port and any(is_same_domain(host, name) for name in settings.PUSH_SERVICES)


def is_local(scheme: str) -> bool:
    """Whether this is a service in the newsroom's own network, without TLS."""
    return bool(settings.WEBHOOK_NETWORKS) and scheme == "http"
