"""Values of environment variables, for `settings`: each error names the variable and its cure."""

import ipaddress
import os
import re
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

ON = frozenset({"1", "on", "yes", "true", "y", "t", "ok"})
OFF = frozenset({"0", "off", "no", "false", "n", "f", "none", ""})

#: As Django reads the Host header, with the dot or the star that stand for several.
HOST = re.compile(r"\*|\.?[a-z0-9.-]+|\[[0-9a-f:.]+\]", re.IGNORECASE)
ORIGIN = re.compile(
    r"https?://((\*\.)?[a-z0-9.-]+|\[[0-9a-f:.]+\])(:(?P<port>[0-9]{1,5}))?", re.IGNORECASE
)

#: Names of the variables that the settings have read, set or not.
names_read: set[str] = set()

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
    hosts = read_list(value)
    for host in hosts:
        if not HOST.fullmatch(host):
            raise ImproperlyConfigured(
                f"{name}: “{host}” must be a host name alone, such as results.example.org"
            )
    return _not_empty(name, value, hosts)


def read_origins(name: str, value: str) -> list[str]:
    """Origins, each with its scheme and nothing after its host and port."""
    origins = read_list(value)
    for origin in origins:
        if not _is_origin(origin):
            raise ImproperlyConfigured(
                f"{name}: “{origin}” must be as https://results.example.org, without an end slash"
            )
    return _not_empty(name, value, origins)


def _is_origin(text: str) -> bool:
    match = ORIGIN.fullmatch(text)
    return match is not None and int(match["port"] or 0) <= 65535


def _not_empty(name: str, value: str, values: list[str]) -> list[str]:
    """The values. Commas without one are an error: the default would take their place."""
    if value.strip() and not values:
        raise ImproperlyConfigured(f"{name} has nothing between its commas")
    return values


def read_networks(name: str, value: str) -> list[Network]:
    try:
        return [ipaddress.ip_network(each) for each in read_list(value) if each != "none"]
    except ValueError as exc:
        raise ImproperlyConfigured(f"{name}: {exc}") from None


def read_redis_url(name: str, value: str) -> str:
    """The address of a Redis server, or an empty string for none."""
    url = value.strip()
    if url and not url.startswith("unix://") and not _is_redis_url(url):
        # Not shown, as it may have a password.
        raise ImproperlyConfigured(
            f"{name} must be as redis://host:6379/0, and in a password other characters than"
            " letters and digits as % and their code, such as %23 for #"
        )
    return url


def _is_redis_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
        _port = parts.port
    except ValueError:
        return False
    # redis-py reads another database than a number as the first.
    is_database = re.fullmatch(r"/?[0-9]*", parts.path)
    return parts.scheme in ("redis", "rediss") and bool(is_database) and not parts.fragment


def read_folder(name: str, value: str, default: Path) -> Path:
    """A folder, which need not be there yet."""
    folder = Path(value) if value else default
    # By os.path, which answers also where this user may not look.
    if os.path.exists(folder) and not os.path.isdir(folder):
        raise ImproperlyConfigured(f"{name} must be a folder, and {folder} is a file")
    return folder
