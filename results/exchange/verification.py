"""Recompute results, totals and pages from the declarations and compare them with what stands."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

from results.arithmetic import Tally
from results.desk.revisions import status_after
from results.live.election_snapshot import ElectionSnapshot
from results.live.fragments import (
    NIGHT,
    Fragments,
    election_locale,
    render_night,
    render_row,
    render_seat,
)
from results.live.published_details import changed_details, differing, whole_details
from results.live.seat import Seat, with_results
from results.models import (
    WITH_RESULT,
    Bulletin,
    Contest,
    Declaration,
    Election,
    ElectionCorrection,
)


def check_figures(election: Election) -> Iterator[str]:
    """Yield a sentence for each difference between what is published and what was declared."""
    snapshot = ElectionSnapshot(election)
    total = Tally()
    contests = Contest.objects.filter(election=election, standing__isnull=False)
    for contest in with_results(contests):
        seat = snapshot.seat(contest)
        yield from _check_seat(seat)
        total = total.plus(seat.contribution)
    if total != snapshot.tally:
        yield from _check_tally(total, snapshot.tally)
    yield from _check_details(election)
    yield from _check_revisions(election)
    yield from _check_log(snapshot)


def _check_seat(seat: Seat) -> Iterator[str]:
    name, standing = seat.contest.full_name, seat.standing
    newest = Declaration.objects.filter(contest=seat.contest).order_by("-revision").first()
    if newest != seat.declaration:
        yield f"{name}: stands at {seat.declaration}, the newest is {newest}"
    if standing.revision != (newest.revision if newest else 0):
        yield f"{name}: revision {standing.revision} is not the newest"
    if newest is not None and standing.status != status_after(newest):
        yield f"{name}: is {standing.status}, not {status_after(newest)}"
    if standing.summary != seat.summary:
        yield f"{name}: {standing.summary} is not {seat.summary}"
    if standing.added_to_tally != seat.contribution:
        yield f"{name}: adds {standing.contribution}, not {seat.contribution.to_json()}"


def _check_details(election: Election) -> Iterator[str]:
    """Names, parties, places and rules that changed without a correction."""
    newest = ElectionCorrection.objects.filter(election=election).last()
    snapshot = ElectionSnapshot(election)
    if newest is not None:
        now = whole_details(election, snapshot.party_names)
        yield from _uncorrected("the election", differing(newest.details, now))
    contests = Contest.objects.filter(election=election, standing__status__in=WITH_RESULT)
    for contest in with_results(contests):
        with election_locale(election):
            changed = changed_details(snapshot.seat(contest), newest)
        yield from _uncorrected(contest.full_name, changed)


def _uncorrected(what: str, changed: Iterable[tuple[str, Any, Any]]) -> Iterator[str]:
    for name, published, now in changed:
        yield f"{what}: {name} was published as {published}, and is {now} uncorrected"


def _check_tally(counted: Tally, published: Tally) -> Iterator[str]:
    for label in sorted({*counted.parties, *published.parties}):
        if counted.parties.get(label) != published.parties.get(label):
            yield f"{label}: {published.parties.get(label)} is not {counted.parties.get(label)}"
    for name in ("contests", "seats", "complete", "valid", "rejected", "electorate"):
        if getattr(counted, name) != getattr(published, name):
            yield f"{name}: {getattr(published, name)} is not {getattr(counted, name)}"


def _check_revisions(election: Election) -> Iterator[str]:
    rows = Declaration.objects.filter(contest__election=election).order_by("contest", "revision")
    last: dict[int, int] = {}
    for declaration in rows.select_related("bulletin", "contest"):
        expected = last.get(declaration.contest_id, 0) + 1
        if declaration.revision != expected:
            yield f"{declaration.contest.full_name}: revision {expected} is missing"
        last[declaration.contest_id] = declaration.revision
        bulletin = getattr(declaration, "bulletin", None)
        if bulletin is None or bulletin.sequence != declaration.sequence:
            yield f"{declaration}: was not published as bulletin {declaration.sequence}"


def _check_log(snapshot: ElectionSnapshot) -> Iterator[str]:
    log = Bulletin.objects.filter(election=snapshot.election).order_by("sequence")
    sequences = list(log.values_list("sequence", flat=True))
    for before, after in pairwise([0, *sequences]):
        if after != before + 1:
            yield f"the log jumps from {before} to {after}"
    if sequences and sequences[-1] != snapshot.night.sequence:
        yield f"the log ends at {sequences[-1]}, the night is at {snapshot.night.sequence}"


def check_pages(election: Election) -> Iterator[str]:
    """Yield a sentence for each fragment that differs between open pages and a fresh page."""
    snapshot = ElectionSnapshot(election)
    sent: dict[str, str] = {}
    log = Bulletin.objects.filter(election=election, epoch=snapshot.night.epoch).order_by(
        "sequence"
    )
    for fragments in log.values_list("fragments", flat=True).iterator():
        sent |= {name: html for name, html in fragments.items() if html is not None}
    for name, html in _fresh_fragments(snapshot):
        if name in sent and sent[name] != html:
            yield f"{name}: what was sent is not what a fresh page shows"


def _fresh_fragments(snapshot: ElectionSnapshot) -> Iterator[tuple[str, str]]:
    yield from render_night(snapshot, (*NIGHT, "corrections")).items()
    for contest in with_results(Contest.objects.filter(election=snapshot.election)):
        fragments: Fragments = render_seat(snapshot, snapshot.seat(contest)) | render_row(
            snapshot, contest
        )
        yield from fragments.items()
