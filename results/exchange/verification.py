"""Recompute results, totals and pages from the declarations and compare them with what stands."""

from collections.abc import Iterable, Iterator
from dataclasses import fields
from itertools import pairwise
from typing import Any

from results.arithmetic import Tally
from results.desk.revisions import status_after
from results.desk.tallies import stored_body_tallies, sum_shares
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
    Body,
    Bulletin,
    Contest,
    Declaration,
    Election,
    ElectionCorrection,
)


def check_figures(election: Election) -> Iterator[str]:
    """Yield a sentence for each difference between what is published and what was declared."""
    snapshot = ElectionSnapshot(election)
    shares = []
    contests = Contest.objects.filter(election=election, standing__isnull=False)
    for contest in with_results(contests):
        seat = snapshot.seat(contest)
        yield from _check_seat(seat)
        shares.append((contest.body_id, seat.contribution))
    total, by_body = sum_shares(shares)
    if total != snapshot.tally:
        yield from _check_tally(total, snapshot.tally)
    yield from _check_bodies(election, by_body)
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
    for name in (part.name for part in fields(Tally) if part.name != "parties"):
        if getattr(counted, name) != getattr(published, name):
            yield f"{name}: {getattr(published, name)} is not {getattr(counted, name)}"


def _check_bodies(election: Election, counted: dict[int, Tally]) -> Iterator[str]:
    """The tallies of bodies that are not the sum of their contests; none where there are none."""
    names = dict(Body.objects.filter(election=election).values_list("pk", "name"))
    stored = stored_body_tallies(election.pk)
    for body, name in names.items():
        published = stored.get(body, Tally())
        expected = counted.get(body, Tally()) if election.rules.has_body_tallies else Tally()
        if published != expected:
            yield f"{name}: its tally is not the sum of its contests"
            yield from (f"{name}: {problem}" for problem in _check_tally(expected, published))


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
