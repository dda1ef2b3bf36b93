"""Publish pages again after an editor changed details, if readers see the change.

What readers see is rendered before and after and compared, so there is no list of fields to keep.
"""

import uuid
from collections.abc import Sequence
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
class VisibleContest:
    """What readers see of a contest, on its own page and on the election's."""

    # No bulletin carries these: the contest's address, its name in titles, its order in lists.
    identity: tuple[Any, ...]
    fragments: dict[str, str]
    counted: tuple[Any, ...]
    # In the files for programs only.
    exported: str


def visible_contest(contest_pk: int) -> VisibleContest | None:
    """Read the contest as it is stored; None where it is not."""
    contest = with_results(Contest.objects.filter(pk=contest_pk)).first()
    if contest is None:
        return None
    snapshot = ElectionSnapshot(contest.election)
    seat = snapshot.seat(contest)
    return VisibleContest(
        identity=(contest.slug, contest.name, contest.region_id),
        fragments={**render_seat(snapshot, seat), **render_row(snapshot, contest)},
        counted=(contest.seats, seat.summary, seat.contribution.to_json()),
        exported=contest.code,
    )


def republish_contest(contest: Contest, before: VisibleContest | None, by: User) -> str:
    """Publish what has changed since `before`; a sentence about what was done."""
    election = Election.objects.get(pk=contest.election_id)
    after = visible_contest(contest.pk) if contest.pk else None
    if before == after:
        return nothing_published()
    if before is None or after is None or before.identity != after.identity:
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


def start_new_epochs(elections: Sequence[Election]) -> str:
    """Make every open page of the elections reload; a sentence about what was done."""
    for election in elections:
        desk.start_new_epoch(election)
    if not elections:
        return nothing_published()
    return _("Readers see the change: every open page of %(elections)s loads itself afresh.") % {
        "elections": ", ".join(election.name for election in elections)
    }


def nothing_published() -> str:
    return _("Nothing that readers see has changed, so nothing was published.")
