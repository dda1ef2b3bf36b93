"""Store milestones when a bulletin makes a tally reach them or fall below them."""

from collections.abc import Collection, Iterator
from datetime import datetime

from results.arithmetic import ReachedMilestone, body_milestones, reached_milestones
from results.live.bodies import BodySnapshot
from results.live.election_snapshot import ElectionSnapshot
from results.models import Milestone

#: A milestone, with the key of the body that reached it, or None for the whole election.
Reached = tuple[int | None, ReachedMilestone]


def update_milestones(
    snapshot: ElectionSnapshot, at: datetime | None, bodies: Collection[int] | None = None
) -> tuple[bool, list[Milestone]]:
    """Store reached milestones; return whether any is new, and those undone.

    `at` is when the declaration was made that reached them; None means not known. `bodies` are
    those whose tallies may have changed; None means all.
    """
    stored = {
        reached_of(row): row
        for row in snapshot.milestones
        if bodies is None or row.body_id is None or row.body_id in bodies
    }
    moved = controlled_bodies(snapshot, bodies)
    declared = {None: snapshot.tally.declared} | {
        body.body.pk: body.tally.declared for body in moved
    }
    reached = frozenset(reached_by(snapshot, moved))
    undone = [row for milestone, row in stored.items() if milestone not in reached]
    new = sorted(reached - stored.keys(), key=_order)
    if undone:
        keys = [row.pk for row in undone]
        Milestone.objects.filter(pk__in=keys).update(undone_by=snapshot.night.sequence)
    Milestone.objects.bulk_create(
        Milestone(
            election=snapshot.election,
            body_id=body,
            reached=milestone.kind,
            label=milestone.label,
            seats=declared[body],
            sequence=snapshot.night.sequence,
            at=at,
        )
        for body, milestone in new
    )
    if undone or new:
        del snapshot.milestones  # read again, as stored now
    return bool(new), undone


def reached_of(row: Milestone) -> Reached:
    return row.body_id, row.reached_milestone


def _order(reached: Reached) -> tuple[int, ReachedMilestone]:
    body, milestone = reached
    return body or 0, milestone


def controlled_bodies(
    snapshot: ElectionSnapshot, keys: Collection[int] | None = None
) -> tuple[BodySnapshot, ...]:
    """Return the bodies with these keys, or all, if the kind of election has control of bodies."""
    return snapshot.some_bodies(keys) if snapshot.election.rules.has_control else ()


def reached_by(snapshot: ElectionSnapshot, bodies: Collection[BodySnapshot]) -> Iterator[Reached]:
    """Yield the milestones of the election's tally and of these bodies' tallies.

    It yields none where results are not added up.
    """
    if snapshot.has_separate_results:
        return
    whole = reached_milestones(snapshot.tally, snapshot.seats, whole_house=snapshot.whole_house)
    yield from ((None, milestone) for milestone in whole)
    for body in bodies:
        yield from ((body.body.pk, milestone) for milestone in body_milestones(body.seats))
