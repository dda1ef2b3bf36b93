"""What a change of details does to pages that are out: published again, or nothing at all.

What readers see is drawn before and after and compared, so that no list of fields needs keeping.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from results import desk
from results.live.election_snapshot import ElectionSnapshot
from results.live.fragments import render_row, render_seat
from results.live.seat import with_results
from results.models import Contest, Election, Night


@dataclass(frozen=True, slots=True)
class Sight:
    """What there is of a contest to be seen, on its own pages and in the night's."""

    # What no bulletin carries: its address, the titles that name it, its place in the lists.
    place: tuple[Any, ...]
    shown: dict[str, str]
    counted: tuple[Any, ...]


def sight_of(contest_pk: int) -> Sight | None:
    """The contest as it is stored at this moment; None where there is none."""
    contest = with_results(Contest.objects.filter(pk=contest_pk)).first()
    if contest is None:
        return None
    snapshot = ElectionSnapshot(contest.election)
    seat = snapshot.seat(contest)
    return Sight(
        place=(contest.slug, contest.name, contest.region_id),
        shown={**render_seat(snapshot, seat), **render_row(snapshot, contest)},
        counted=(contest.seats, seat.summary, seat.contribution.to_json()),
    )


def republish_contest(contest: Contest, before: Sight | None, by: User) -> str:
    """Publish what has changed of it since ``before``; what was done, in words."""
    election = Election.objects.get(pk=contest.election_id)
    after = sight_of(contest.pk) if contest.pk else None
    if before == after:
        return nothing_published()
    if before is None or after is None or before.place != after.place:
        return start_new_epochs([election])
    return republish_fragments(election, [contest], by=by)


def republish_fragments(
    election: Election, contests: Sequence[Contest], *, by: User, summary: str = ""
) -> str:
    """Publish the fragments of some contests, or without any the night's; say what was done."""
    # Before the first bulletin there is no stream to keep complete.
    if Night.objects.get(election=election).sequence == 0:
        return start_new_epochs([election])
    key = f"details-{uuid.uuid4()}"
    result = desk.republish(election, contests, by=by, idempotency_key=key, summary=summary)
    return _("Readers see the change: published as bulletin %(number)d.") % {
        "number": result.sequence
    }


def start_new_epochs(elections: Iterable[Election]) -> str:
    """For what touches every page of an election: its open pages load themselves afresh."""
    names = []
    for election in elections:
        desk.start_new_epoch(election)
        names.append(election.name)
    if not names:
        return nothing_published()
    return _("Readers see the change: every open page of %(elections)s loads itself afresh.") % {
        "elections": ", ".join(names)
    }


def nothing_published() -> str:
    return _("Nothing that readers see has changed, so nothing was published.")
