"""Write a revision of a contest's result: declaration, standing, tally; draft its bulletin."""

from django.utils.translation import get_language, gettext as _

from results.arithmetic import BallotCounts, Method
from results.desk.bulletins import BulletinDraft
from results.desk.checks import region_key
from results.desk.counts_as_text import ballot_counts_as_text
from results.desk.revision_requests import (
    BEGINNINGS,
    CheckedRequest,
)
from results.desk.standings import begins_entry, status_after
from results.desk.tallies import move_tally
from results.live.entry_ids import result_entry_id
from results.live.fragments import election_locale
from results.live.published_details import details_of
from results.live.revision_differences import is_of_details
from results.live.seat import Seat, read_seats
from results.live.seat_history import status_reports
from results.live.seat_summary import summary_of_seat
from results.models import (
    Bulletin,
    Contest,
    Declaration,
    Night,
    Standing,
    Total,
)
from results.words.seat_sentences import result_sentence

#: Parts of the election's pages that a first result changes.
RESULT_PARTS = ("progress", "headline", "scoreboard", "line", "feed", "expected", "watch")
CHANGE_PARTS = (*RESULT_PARTS, "corrections")
#: Parts that incomplete totals change, which are in no sum and elect nobody.
INCOMPLETE_PARTS = ("headline", "feed", "expected")


def revise(night: Night, checked: CheckedRequest) -> BulletinDraft:
    """Write the revision, its standing and its contribution to the tally; draft the bulletin."""
    seat, ballot_counts, request = checked.seat, checked.ballot_counts, checked.request
    published = seat.declaration
    before = ballot_counts_as_text(seat, published.ballot_counts if published else None)
    after = ballot_counts_as_text(seat, ballot_counts)
    if before == after:  # a correction of details, whose own entry has what was changed
        before = after = ""
    was_incomplete = seat.is_incomplete
    with election_locale(night.election):
        declaration = _write_declaration(night, checked)
        revised = _update_standing(night, seat, declaration)
        summary = revision_summary(seat, declaration, published)
    is_change = checked.kind in Declaration.CHANGES
    return BulletinDraft(
        kind=Bulletin.Kind(checked.kind),
        summary=summary,
        contest=seat.contest,
        declaration=declaration,
        # A change has its own feed entry; an update belongs to the entry of its winner.
        first_sequence=None if is_change else seat.standing.first_sequence,
        replaces=published.sequence if published else None,
        night_parts=_parts_changed(checked.kind),
        seats=(revised,),
        also_shown=read_seats([seat.contest.part_of]) if seat.contest.part_of else (),
        # A revision after incomplete totals moves their entry.
        entries=None if declaration.withdrawn or was_incomplete else (),
        removed_entries=(result_entry_id(seat.contest),) if declaration.withdrawn else (),
        before=before,
        after="; ".join(filter(None, [after, request.reason])),
        approved_by=request.approved_by,
        asked_by=request.asked_by,
    )


def _parts_changed(kind: Declaration.Kind) -> tuple[str, ...]:
    """The parts of the election's pages that a revision of this kind changes."""
    if kind == Declaration.Kind.INCOMPLETE:
        return INCOMPLETE_PARTS
    return CHANGE_PARTS if kind in Declaration.CHANGES else RESULT_PARTS


def _write_declaration(night: Night, checked: CheckedRequest) -> Declaration:
    seat, request = checked.seat, checked.request
    ballot_counts = checked.ballot_counts or BallotCounts()
    # A change keeps the published time and source, unless it gives others.
    published = None if checked.kind in BEGINNINGS else seat.declaration
    recount = request.recount or _was_recounted(seat)
    asked = [message for message in checked.messages if message.asks]
    declaration = Declaration.objects.create(
        contest=seat.contest,
        revision=seat.standing.revision + 1,
        kind=checked.kind,
        sequence=night.sequence + 1,
        declared_at=checked.declared_at or (published.declared_at if published else None),
        rejected=ballot_counts.rejected,
        electorate=ballot_counts.electorate,
        turnout_announced=ballot_counts.turnout_announced,
        valid_announced=ballot_counts.valid_announced,
        papers=ballot_counts.papers,
        quota=ballot_counts.quota,
        constituencies=(
            ballot_counts.constituencies.to_json() if ballot_counts.constituencies else None
        ),
        recount=recount or bool(published and published.recount),
        source=request.source or (published.source if published else ""),
        reason=request.reason if checked.kind in Declaration.CHANGES else "",
        blame=request.blame,
        note=request.note,
        warnings=[
            {"code": message.code, "field": message.field, **message.params} for message in asked
        ],
        warning_reason=request.warning_reason if asked else "",
        by=request.by,
        details=details_of(seat, ballot_counts) if checked.ballot_counts else None,
    )
    _write_totals(declaration, ballot_counts)
    declaration.ballot_counts = ballot_counts
    return declaration


