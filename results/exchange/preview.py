"""Preview what loading a file would change, by loading it and rolling back."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.db import transaction

from results.models import Candidate, Contest, LastVotes, Party, Standing
from results.models.party_alias import public_number

#: Descriptions by name of the thing described.
State = Mapping[str, str]


def preview(election_slug: str, load: Callable[[], Any]) -> list[str]:
    """Return a line for each thing that `load` would create, change or delete.

    Raises what `load` raises.
    """
    before = visible_state(election_slug)
    with transaction.atomic():
        load()
        after = visible_state(election_slug)
        transaction.set_rollback(True)
    return list(_differences(before, after))


def visible_state(slug: str) -> dict[str, str]:
    """Describe what readers see of an election's contests, candidates and last results."""
    state = {
        f"contest {contest.full_name}": f"{contest.region or 'no region'}, {contest.seats} seats"
        for contest in Contest.objects.filter(election__slug=slug).select_related("region")
    }
    for standing in Standing.objects.filter(
        contest__election__slug=slug,
        status__in=[Standing.Status.POSTPONED, Standing.Status.UNOPPOSED],
    ).select_related("contest"):
        state[f"poll {standing.contest.full_name}"] = standing.status_name
    for party in Party.objects.prefetch_related("aliases"):
        numbers = [public_number(party.electoral_commission_id) or "no number"]
        aliases = [str(alias) for alias in party.aliases.all()]
        state[f"party {party.name} ({party.slug})"] = ", ".join([*numbers, *aliases])
    candidates = Candidate.objects.filter(contest__election__slug=slug)
    for candidate in candidates.select_related("contest", "party__tallied_with", "person"):
        # By its id: a row that is deleted and created again is not the same candidate.
        state[f"candidate #{candidate.pk}"] = _described(candidate)
    votes = LastVotes.objects.filter(last_result__contest__election__slug=slug)
    for vote in votes.select_related("last_result__contest", "party"):
        name = f"last time {vote.last_result.contest.full_name}, {vote.name or vote.label}"
        state[name] = f"{vote.votes} votes"
    return state


def _described(candidate: Candidate) -> str:
    number = candidate.person.democracy_club_id if candidate.person else None
    return (
        f"{candidate.contest.full_name}, {candidate.name} ({candidate.label}, "
        f"place {candidate.ballot_order} on the ballot paper, person {number or 'without id'})"
    )


def _differences(before: State, after: State) -> Iterator[str]:
    for name in sorted(before.keys() | after.keys()):
        was, now = before.get(name), after.get(name)
        if name.startswith("candidate #"):
            yield from _candidate_difference(was, now)
        elif was is None:
            yield f"new: {name} ({now})"
        elif now is None:
            yield f"gone: {name} ({was})"
        elif was != now:
            yield f"other: {name}: {was} → {now}"


def _candidate_difference(was: str | None, now: str | None) -> Iterator[str]:
    """Say of one candidate whether their votes, quotes and submissions stay theirs."""
    if was is None:
        yield f"new: candidate {now}"
    elif now is None:
        yield f"gone: candidate {was}"
    elif was != now:
        yield f"kept: candidate {was} → {now}"
