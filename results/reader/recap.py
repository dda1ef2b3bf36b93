"""Recap of what has changed since a bulletin, for readers who come back.

The reader's browser keeps which bulletin it showed last, and asks with nothing but its number, so
that a cache may answer and nobody is told which seats a reader follows.
"""

from collections import Counter
from dataclasses import dataclass
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from results.live.cached_snapshot import CachedSnapshot
from results.live.night_cache import CachedContest
from results.live.seat_summary import has_gain
from results.models import Bulletin
from results.reader import page_cache
from results.reader.listings import parse_sequence
from results.reader.pages import Context, serve
from results.reader.public import public_election
from results.words.party_names import PartyName

#: Parties with the largest net rise and the largest net fall, each with its change.
Moved = list[tuple[PartyName, int]]


@dataclass(frozen=True, slots=True)
class Recap:
    """Numbers of seats declared, seats gained and corrections after a bulletin.

    `moved` is the largest net rise and the largest fall of these seats; `slugs` are theirs.
    """

    seats: int
    gains: int
    moved: Moved
    corrections: int
    slugs: list[str]


@require_safe
def recap(request: HttpRequest, election_slug: str) -> HttpResponse:
    """The recap since bulletin `?since=`, a part of a page that the live page fetches."""
    election = public_election(election_slug)
    since = parse_sequence(election, request.GET.get("since", "")) or 0

    def context_of(snapshot: CachedSnapshot) -> Context:
        recap = recap_since(snapshot, since)
        has_seats = not snapshot.has_separate_results
        return {"recap": recap, "since": since, "has_seats": has_seats}

    return serve(
        request,
        election,
        "reader/recap.html",
        context_of,
        variant=f"since={since}",
        cache=page_cache.CHOICES,
    )


def recap_since(snapshot: CachedSnapshot, since: int) -> Recap:
    """Recap of what bulletins after `since` declared and corrected, as it stands now."""
    declared = [cached for cached in snapshot.declared if cached.first_sequence > since]
    changes = Bulletin.objects.filter(
        election=snapshot.election,
        epoch=snapshot.night.epoch,
        sequence__gt=since,
        kind__in=[Bulletin.Kind.CORRECTION, Bulletin.Kind.WITHDRAWAL],
    )
    return Recap(
        seats=sum(cached.contribution.declared for cached in declared),
        gains=sum(map(_is_gain, declared)),
        moved=_moved(snapshot, declared),
        corrections=changes.count(),
        slugs=[cached.contest.slug for cached in declared],
    )


def _is_gain(cached: CachedContest) -> bool:
    return cached.made("gain", partial(has_gain, cached.contest.standing.summary))


def _moved(snapshot: CachedSnapshot, declared: list[CachedContest]) -> Moved:
    net: Counter[str] = Counter()
    for cached in declared:
        for label, party in cached.contribution.parties.items():
            net[label] += party.net
    ranked = sorted(net, key=lambda label: (-net[label], label))
    up = [label for label in ranked[:1] if net[label] > 0]
    down = [label for label in ranked[-1:] if net[label] < 0]
    return [(snapshot.party_names[label], net[label]) for label in (*up, *down)]
