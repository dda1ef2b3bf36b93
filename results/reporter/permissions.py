"""Who is at which count: the reporter who is sent there, and whoever sits at the desk."""

import logging

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest

from results.live.seat import Seat, with_results
from results.models import Assignment, Contest
from results.words.party_names import load_party_names

log = logging.getLogger(__name__)


def user_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def seat_for(request: HttpRequest, election_slug: str, contest_slug: str) -> Seat:
    """The seat, for who is sent there or sits at the desk; for others there is no such page."""
    contest = (
        with_results(Contest.objects.all())
        .filter(election__slug=election_slug, slug=contest_slug)
        .first()
    )
    user = user_of(request)
    if contest is None:
        raise Http404
    sent = Assignment.objects.filter(reporter=user, contest=contest)
    if not (user.has_perm("results.add_declaration") or sent.exists()):
        log.warning("refused: user %s is not sent to %s", user.pk, contest.slug)
        raise Http404
    return Seat(contest, load_party_names())
