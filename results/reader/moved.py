"""Permanent redirects from contests that were merged into others."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse

from results.models import Contest, Election, contest_at


def contest_or_404(election: Election, slug: str) -> Contest:
    """Return the contest with this address, or the one that it was merged into."""
    contest = contest_at(election, slug)
    if contest is None:
        raise Http404
    return contest


def redirect_if_merged(request: HttpRequest, contest: Contest, slug: str) -> HttpResponse | None:
    """Return a redirect to the same page of the contest, unless it was asked for by its address."""
    match = request.resolver_match
    if contest.slug == slug or match is None:
        return None
    address = reverse(match.view_name, kwargs={**match.kwargs, "contest_slug": contest.slug})
    response = HttpResponsePermanentRedirect(address)
    response.headers["Cache-Control"] = "public, max-age=60"
    return response
