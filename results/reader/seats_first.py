"""Routes that prefer a seat to a page of the election at the same address.

An address never changes, so a page gives way to a seat, or to what a seat was merged into, that an
earlier release stored under its name. No new contest gets such an address: `PAGES_OF_THE_NIGHT`.
"""

import re
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import ResolverMatch, URLPattern, path

from results.models import is_contest_address

View = Callable[..., HttpResponseBase]

#: Routes of pages that look like a seat's.
_ONE_SEGMENT = re.compile(r"([a-z]+)/")
#: What open pages poll was there before any seat, and every request to it would cost a query more.
NEVER_A_SEAT = frozenset({"now"})


def seats_first(routes: Iterable[URLPattern], seat: View, name: str) -> list[URLPattern]:
    """Wrap the routes below an election so that each tries a seat with its address first.

    `seat` is the view of seats, and `name` that of its route.
    """
    return [_seat_first(route, seat, name) for route in routes]


def _seat_first(route: URLPattern, seat: View, name: str) -> URLPattern:
    match = _ONE_SEGMENT.fullmatch(str(route.pattern))
    if match is None or match[1] in NEVER_A_SEAT:
        return route
    return path(match[0], _or_seat(match[1], route.callback, seat, name), name=route.name)


def _or_seat(slug: str, page: View, seat: View, name: str) -> View:
    @wraps(page)
    def view(request: HttpRequest, election_slug: str, **kwargs: Any) -> HttpResponseBase:
        if not is_contest_address(election_slug, slug):
            return page(request, election_slug, **kwargs)
        kwargs = {"election_slug": election_slug, "contest_slug": slug}
        request.resolver_match = ResolverMatch(seat, (), kwargs, url_name=name)
        return seat(request, **kwargs)

    return view
