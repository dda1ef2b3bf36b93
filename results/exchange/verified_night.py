"""Compare what is stored of the whole night with the sums of its contests."""

from collections.abc import Iterator
from dataclasses import asdict

from results.arithmetic import ReachedMilestone, Tally
from results.arithmetic.known import TurnoutChanges, changes_from_json
from results.desk.checks import region_key
from results.desk.milestones import controlled_bodies, reached_by, reached_of
from results.desk.tallies import stored_body_tallies, sum_shares
from results.exchange.recomputed import Recomputed, read, values_that_differ
from results.models import Body


def check_tally(night: Recomputed) -> Iterator[str]:
    """Check the tally of all contests."""
    counted = Tally()
    for seat in night.seats:
        counted = counted.plus(seat.contribution)
    published, error = read(lambda: night.snapshot.tally)
    if published is None:
        yield f"the night’s totals cannot be read: {error}"
    elif counted != published:
        yield from tally_differences(counted, published)


def check_body_tallies(night: Recomputed) -> Iterator[str]:
    """Check the tally of each body; kinds of elections without body tallies have none."""
    _whole, counted = sum_shares((seat.contest.body_id, seat.contribution) for seat in night.seats)
    stored, error = read(lambda: stored_body_tallies(night.election.pk))
    if stored is None:
        yield f"the tallies of bodies cannot be read: {error}"
        return
    has_tallies = night.election.rules.has_body_tallies
    for body, name in Body.objects.filter(election=night.election).values_list("pk", "name"):
        expected = counted.get(body, Tally()) if has_tallies else Tally()
        for difference in tally_differences(expected, stored.get(body, Tally())):
            yield f"{name}: {difference}"


def tally_differences(counted: Tally, published: Tally) -> Iterator[str]:
    """Yield a sentence for each sum that differs from that of the contests."""
    for label in sorted({*counted.parties, *published.parties}):
        stored, sums = (_sums_of(tally, label) for tally in (published, counted))
        for name, before, now in values_that_differ(stored, sums):
            yield f"{label}: {name} {before}, its contests have {now}"
    for name in Tally.__dataclass_fields__:
        if name != "parties" and getattr(counted, name) != getattr(published, name):
            yield f"{name}: {getattr(published, name)}, its contests have {getattr(counted, name)}"


def _sums_of(tally: Tally, label: str) -> dict[str, int]:
    return asdict(tally.parties[label]) if label in tally.parties else {}


def check_turnout_changes(night: Recomputed) -> Iterator[str]:
    """Check the numbers of contests by change of turnout, which later results are compared with."""
    counted: dict[str, TurnoutChanges] = {}
    for seat in night.seats:
        region = region_key(seat.contest)
        counted[region] = counted.get(region, TurnoutChanges()).plus(seat.turnout_change)
    stored, error = read(lambda: changes_from_json(night.snapshot.night.turnout_changes))
    if stored is None:
        yield f"the night’s changes of turnout cannot be read: {error}"
    elif _present(stored) != _present(counted):
        now, before = _present(counted), _present(stored)
        yield f"the night’s changes of turnout are {before}, its contests have {now}"


def _present(changes: dict[str, TurnoutChanges]) -> dict[str, dict[int, int]]:
    return {region: dict(sorted(each.contests.items())) for region, each in changes.items()
            if each.contests}  # fmt: skip


def check_milestones(night: Recomputed) -> Iterator[str]:
    """Check that the current milestones are those that the tally has reached, and no others."""
    stored = set(map(reached_of, night.snapshot.milestones))
    reached = set(reached_by(night.snapshot, controlled_bodies(night.snapshot)))
    for body, milestone in stored - reached:
        name = _name_of(milestone, body)
        yield f"the milestone “{name}” stands, and the totals have not reached it"
    for body, milestone in reached - stored:
        name = _name_of(milestone, body)
        yield f"the milestone “{name}” is missing, which the totals have reached"


def _name_of(milestone: ReachedMilestone, body: int | None) -> str:
    name = Body.objects.get(pk=body).name if body else ""
    return " ".join(filter(None, [milestone.kind, milestone.label, name]))
