"""A new revision of a contest: what it may follow, what it writes, what it does to the tally."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from results.arithmetic import BallotCounts, clean_text
from results.desk.audit import ballot_counts_as_text
from results.desk.checks import require_valid
from results.desk.errors import InvalidTransition, StaleRevision
from results.desk.publishing import BulletinDraft, PublishResult, publish_bulletin
from results.live.fragments import election_locale
from results.live.seat import Seat, with_results
from results.models import Bulletin, Contest, Declaration, Election, Night, Standing, Total
from results.words.party_names import load_party_names
from results.words.seat_sentences import result_sentence

#: What a result changes on the pages.
RESULT_PARTS = ("progress", "headline", "scoreboard", "feed", "expected")
CHANGE_PARTS = (*RESULT_PARTS, "corrections")


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionRequest:
    """Everything about one revision but the figures."""

    kind: Declaration.Kind
    by: User
    idempotency_key: str
    base_revision: int
    declared_at: datetime | None = None
    recount: bool = False
    source: str = ""
    reason: str = ""
    blame: str = ""
    note: str = ""
    warning_reason: str = ""

    def __post_init__(self) -> None:
        for name in ("source", "reason", "note", "warning_reason"):
            object.__setattr__(self, name, clean_text(getattr(self, name)))

    def intent(self, contest: Contest, ballot_counts: BallotCounts | None) -> dict[str, Any]:
        # Full figures are one intent, whether they came to follow a winner or came first: a phone
        # that repeats itself does not know what has been published in between.
        full = self.kind in (Declaration.Kind.DECLARATION, Declaration.Kind.UPDATE)
        return {
            "act": "result" if full else self.kind,
            "contest": contest.pk,
            "figures": ballot_counts.to_json() if ballot_counts else None,
            "reason": self.reason,
        }


def publish_revision(
    contest: Contest, ballot_counts: BallotCounts | None, submission: RevisionRequest
) -> PublishResult:
    """One revision more of the contest; ``figures`` None withdraws what stands."""

    def act(night: Night) -> BulletinDraft | Bulletin:
        return _revise(night, contest, ballot_counts, submission)

    return publish_bulletin(
        Election.objects.get(pk=contest.election_id),
        by=submission.by,
        idempotency_key=submission.idempotency_key,
        intent=submission.intent(contest, ballot_counts),
        change=act,
    )


def _revise(
    night: Night, contest: Contest, ballot_counts: BallotCounts | None, submission: RevisionRequest
) -> BulletinDraft | Bulletin:
    seat = seat_now(contest)
    standing = seat.standing
    if (
        ballot_counts is not None
        and seat.has_result
        and _same(ballot_counts, seat.declaration, submission)
    ):
        return Bulletin.objects.get(declaration=seat.declaration)
    if standing.revision != submission.base_revision:
        raise StaleRevision(standing)
    _allow(submission.kind, seat)
    warnings: list[dict[str, Any]] = []
    if ballot_counts is not None:
        winner_only = submission.kind == Declaration.Kind.WINNER_ONLY or (
            submission.kind == Declaration.Kind.CORRECTION and not ballot_counts.complete
        )
        found = require_valid(
            seat, ballot_counts, winner_only=winner_only, reason=submission.warning_reason
        )
        warnings = [{"code": one.code, "field": one.field, **one.params} for one in found]
    declaration = _write(night, seat, ballot_counts, submission, warnings)
    was = ballot_counts_as_text(seat, seat.declaration.ballot_counts if seat.declaration else None)
    _stand(night, seat, declaration)
    with election_locale(night.election):
        line = _line(seat, submission.kind)
    changed = submission.kind in (Declaration.Kind.CORRECTION, Declaration.Kind.WITHDRAWAL)
    return BulletinDraft(
        kind=Bulletin.Kind(submission.kind),
        summary=line,
        contest=seat.contest,
        declaration=declaration,
        # A change is an entry of its own; full figures are in the entry of their winner.
        first_sequence=None if changed else standing.first_sequence,
        night_parts=CHANGE_PARTS if changed else RESULT_PARTS,
        seats=(seat.contest,),
        before=was,
        after=" ".join(
            filter(None, [ballot_counts_as_text(seat, ballot_counts), submission.reason])
        ),
    )


def seat_now(contest: Contest) -> Seat:
    """The contest as it stands under the night's lock: read again, since it may have moved on."""
    Standing.objects.get_or_create(contest=contest)
    fresh = with_results(Contest.objects.filter(pk=contest.pk)).get()
    return Seat(fresh, load_party_names())


def _same(
    ballot_counts: BallotCounts, declaration: Declaration | None, submission: RevisionRequest
) -> bool:
    """Whether these are the figures that stand. Once all votes are known they say who won."""
    if declaration is None:
        return False
    retimed = submission.declared_at not in (None, declaration.declared_at)
    if submission.kind == Declaration.Kind.CORRECTION and retimed:
        return False
    return same_result(ballot_counts, declaration.ballot_counts)


