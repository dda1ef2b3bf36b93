"""Preview a correction or withdrawal: publish it, read the result, and roll back."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from results import desk
from results.arithmetic import BallotCounts, Tally
from results.arithmetic.sorting import sort_key
from results.live.election_snapshot import ElectionSnapshot
from results.live.fragments import election_locale
from results.live.revision_differences import Difference
from results.live.seat import Seat, with_results
from results.models import Bulletin, Contest, Declaration, ReviewItem
from results.words.number_format import grouped
from results.words.party_names import PartyNames

#: Kinds of revisions that readers see on the corrections page.
TAKE_BACK = (Declaration.Kind.CORRECTION, Declaration.Kind.WITHDRAWAL)


@dataclass(frozen=True, slots=True)
class TallyChange:
    """One cell of the scoreboard, before and after."""

    party: str
    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePreview:
    """Effects of a change for readers. `page` is an HTML document for a frame."""

    result_before: str
    result_after: str
    elects_nobody: bool
    elects_several: bool
    winners_before: str
    winners_after: str
    differences: tuple[Difference, ...]
    seats: tuple[TallyChange, ...]
    votes: tuple[TallyChange, ...]
    sequence: int
    page: str

    @property
    def winner_changes(self) -> bool:
        return self.winners_before != self.winners_after


def preview_change(
    contest: Contest, ballot_counts: BallotCounts | None, request: desk.RevisionRequest
) -> ChangePreview | None:
    """Publish the revision, read its effects, and roll back; None where it would change nothing.

    Raises what `desk.publish_result` raises.
    """
    with transaction.atomic():
        before, tally = _seat(contest)
        result = desk.publish_result(contest, ballot_counts, request)
        preview = None if result.unchanged else _preview(contest, before, tally, result)
        transaction.set_rollback(True)
    return preview


def would_wait(
    contest: Contest, ballot_counts: BallotCounts, request: desk.RevisionRequest
) -> bool:
    """Whether the result would wait for a second person; submits it and rolls back.

    Raises what `desk.submit_result` raises.
    """
    with transaction.atomic():
        answer = desk.submit_result(contest, ballot_counts, request)
        transaction.set_rollback(True)
    return isinstance(answer, ReviewItem)


def _seat(contest: Contest) -> tuple[Seat, Tally]:
    snapshot = ElectionSnapshot(contest.election)
    return snapshot.seat(with_results(Contest.objects.filter(pk=contest.pk)).get()), snapshot.tally


def _preview(
    contest: Contest, before: Seat, tally: Tally, result: desk.PublishResult
) -> ChangePreview:
    after, new_tally = _seat(contest)
    snapshot = ElectionSnapshot(contest.election)
    # A region's revision that follows has a bulletin of its own, with the night's parts.
    later = Bulletin.objects.filter(election=contest.election, sequence__gte=result.sequence)
    fragments: dict[str, str] = {}
    for bulletin in later.order_by("sequence"):
        fragments |= bulletin.fragments
    revision = result.bulletin.declaration
    takes_back = revision is not None and revision.kind in TAKE_BACK
    changes = [
        change
        for change in (snapshot.corrections if takes_back else [])
        if change.declaration.sequence >= result.sequence
    ]
    with election_locale(contest.election):
        context = {
            "election": contest.election,
            "language": contest.election.page_language,
            "snapshot": snapshot,
            "party_styles": snapshot.party_styles,
            "fragments": fragments,
            "seat": fragments[f"seat-{contest.slug}"],
            "changes": changes,
        }
        page = render_to_string("editor/preview_page.html", context)
        changed = list(_tally_changes(tally, new_tally, snapshot.party_names))
        # Evaluate here, where time zone and language are those of the pages.
        # The last of them is the contest's own.
        differences = changes[-1].differences if changes else ()
    return ChangePreview(
        result_before=_result(before),
        result_after=_result(after),
        elects_nobody=contest.is_counting_area,
        elects_several=contest.seats > 1,
        winners_before=_winners(before),
        winners_after=_winners(after),
        differences=differences,
        seats=tuple(cell for is_seats, cell in changed if is_seats),
        votes=tuple(cell for is_seats, cell in changed if not is_seats),
        sequence=result.sequence,
        page=page,
    )


def _result(seat: Seat) -> str:
    if not seat.is_published:
        return _("%(seat)s: no result") % {"seat": seat.contest.full_name}
    return seat.title


def _winners(seat: Seat) -> str:
    """Names of the elected, in ballot-paper order, or “nobody”."""
    order = [candidate.pk for candidate in seat.contest.candidates.all()]
    winners = sorted(seat.winners, key=lambda row: order.index(row.candidate.pk))
    names = [f"{row.candidate.name} ({row.party_name.name})" for row in winners]
    return ", ".join(names) or _("nobody")


def _tally_changes(
    before: Tally, after: Tally, party_names: PartyNames
) -> Iterator[tuple[bool, TallyChange]]:
    """Yield each changed cell, and whether it counts seats (otherwise votes)."""
    columns = {
        "seats": (True, _("seats")),
        "gains": (True, _("gains")),
        "losses": (True, _("losses")),
        "votes": (False, _("votes")),
    }
    labels = {*before.parties, *after.parties}
    for label in sorted(labels, key=lambda label: sort_key(party_names[label].name)):
        for name, (is_seats, what) in columns.items():
            old, new = (
                getattr(tally.parties[label], name) if label in tally.parties else 0
                for tally in (before, after)
            )
            if old != new:
                yield (
                    is_seats,
                    TallyChange(party_names[label].name, what, grouped(old), grouped(new)),
                )
