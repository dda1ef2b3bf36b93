"""What loading a file would change, without changing it."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.db import transaction

from results.models import Candidate, Contest, LastVotes

Seen = Mapping[str, str]


class _Undo(Exception):
    """Takes back what was only tried."""


def preview(election_slug: str, load: Callable[[], Any]) -> list[str]:
    """Do it, look, and take it back: a line for each thing that would be new, other or gone.

    Raises what ``load`` raises.
    """
    before = seen_of(election_slug)
    after: Seen = {}
    try:
        with transaction.atomic():
            load()
            after = seen_of(election_slug)
            raise _Undo
    except _Undo:
        return list(_differences(before, after))


def seen_of(slug: str) -> dict[str, str]:
    """What readers see of an election's contests, candidates and last results, by what it is."""
    contests = Contest.objects.filter(election__slug=slug).select_related("region")
    seen = {
        f"contest {one.name}": f"{one.region or 'no region'}, {one.seats} seats" for one in contests
    }
    candidates = Candidate.objects.filter(contest__election__slug=slug)
    for one in candidates.select_related("contest", "party"):
        place = f"{one.contest.name}, {one.name}"
        seen[f"candidate {place}"] = f"{one.label}, place {one.ballot_order} on the ballot paper"
    votes = LastVotes.objects.filter(last_result__contest__election__slug=slug)
    for vote in votes.select_related("last_result__contest", "party"):
        place = f"{vote.last_result.contest.name}, {vote.name or vote.label}"
        seen[f"last time {place}"] = f"{vote.votes} votes"
    return seen


def _differences(before: Seen, after: Seen) -> Iterator[str]:
    for name in sorted(before.keys() | after.keys()):
        was, now = before.get(name), after.get(name)
        if was is None:
            yield f"new: {name} ({now})"
        elif now is None:
            yield f"gone: {name} ({was})"
        elif was != now:
            yield f"other: {name}: {was} → {now}"
