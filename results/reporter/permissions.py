"""Permission to open a count's page: for reporters assigned to it, and editors."""

import logging
from collections.abc import Collection

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest

from results.live.seat import Seat, with_results
from results.models import Assignment, Contest, MergedContest
from results.words.party_names import load_party_names

logger = logging.getLogger(__name__)


class NotAssigned(Http404):
    """Raised where there is no such count, or for anybody but its reporters and editors."""


def user_of(request: HttpRequest) -> User:
    """Return the signed-in user of a request that has passed `reporters_only`."""
    assert isinstance(request.user, User)
    return request.user


def contests_of(user: User, contests: Collection[int]) -> Collection[int]:
    """Return those of the contests whose pages this person may open."""
    if not contests or user.has_perm("results.add_declaration"):
        return contests
    assigned = Assignment.objects.filter(reporter=user, contest__in=contests)
    return set(assigned.values_list("contest", flat=True))


def seat_for(request: HttpRequest, election_slug: str, contest_slug: str) -> Seat:
    """Return the seat. Raises NotAssigned for anybody but its reporters and editors."""
    contest = (
        with_results(Contest.objects.all())
        .filter(election__slug=election_slug, slug=contest_slug)
        .first()
    )
    user = user_of(request)
    if contest is None:
        # A phone that has the page of a contest that was merged meanwhile goes on at the other's.
        merged = MergedContest.objects.filter(election__slug=election_slug, slug=contest_slug)
        contest = with_results(Contest.objects.filter(merged__in=merged)).first()
    if contest is None:
        raise NotAssigned
    assigned = Assignment.objects.filter(reporter=user, contest=contest)
    if not (user.has_perm("results.add_declaration") or assigned.exists()):
        logger.warning("refused: user %s is not assigned to %s", user.pk, contest.slug)
        raise NotAssigned
    return Seat(contest, load_party_names(contest.election.date))
