"""Look up contests by their addresses, with redirects from those that were merged into others."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse

from results.models import Contest, Election, contest_at
from results.reader.public import public_election


def contest_or_404(election: Election, slug: str) -> Contest:
    """Return the contest with this address, or the one that it was merged into."""
    contest = contest_at(election, slug)
    if contest is None:
        raise Http404
    return contest


def contest_view(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorate a view that takes an election and its contest, found by their addresses.

    The address of a contest that was merged redirects to the same page of the one that is left.
    """

    @wraps(view)
    def wrapper(
        request: HttpRequest, election_slug: str, contest_slug: str, **more: Any
    ) -> HttpResponse:
        election = public_election(election_slug)
        contest = contest_or_404(election, contest_slug)
        match = request.resolver_match
        if contest.slug == contest_slug or match is None:
            return view(request, election, contest, **more)
        address = reverse(match.view_name, kwargs={**match.kwargs, "contest_slug": contest.slug})
        response = HttpResponsePermanentRedirect(address)
        response.headers["Cache-Control"] = "public, max-age=60"
        return response

    return wrapper
