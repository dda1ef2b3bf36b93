"""Publish a revision of a contest's result: decide, write, update the tally."""

from dataclasses import replace
from typing import NoReturn

from django.contrib.auth.models import User
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext as _, gettext_lazy

from results.arithmetic import BallotCounts, Method
from results.arithmetic.decisions import (
    Decision,
    Refusal,
    Refuse,
    Repeat,
    RevisionKind,
    decide,
)
from results.desk.bulletins import BulletinDraft
from results.desk.checks import region_key
from results.desk.counts_as_text import ballot_counts_as_text
from results.desk.errors import (
    IdempotencyKeyReused,
    InvalidTransition,
    PollPostponed,
    StaleRevision,
    ValidationRefused,
)
from results.desk.publishing import (
    PublishResult,
    create_bulletin,
    find_bulletin,
    find_record,
    locked_night,
    record_answer,
)
from results.desk.regions import reallocated, reason_of_reallocation
from results.desk.review import night_closed
from results.desk.revision_requests import (
    BEGINNINGS,
    CheckedRequest,
    RevisionRequest,
    check_request,
    read_seat,
)
from results.desk.standings import begins_entry, status_after
from results.desk.tallies import move_tally
from results.live.entry_ids import result_entry_id
from results.live.fragments import election_locale
from results.live.published_details import details_of
from results.live.seat import Seat, read_seats
from results.live.seat_summary import summary_of_seat
from results.models import (
    WITH_RESULT,
    Bulletin,
    Candidate,
    Contest,
    Declaration,
    Election,
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

FORBIDDEN: dict[Refusal, Promise] = {
    Refusal.RESULT_EXISTS: gettext_lazy(
        "A result is published here already: complete or correct it instead."
    ),
    Refusal.WINNER_AFTER_RESULT: gettext_lazy(
        "A result is published here already: a winner alone says less than that."
    ),
    Refusal.NOTHING_TO_COMPLETE: gettext_lazy("There is no unfinished result here to complete."),
    Refusal.NOTHING_TO_CHANGE: gettext_lazy("There is no published result here to change."),
    Refusal.UNOPPOSED: gettext_lazy(
        "Those elected here are published as elected unopposed: withdraw that first."
    ),
    Refusal.TOTALS_AFTER_RESULT: gettext_lazy(
        "A result is published here already: some totals say less than that."
    ),
    Refusal.TOTALS_EXIST: gettext_lazy(
        "Some totals are published here, so that there was a poll: withdraw them first."
    ),
    Refusal.POSTPONED: gettext_lazy(
        "This poll is postponed: an editor has to take that back first."
    ),
}


def publish_result(
    contest: Contest, ballot_counts: BallotCounts | None, request: RevisionRequest
) -> PublishResult:
    """Publish the contest's next revision; `ballot_counts` is None for a withdrawal.

    It needs no second person, for editors, imports and rehearsals. Raises IdempotencyKeyReused,
    StaleRevision, InvalidTransition or ValidationRefused before anything is written.
    """
    with locked_night(contest.election_id) as night:
        return publish_checked(night, check_request(night, contest, ballot_counts, request))


def publish_unopposed(
    contest: Contest, *, by: User, idempotency_key: str, base_revision: int = 0, source: str = ""
) -> PublishResult:
    """Publish an uncontested election: all candidates are elected without a poll.

    Seats that are left over are vacant. A withdrawal reverses it. Raises as `publish_result`;
    ValidationRefused where more stand than there are seats, and InvalidTransition in a referendum
    and in a counting area.
    """
    if contest.elected_by in (Method.ANSWERS, Method.COUNTED):
        raise InvalidTransition(_("Nobody is elected here."))
    candidates = Candidate.objects.filter(contest=contest).values_list("pk", flat=True)
    request = RevisionRequest(
        kind=Declaration.Kind.UNOPPOSED,
        by=by,
        idempotency_key=idempotency_key,
        base_revision=base_revision,
        source=source,
    )
    return publish_result(contest, BallotCounts.of_unopposed(candidates), request)


def publish_checked(night: Night, checked: CheckedRequest) -> PublishResult:
    """Publish the request without a second person, or return the earlier answer to its key."""
    earlier = find_record(checked.request.by, checked.request.idempotency_key)
    decision = decide(replace(checked.situation, key=checked.key_state(earlier)))
    if earlier is not None and decision == Repeat():
        return earlier.answer
    return apply_decision(night, checked, decision)


#: Refusals that are raised before ballot papers are compared.
_NOT_ABOUT_CANDIDATES = (Refuse(Refusal.KEY_REUSED), Refuse(Refusal.STALE))


def apply_decision(night: Night, checked: CheckedRequest, decision: Decision) -> PublishResult:
    """Publish the request, return the bulletin of an equal result, or raise the refusal."""
    unchanged = isinstance(decision, Repeat)
    compares_names = not unchanged or checked.request.always_compares_names
    if compares_names and decision not in _NOT_ABOUT_CANDIDATES:
        checked.require_same_ballot_paper()
    if isinstance(decision, Refuse):
        _refuse(checked, decision.why)
    by = checked.request.by
    if unchanged:
        bulletin = find_bulletin(declaration=checked.seat.declaration)
        assert bulletin is not None
    else:
        bulletin = publish_revision(night, checked)
    return record_answer(
        bulletin,
        by=by,
        idempotency_key=checked.request.idempotency_key,
        fingerprint=checked.intent.fingerprint,
        unchanged=unchanged,
    )


def _refuse(checked: CheckedRequest, why: Refusal) -> NoReturn:
    if why is Refusal.KEY_REUSED:
        raise IdempotencyKeyReused(checked.request.idempotency_key)
    if why is Refusal.STALE:
        raise StaleRevision(checked.seat.standing)
    if why is Refusal.INVALID:
        raise ValidationRefused(checked.messages)
    if why is Refusal.CLOSED:
        raise night_closed()
    if why is Refusal.POSTPONED:
        raise PollPostponed(str(FORBIDDEN[why]))
    raise InvalidTransition(str(FORBIDDEN[why]))


def publish_revision(night: Night, checked: CheckedRequest) -> Bulletin:
    """Publish the revision, and another of its region's result if that changes."""
    request = checked.request
    bulletin = create_bulletin(night, revise(night, checked), request.by)
    why = reason_of_reallocation(checked.seat.contest, checked.kind, request.reason)
    reallocate_region(night, checked.seat.contest, request, reason=why)
    return bulletin


def reallocate_region(
    night: Night, constituency: Contest, request: RevisionRequest, *, reason: str
) -> Bulletin | None:
    """Publish the next revision of a constituency's region if its lists' seats change.

    `request` is that which changed the constituency. The new revision has the region's published
    counts; where it changes who is elected it is a correction, with this `reason`.
    """
    if constituency.region_contest_id is None:
        return None
    return _reallocate(night, constituency.region_contest_id, request, reason)


def _reallocate(
    night: Night, region_pk: int, request: RevisionRequest, reason: str
) -> Bulletin | None:
    region = read_seat(night, Contest(pk=region_pk))
    found = reallocated(region)
    if found is None:
        return None
    kind, ballot_counts = found
    own = RevisionRequest(
        kind=Declaration.Kind(kind),
        by=request.by,
        idempotency_key=request.idempotency_key,
        base_revision=region.standing.revision,
        reason=reason if kind is RevisionKind.CORRECTION else "",
        blame=request.blame or Declaration.Blame.OURS if kind is RevisionKind.CORRECTION else "",
    )
    checked = CheckedRequest(
        seat=region, asked=ballot_counts, ballot_counts=ballot_counts, request=own, messages=()
    )
    return create_bulletin(night, revise(night, checked), request.by)


def follow_link(constituency: Contest, *, by: User, idempotency_key: str) -> Bulletin | None:
    """Reallocate the seats of the region that a constituency was linked with, if they change."""
    request = RevisionRequest(kind=Declaration.Kind.UPDATE, by=by, idempotency_key=idempotency_key)
    reason = _("%(constituency)s belongs to this region, and its seat counts.")
    reason %= {"constituency": constituency.full_name}
    with locked_night(constituency.election_id) as night:
        return reallocate_region(night, constituency, request, reason=reason)


def follow_regions(
    election: Election, *, by: User, idempotency_key: str, reason: str = ""
) -> list[Bulletin]:
    """Allocate the seats of every published region whose constituencies or lists were edited.

    All regions are checked, as removed links are found only in the regions. `reason` is why they
    were edited, in words for readers; a region that is corrected has it as its own.
    """
    if election.rules.method is not Method.VOTES:
        return []
    request = RevisionRequest(kind=Declaration.Kind.UPDATE, by=by, idempotency_key=idempotency_key)
    why = _("The constituencies or the lists of this region were entered wrongly.")
    if reason:
        template = _("The constituencies or the lists of this region were changed: %(reason)s")
        why = template % {"reason": reason}
    regions = Contest.objects.filter(
        election=election, method=Method.LISTS, standing__status__in=WITH_RESULT
    )
    with locked_night(election.pk) as night:
        pks = list(regions.order_by("pk").values_list("pk", flat=True))
        return [found for pk in pks if (found := _reallocate(night, pk, request, why))]


# --- Writing --------------------------------------------------------------------------------


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
        summary = revision_summary(seat, checked.kind)
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
    recount = seat.standing.status == Standing.Status.RECOUNT
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
        recount=request.recount or recount or bool(published and published.recount),
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
    return revision_summary(seat, Declaration.Kind(declaration.kind))


def revision_summary(seat: Seat, kind: Declaration.Kind) -> str:
    """Summary of the bulletin of a seat's current revision, in the active language."""
    name = seat.contest.full_name
    if kind == Declaration.Kind.WITHDRAWAL:
        return _("Withdrawn: the result of %(seat)s") % {"seat": name}
    if seat.standing.incomplete:
        result = seat.title
    else:
        result = result_sentence(name, seat.standing.summary, seat.party_names)
    if kind == Declaration.Kind.CORRECTION:
        return _("Corrected: %(result)s") % {"result": result}
    if kind == Declaration.Kind.UPDATE and seat.contest.elected_by is Method.VOTES:
        return _("Full figures: %(result)s") % {"result": result}
    return result
