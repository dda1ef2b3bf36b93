"""Find a body by its address, and what a night shows of it."""

from django.http import Http404

from results.live.bodies import BodySnapshot
from results.live.cached_snapshot import CachedSnapshot
from results.live.night_cache import CachedContest
from results.models import Body
from results.reader.public import public_or_404


def get_body(election_slug: str, body_slug: str) -> Body:
    """The body with this address. Raises Http404 for one without a card and an embed of its own."""
    body = find_body(election_slug, body_slug)
    if not body.election.rules.has_control:
        raise Http404(body_slug)
    return body


def find_body(election_slug: str, body_slug: str) -> Body:
    """The body with this address. Raises Http404 if there is none."""
    bodies = Body.objects.select_related("election")
    return public_or_404(bodies, election_slug, slug=body_slug)


class NoBoardError(Http404):
    """The body has no page of its own: the election's live page shows all of it."""


def find_council(snapshot: CachedSnapshot, body: Body) -> BodySnapshot:
    """The body as it stands.

    Raises NoBoardError for one without contests, of separate results, or that nobody controls.
    """
    # Not every council of the night, of which there may be 150, for the page of one.
    for council in snapshot.some_bodies({body.pk}) if snapshot.shows_councils else ():
        if council.facts.contests:
            return council
    raise NoBoardError(body.slug)


def wards_of(snapshot: CachedSnapshot, body: Body) -> list[CachedContest]:
    """The body's contests, in order of name."""
    for each, keys in snapshot.cached.lists.by_body:
        if each.pk == body.pk:
            return snapshot.cached.some(keys)
    return []
