"""Recompute results, totals and pages from the declarations, and compare with what is stored."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from typing import Any
from zoneinfo import available_timezones

from django.utils import translation

from electiondesk import release
from results.exchange.chain_verification import check_chain
from results.exchange.recomputed import Recomputed, read
from results.exchange.verified_night import (
    check_body_tallies,
    check_milestones,
    check_tally,
    check_turnout_changes,
)
from results.exchange.verified_seats import check_regions, check_seats
from results.live.fragments import (
    NIGHT,
    Fragments,
    election_locale,
    render_night,
    render_row,
    render_seat,
    render_seat_quotes,
)
from results.live.published_details import details_taken_back, differing, whole_details
from results.models import Bulletin, Election, ElectionCorrection

#: Yields a sentence for each difference between what is stored and what it follows from.
Check = Callable[[Recomputed], Iterator[str]]


def check_election(election: Election, *, pages: bool = False) -> Iterator[str]:
    """Yield a sentence for each difference in an election's figures, names and log.

    With `pages`, what open pages were sent as well.
    """
    yield from check_figures(election)
    yield from _run({"the log": lambda night: check_chain(night.election)}, election)
    if pages:
        yield from _run({"the pages": check_pages}, election)


def check_figures(election: Election) -> Iterator[str]:
    """Yield a sentence for each difference between what is published and what was declared."""
    yield from _run(FIGURES, election)


def _run(checks: dict[str, Check], election: Election) -> Iterator[str]:
    """Run every check. What one of them cannot read is a finding, and the others go on.

    They read names of parties in the language of the election, in which these are published.
    """
    night = Recomputed(election)
    for what, check in checks.items():
        with translation.override(election.page_language):
            findings, error = read(partial(_listed, check, night))
        yield from findings or ()
        if error:
            yield f"{what} cannot be checked: {error}"


def _listed(check: Check, night: Recomputed) -> list[str]:
    return list(check(night))


def check_zone(night: Recomputed) -> Iterator[str]:
    zone = night.election.timezone
    if zone not in available_timezones():
        yield f"the election’s time zone “{zone}” is unknown"


def check_details(night: Recomputed) -> Iterator[str]:
    """Find names, parties, places and rules that changed without a correction."""
    newest = ElectionCorrection.objects.filter(election=night.election).last()
    with election_locale(night.election):
        if newest is not None:
            now = whole_details(night.election, night.snapshot.party_names)
            yield from _uncorrected("the election", differing(newest.details, now))
        for seat in night.published:
            changed, error = read(partial(details_taken_back, seat, newest))
            yield from _uncorrected(seat.contest.full_name, changed or ())
            if error:
                yield f"{seat.contest.full_name}: what was published cannot be read: {error}"


def _uncorrected(what: str, changed: Any) -> Iterator[str]:
    for name, published, now in changed:
        yield f"{what}: {name} was published as {published}, and is {now} uncorrected"


def check_revisions(night: Recomputed) -> Iterator[str]:
    """Check that revisions are consecutive, and each was published as a bulletin."""
    for revisions in night.revisions.values():
        for expected, declaration in enumerate(revisions, 1):
            if declaration.revision != expected:
                yield f"{declaration.contest.full_name}: revision {expected} is missing"
                break
        for declaration in revisions:
            bulletin = getattr(declaration, "bulletin", None)
            if bulletin is None or bulletin.sequence != declaration.sequence:
                yield f"{declaration}: was not published as bulletin {declaration.sequence}"


def check_sequences(night: Recomputed) -> Iterator[str]:
    """Check that the log has every sequence up to the night's."""
    log = Bulletin.objects.filter(election=night.election).order_by("sequence")
    sequences = list(log.values_list("sequence", flat=True))
    for before, after in pairwise([0, *sequences]):
        if after != before + 1:
            yield f"the log jumps from {before} to {after}"
    stored = night.snapshot.night.sequence
    if sequences and sequences[-1] != stored:
        yield f"the log ends at {sequences[-1]}, the night is at {stored}"


#: Checks by their name in a finding. Each derived value that is stored has a check here, or is an
#: entry of the log (`chain_verification`).
FIGURES: dict[str, Check] = {
    "the time zone": check_zone,
    "the contests": check_seats,
    "the regions": check_regions,
    "the night’s totals": check_tally,
    "the tallies of bodies": check_body_tallies,
    "the night’s changes of turnout": check_turnout_changes,
    "the milestones": check_milestones,
    "names and rules": check_details,
    "the revisions": check_revisions,
    "the numbers of the log": check_sequences,
}


def check_pages(night: Recomputed) -> Iterator[str]:
    """Yield a sentence for each fragment that differs between open pages and a fresh page.

    Those that another release sent are left out: open pages load again after an upgrade.
    """
    sent: dict[str, str] = {}
    log = Bulletin.objects.filter(
        election=night.election, epoch=night.snapshot.night.epoch
    ).order_by("sequence")
    for fragments, by in log.values_list("fragments", "release").iterator():
        sent = {name: html for name, html in sent.items() if name not in fragments}
        if by == release.fingerprint():
            sent |= {name: html for name, html in fragments.items() if html is not None}
    for name, html in _fresh_fragments(night):
        if name in sent and sent[name] != html:
            yield f"{name}: what was sent is not what a fresh page shows"


def _fresh_fragments(night: Recomputed) -> Iterator[tuple[str, str]]:
    snapshot = night.snapshot
    yield from render_night(snapshot, (*NIGHT, "corrections")).items()
    for seat in night.seats:
        fragments: Fragments = {
            **render_seat(snapshot, seat),
            **render_seat_quotes(snapshot, seat.contest),
            **render_row(snapshot, seat.contest),
        }
        yield from fragments.items()
