"""How often a wrong code or password may be tried: by network and by name, a hall's worth each.

Counted in the database: every process of the desk sees the same, a restart forgives nothing, and a
Redis that is away locks out nobody. A row a failure: two at once are two, whoever writes first.
"""

import ipaddress
from datetime import timedelta

from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from results.models import FailedSignIn

WINDOW = timedelta(minutes=10)
#: A hall is one network: fifty fumbling reporters must not lock each other out.
FROM_ONE_NETWORK = 60
FOR_ONE_NAME = 10


def too_many(request: HttpRequest, name: str = "") -> bool:
    """Whether this network, or this name from it, has tried wrongly too often lately."""
    since = timezone.now() - WINDOW
    return any(
        FailedSignIn.objects.filter(heading=heading, at__gt=since).count() >= most
        for heading, most in _headings(request, name)
    )


def note_failure(request: HttpRequest, name: str = "") -> None:
    """Count one, and forget those that count no longer."""
    now = timezone.now()
    FailedSignIn.objects.bulk_create(
        FailedSignIn(heading=heading, at=now) for heading, _most in _headings(request, name)
    )
    FailedSignIn.objects.filter(at__lte=now - WINDOW).delete()


def _headings(request: HttpRequest, name: str) -> list[tuple[str, int]]:
    network = _network(request.META.get("REMOTE_ADDR", ""))
    headings = [(_heading(network), FROM_ONE_NETWORK)]
    return [*headings, (_heading(network, name.casefold()), FOR_ONE_NAME)] if name else headings


def _network(address: str) -> str:
    """An IPv6 household may use any of its 2⁶⁴ addresses: they are one network."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 6:
        return str(ipaddress.ip_network((found, 64), strict=False))
    return address


def _heading(*parts: str) -> str:
    """Keyed, so that a stolen table tells neither names nor addresses."""
    return salted_hmac("results.failed-sign-in", "\n".join(parts), algorithm="sha256").hexdigest()
