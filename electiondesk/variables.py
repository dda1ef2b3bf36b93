"""Values of environment variables, for `settings`: each error names the variable and its cure."""

import ipaddress
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

ON = frozenset({"1", "on", "yes", "true", "y", "t", "ok"})
OFF = frozenset({"0", "off", "no", "false", "n", "f", "none", ""})

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def read_switch(name: str, value: str) -> bool:
    """Whether something is on. A word that says neither is an error: it may guard the desk."""
    word = value.strip().lower()
    if word not in ON | OFF:
        raise ImproperlyConfigured(f"{name} must be 1 or 0, not “{value}”")
    return word in ON


def read_list(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


def read_hosts(name: str, value: str) -> list[str]:
    """Host names as Django compares them, which one with a scheme, path or port never matches."""
    for host in read_list(value):
        is_address = host.startswith("[") and host.endswith("]")
        if "/" in host or (":" in host and not is_address):
            raise ImproperlyConfigured(
                f"{name}: “{host}” must be a host name alone, such as results.example.org"
            )
    return read_list(value)


def read_origins(name: str, value: str) -> list[str]:
    """Origins, each with its scheme and nothing after its host."""
    for origin in read_list(value):
        parts = urlsplit(origin)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.path:
            raise ImproperlyConfigured(
                f"{name}: “{origin}” must be as https://results.example.org, without an end slash"
            )
    return read_list(value)


def read_networks(name: str, value: str) -> list[Network]:
    try:
        return [ipaddress.ip_network(each) for each in read_list(value) if each != "none"]
    except ValueError as exc:
        raise ImproperlyConfigured(f"{name}: {exc}") from None


def read_redis_url(name: str, value: str) -> str:
    """The address of a Redis server, or an empty string for none."""
    url = value.strip()
    if url and not url.startswith(("redis://", "rediss://", "unix://")):
        raise ImproperlyConfigured(f"{name} must be as redis://host:6379/0, not “{url}”")
    return url
