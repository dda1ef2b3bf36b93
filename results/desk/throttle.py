"""How often a wrong code or password may be tried: by network and by name, a hall's worth each."""

import hashlib

from django.core.cache import cache
from django.http import HttpRequest

WINDOW = 10 * 60
#: A hall is one network: fifty fumbling reporters must not lock each other out.
FROM_ONE_NETWORK = 60
FOR_ONE_NAME = 10


def too_many(request: HttpRequest, name: str = "") -> bool:
    """Whether this network, or this name from it, has tried wrongly too often lately."""
    return any(cache.get(key, 0) >= most for key, most in _keys(request, name))


def note_failure(request: HttpRequest, name: str = "") -> None:
    for key, _most in _keys(request, name):
        cache.add(key, 0, WINDOW)
        cache.incr(key)


def _keys(request: HttpRequest, name: str) -> list[tuple[str, int]]:
    network = request.META.get("REMOTE_ADDR", "")
    keys = [(_key(network), FROM_ONE_NETWORK)]
    return [*keys, (_key(network, name.casefold()), FOR_ONE_NAME)] if name else keys


def _key(*parts: str) -> str:
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return f"sign-in-failures-{digest[:32]}"