def same_result(one: BallotCounts, other: BallotCounts) -> bool:
    """Whether they say the same, however they are ordered."""

    def plain(one: BallotCounts) -> BallotCounts:
        winners = () if one.complete else tuple(sorted(one.winners))
        return replace(one, votes=dict(one.votes), winners=winners, lot=tuple(sorted(one.lot)))

    return plain(one) == plain(other)


def _allow(kind: Declaration.Kind, seat: Seat) -> None:
    """Raise NotNow where this kind of revision cannot follow what stands."""
    standing = seat.standing
    if kind == Declaration.Kind.DECLARATION and standing.has_result:
        raise InvalidTransition(
            _("This seat has a result already: complete or correct it instead.")
        )
    if kind == Declaration.Kind.WINNER_ONLY and standing.has_result:
        raise InvalidTransition(
            _("This seat has a result already: a winner alone says less than that.")
        )
    if kind == Declaration.Kind.UPDATE and standing.status != Standing.Status.WINNER_ONLY:
        raise InvalidTransition(_("There is no unfinished result here to complete."))
    if (
        kind in (Declaration.Kind.CORRECTION, Declaration.Kind.WITHDRAWAL)
        and not standing.has_result
    ):
        raise InvalidTransition(_("There is no published result here to change."))
    if standing.status == Standing.Status.POSTPONED:
        raise InvalidTransition(_("This poll is postponed: report the count as under way first."))


def _write(
    night: Night,
    seat: Seat,
    ballot_counts: BallotCounts | None,
    submission: RevisionRequest,
    warnings: list[dict[str, Any]],
) -> Declaration:
    before = seat.declaration
    fresh = submission.kind in (Declaration.Kind.DECLARATION, Declaration.Kind.WINNER_ONLY)
    # What a change does not speak of stays: when it was read out, and where we have it from.
    kept = None if fresh else before
    declaration = Declaration.objects.create(
        contest=seat.contest,
        revision=seat.standing.revision + 1,
        kind=submission.kind,
        sequence=night.sequence + 1,
        declared_at=submission.declared_at or (kept.declared_at if kept else None),
        rejected=ballot_counts.rejected if ballot_counts else None,
        electorate=ballot_counts.electorate if ballot_counts else None,
        turnout_announced=ballot_counts.turnout_announced if ballot_counts else None,
        valid_announced=ballot_counts.valid_announced if ballot_counts else None,
        papers=ballot_counts.papers if ballot_counts else None,
        recount=submission.recount
        or seat.standing.status == Standing.Status.RECOUNT
        or bool(kept and kept.recount),
        source=submission.source or (kept.source if kept else ""),
        reason=submission.reason,
        blame=submission.blame,
        note=submission.note,
        warnings=warnings,
        warning_reason=submission.warning_reason if warnings else "",
        by=submission.by,
    )
    if ballot_counts is not None:
        Total.objects.bulk_create(
            Total(
                declaration=declaration,
                candidate_id=candidate,
                votes=votes,
                announced_elected=candidate in ballot_counts.winners,
                drawn_by_lot=candidate in ballot_counts.lot,
            )
            for candidate, votes in ballot_counts.votes.items()
        )
    return declaration


def _stand(night: Night, seat: Seat, declaration: Declaration) -> None:
    """Let the contest stand at its new revision, and move the tally by the difference."""
    standing = seat.standing
    before = standing.added_to_tally
    standing.revision, standing.declaration = declaration.revision, declaration
    standing.status = _status_after(declaration)
    if declaration.kind in (Declaration.Kind.DECLARATION, Declaration.Kind.WINNER_ONLY):
        standing.first_declared_at = declaration.declared_at
        standing.first_sequence = declaration.sequence
    elif declaration.kind == Declaration.Kind.CORRECTION:
        standing.first_declared_at = declaration.declared_at
    # The seat works its outcome out afresh, from the revision it now stands at.
    now = Seat(seat.contest, seat.party_names)
    standing.summary = now.summary
    standing.contribution = now.contribution.to_json()
    standing.save()
    night.tally = night.standing_tally.minus(before).plus(standing.added_to_tally).to_json()


def _status_after(declaration: Declaration) -> Standing.Status:
    if declaration.withdrawn:
        return Standing.Status.WITHDRAWN
    if not declaration.ballot_counts.complete:
        return Standing.Status.WINNER_ONLY
    return (
        Standing.Status.CORRECTED
        if declaration.kind == Declaration.Kind.CORRECTION
        else Standing.Status.DECLARED
    )


def _line(seat: Seat, kind: Declaration.Kind) -> str:
    name = seat.contest.name
    if kind == Declaration.Kind.WITHDRAWAL:
        return _("Withdrawn: the result of %(seat)s") % {"seat": name}
    result = result_sentence(name, seat.standing.summary, seat.party_names)
    if kind == Declaration.Kind.CORRECTION:
        return _("Corrected: %(result)s") % {"result": result}
    if kind == Declaration.Kind.UPDATE:
        return _("Full figures: %(result)s") % {"result": result}
    return result
