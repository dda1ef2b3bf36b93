"""Correct details of published results besides their counts: names, parties, holds and gains.

Details are edited in the admin, or by merging parties, before these functions are called in the
same transaction. One contest's details, such as its place, are corrected by a revision of its
result, with the counts that it has; shared ones, such as a party's name, by one correction of the
election.
"""

from collections.abc import Iterable, Sequence

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from results.desk.bulletins import BulletinDraft
from results.desk.counts import republish, start_new_epoch
from results.desk.intents import Intent
from results.desk.published_contents import election_correction_content
from results.desk.publishing import (
    PublishResult,
    find_record,
    locked_night,
    publish_bulletin,
    record_answer,
    stored_together,
)
from results.desk.reasons import require_reason
from results.desk.revision_requests import CheckedRequest, RevisionRequest, read_seat
from results.desk.revision_writing import CHANGE_PARTS
from results.desk.revisions import publish_revision
from results.live.fragments import election_locale
from results.live.published_details import (
    changed_details,
    claims_in,
    computed_claims,
    details_of,
    differing,
    whole_details,
)
from results.live.seat import Seat, read_seats
from results.live.seat_summary import summary_of_seat
from results.models import Bulletin, Contest, Declaration, Election, ElectionCorrection, Night
from results.words.party_names import load_party_names


def contests_corrected(contests: Iterable[Contest], *, computed: bool = True) -> list[Contest]:
    """Return the contests whose published result differs from their details now.

    Call it after the details were changed and before anything computes the standings again. Without
    `computed`, only names, parties and places are compared, not what follows from last results and
    rules, nor what was changed before without a correction. The contests are of one election.
    """
    seats = read_seats(contests)
    election = seats[0].contest.election if seats else None
    newest = ElectionCorrection.objects.filter(election=election).last()
    return [
        seat.contest
        for seat in seats
        if differs_from_published(seat) or (computed and _says_something_else(seat, newest))
    ]


def _says_something_else(seat: Seat, newest: ElectionCorrection | None) -> bool:
    """Whether last results or rules now give other computed facts than were published."""
    if not seat.has_result:
        return False
    if computed_claims(seat.standing.summary) != computed_claims(summary_of_seat(seat)):
        return True
    with election_locale(seat.contest.election):
        return bool(changed_details(seat, newest))


def differs_from_published(seat: Seat) -> bool:
    """Whether the seat was published with another name, ballot paper, place or seat number."""
    declaration = seat.declaration
    if declaration is None or not seat.has_result or declaration.details is None:
        return False
    with election_locale(seat.contest.election):
        now = details_of(seat, declaration.ballot_counts)
    published = claims_in(declaration.details)
    return any(differing(published or {}, claims_in(now) or {}))


def correct_details(
    election: Election,
    contests: Iterable[Contest],
    *,
    by: User,
    reason: str,
    blame: str = Declaration.Blame.OURS,
    idempotency_key: str,
) -> list[PublishResult]:
    """Publish these contests of one election with their present details, as corrections.

    `contests` are those that `contests_corrected` returned after the details were changed in the
    same transaction; one without a result is left out. The pages are published again first, so that
    names and tallies are those of now. They are stored at once. The same key gets the same answers.
    Raises ValidationRefused without a reason.
    """
    reason = require_reason(reason)
    published = [seat.contest for seat in read_seats(contests) if seat.has_result]
    if not published:
        return []
    with locked_night(election.pk) as night, stored_together(night):
        republish(election, published, by=by, idempotency_key=f"{idempotency_key}-pages")
        return [
            _correct(election, contest, by, reason, blame, f"{idempotency_key}-{contest.pk}")
            for contest in published
        ]


def _correct(
    election: Election, contest: Contest, by: User, reason: str, blame: str, key: str
) -> PublishResult:
    with locked_night(election.pk) as night:
        seat = read_seat(night, contest)
        assert seat.declaration is not None
        request = RevisionRequest(
            kind=Declaration.Kind.CORRECTION,
            by=by,
            idempotency_key=key,
            base_revision=seat.standing.revision,
            reason=reason,
            blame=blame,
        )
        counts = seat.declaration.ballot_counts
        checked = CheckedRequest(
            seat=seat, asked=counts, ballot_counts=counts, request=request, messages=()
        )
        earlier = find_record(by, key)
        if earlier is not None:
            return earlier.answer
        bulletin = publish_revision(night, checked)
        fingerprint = checked.intent.fingerprint
        return record_answer(bulletin, by=by, idempotency_key=key, fingerprint=fingerprint)


def correct_election(
    election: Election,
    changes: Sequence[tuple[str, str, str]],
    *,
    by: User,
    reason: str,
    blame: str = Declaration.Blame.OURS,
    idempotency_key: str,
) -> PublishResult:
    """Publish a correction of details that many contests share, and make open pages reload.

    `changes` are (figure, before, after) as printed. Call it after the details were changed in the
    same transaction. Raises ValidationRefused without a reason, and RuntimeError within a batch.
    """
    reason = require_reason(reason)

    def change(night: Night) -> BulletinDraft:
        row = ElectionCorrection.objects.create(
            election=election,
            sequence=night.sequence + 1,
            changes=[list(each) for each in changes],
            details=whole_details(election, load_party_names(election.date)),
            reason=reason,
            blame=blame,
            by=by,
        )
        return _election_draft(row, changes)

    asked = {"act": "correct election", "changes": [list(each) for each in changes]}
    with locked_night(election.pk):
        start_new_epoch(election)
        return publish_bulletin(
            election,
            by=by,
            idempotency_key=idempotency_key,
            intent=Intent({**asked, "reason": reason}),
            change=change,
        )


def _election_draft(
    row: ElectionCorrection, changes: Sequence[tuple[str, str, str]]
) -> BulletinDraft:
    what = "; ".join(f"{name}: {before} → {after}" for name, before, after in changes)
    return BulletinDraft(
        kind=Bulletin.Kind.CORRECTION,
        summary=_("Corrected: %(what)s") % {"what": what},
        night_parts=CHANGE_PARTS,
        entries=(("change", row.sequence),),
        says=election_correction_content(row),
        after=row.reason,
    )
