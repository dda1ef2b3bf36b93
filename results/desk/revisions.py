"""Publish a revision of a contest's result, and those of its region that follow from it."""

from dataclasses import replace
from typing import NoReturn

from django.contrib.auth.models import User
from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy

from results.arithmetic import BallotCounts, Method
from results.arithmetic.decisions import (
    Decision,
    Refusal,
    Refuse,
    Repeat,
    RevisionKind,
    decide,
    forbidden,
)
from results.desk.bulletins import BulletinDraft
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
    stored_together,
)
from results.desk.regions import reallocated, reason_of_reallocation
from results.desk.review import night_closed
from results.desk.revision_requests import (
    CheckedRequest,
    RevisionRequest,
    check_request,
    published_state,
    read_seat,
)
from results.desk.revision_writing import revise
from results.live.seat import Seat
from results.models import (
    WITH_RESULT,
    Bulletin,
    Candidate,
    Contest,
    Declaration,
    Election,
    Night,
)

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


def require_correctable(seat: Seat) -> None:
    """Raise InvalidTransition where no correction can follow what is published."""
    if why := forbidden(RevisionKind.CORRECTION, published_state(seat)):
        raise InvalidTransition(str(FORBIDDEN[why]))


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
    request, constituency = checked.request, checked.seat.contest
    why = reason_of_reallocation(constituency, checked.kind, request.reason)
    return create_with_region(night, revise(night, checked), constituency, request, reason=why)


def create_with_region(
    night: Night,
    draft: BulletinDraft,
    constituency: Contest,
    request: RevisionRequest,
    *,
    reason: str,
) -> Bulletin:
    """Create a contest's bulletin, and one of its region if its lists' seats change.

    Both are stored at once, so that no page and no milestone is of the moment between them.
    """
    if constituency.region_contest_id is None:
        return create_bulletin(night, draft, request.by)
    with stored_together(night):
        follows = reallocated(read_seat(night, Contest(pk=constituency.region_contest_id)))
        draft = replace(draft, is_followed=follows is not None)
        bulletin = create_bulletin(night, draft, request.by)
        reallocate_region(night, constituency, request, reason=reason)
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
    draft = replace(revise(night, checked), is_consequence=True)
    return create_bulletin(night, draft, request.by)


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
    with locked_night(election.pk) as night, stored_together(night):
        pks = list(regions.order_by("pk").values_list("pk", flat=True))
        return [found for pk in pks if (found := _reallocate(night, pk, request, why))]