def _was_recounted(seat: Seat) -> bool:
    """Whether a recount was reported, also where its bundles are checked or it is over since.

    One that was followed by a count under way, or awaited, was taken back.
    """
    if seat.standing.status not in _AFTER_A_RECOUNT:
        return seat.standing.status == Standing.Status.RECOUNT
    statuses = [report.status for report in status_reports(seat)]
    before = [status for status in statuses if status not in _AFTER_A_RECOUNT]
    return before[-1:] == [Standing.Status.RECOUNT]


#: States of a count that may follow a recount, and say nothing of it.
_AFTER_A_RECOUNT = (
    Standing.Status.BUNDLE_CHECK,
    Standing.Status.ON_STAGE,
    Standing.Status.INCOMPLETE,
)


def _write_totals(declaration: Declaration, ballot_counts: BallotCounts) -> None:
    Total.objects.bulk_create(
        Total(
            declaration=declaration,
            candidate_id=candidate,
            votes=votes,
            announced_elected=candidate in ballot_counts.winners,
            drawn_by_lot=candidate in ballot_counts.lot,
            stage=(ballot_counts.stages or {}).get(candidate),
        )
        for candidate, votes in ballot_counts.votes.items()
    )


def _update_standing(night: Night, seat: Seat, declaration: Declaration) -> Seat:
    """Make the declaration the contest's current one, and update the tally by the difference.

    Returns the seat as it stands now.
    """
    standing = seat.standing
    contribution_before = standing.added_to_tally
    standing.revision, standing.declaration = declaration.revision, declaration
    standing.status = status_after(declaration)
    if begins_entry(declaration, after_totals=standing.incomplete):
        standing.first_sequence = declaration.sequence
    if not declaration.withdrawn and declaration.kind != Declaration.Kind.UPDATE:
        standing.first_declared_at = None if declaration.incomplete else declaration.declared_at
    standing.incomplete = declaration.incomplete
    # A new Seat is needed to compute the outcome from the revision that is current now.
    revised = Seat(seat.contest, seat.party_names)
    standing.summary = summary_of_seat(revised)
    standing.contribution = revised.contribution.to_json()
    region = region_key(seat.contest)
    night.count_turnout_change(region, standing.turnout_change, -1)
    standing.turnout_change = revised.turnout_change
    night.count_turnout_change(region, standing.turnout_change, 1)
    standing.save()
    move_tally(night, seat.contest, contribution_before, standing.added_to_tally)
    return revised


def summary_in_active_language(contest: Contest, bulletin: Bulletin) -> str:
    """Return the bulletin's summary: that of a result that stands in the active language.

    It was published in the election's.
    """
    declaration = bulletin.declaration
    if declaration is None or get_language() == contest.election.language:
        return bulletin.summary
    (seat,) = read_seats([contest])
    if seat.declaration is None or seat.declaration.pk != declaration.pk:
        return bulletin.summary
    earlier = Declaration.objects.filter(contest=contest, revision=declaration.revision - 1)
    return revision_summary(seat, declaration, earlier.first())


def revision_summary(seat: Seat, current: Declaration, before: Declaration | None) -> str:
    """Summary of the bulletin of a seat's current revision, in the active language.

    `before` is the revision that it follows, if any.
    """
    name, kind = seat.contest.full_name, current.kind
    is_correction = kind == Declaration.Kind.CORRECTION
    if is_correction and is_of_details(before, current):
        return _("Corrected: details of %(seat)s") % {"seat": name}
    if kind == Declaration.Kind.WITHDRAWAL:
        return _("Withdrawn: the result of %(seat)s") % {"seat": name}
    if seat.standing.incomplete:
        result = seat.title
    else:
        result = result_sentence(name, seat.standing.summary, seat.party_names)
    if is_correction:
        return _("Corrected: %(result)s") % {"result": result}
    if kind == Declaration.Kind.UPDATE and seat.contest.elected_by is Method.VOTES:
        return _("Full figures: %(result)s") % {"result": result}
    return result
