"""Publish a count's status, and publish pages again after their details were edited."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from results.arithmetic import BLOCK, Tally, ValidationMessage, postponed_contribution
from results.desk import chain
from results.desk.bulletins import BulletinDraft
from results.desk.chain import contests_that_differ
from results.desk.checks import region_key
from results.desk.errors import (
    InvalidTransition,
    NightClosed,
    PollPostponed,
    PollsOpen,
    ValidationRefused,
)
from results.desk.intents import Intent
from results.desk.late_statuses import require_newest
from results.desk.milestones import update_milestones
from results.desk.publishing import (
    PublishResult,
    create_bulletin,
    find_bulletin,
    locked_night,
    publish_bulletin,
    require_no_batch,
)
from results.desk.recounts import is_another_recount
from results.desk.review import is_editor
from results.desk.revision_requests import RevisionRequest
from results.desk.revisions import create_with_region
from results.desk.tallies import move_tally, store_tallies
from results.live.election_snapshot import ElectionSnapshot
from results.live.entry_ids import postponed_entry_id
from results.live.fragments import NIGHT, election_locale
from results.live.notify import notify
from results.live.seat import Seat, read_seats, with_results
from results.live.seat_summary import summary_of_seat
from results.models import (
    WITHOUT_RESULT,
    Bulletin,
    ChainEntry,
    Contest,
    Declaration,
    Election,
    Night,
    Standing,
    clock,
)
from results.words.seat_sentences import verification_sentence
from results.words.times import expected_time


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """The figures announced after verification, before the votes are counted.

    `electorate` is people, `papers` ballot papers, `turnout` a percentage as announced.
    """

    electorate: int | None = None
    papers: int | None = None
    turnout: Decimal | None = None


def report_status(
    contest: Contest,
    status: Standing.Status | None,
    *,
    by: User,
    idempotency_key: str,
    expected_at: datetime | None = None,
    verification: Verification | None = None,
    may_resume: bool = True,
    sent_at: datetime | None = None,
    another: bool = False,
) -> PublishResult:
    """Publish the status of a count without a result: awaiting, under way, recount and so on.

    The status None is the one that the count has, or under way once figures are announced of one
    that is awaited. `another` is a recount after one, with nothing between. `expected_at` is the
    new expected time. `sent_at` is when this was reported, where a phone may have held it back:
    raises ReportedSince where it would replace something newer. Whether a postponed poll is held
    after all is an editor's decision: others report with `may_resume=False`, and are refused with
    NightClosed once the night is closed. Raises InvalidTransition once there is a result, the poll
    is postponed (PollPostponed) or the polls are open, and ValidationRefused for impossible papers.
    """
    if status is not None:
        _require_no_result(status)
    election = Election.objects.get(pk=contest.election_id)
    _require_electors(verification or Verification())

    def change(night: Night) -> BulletinDraft | Bulletin:
        if not may_resume:
            _require_poll(contest)
            if night.election.final and not is_editor(by):
                raise NightClosed
        _require_closed_polls(night.election, status, verification)
        standing, _new = Standing.objects.get_or_create(contest=contest)
        # As it is now: it was read before the lock.
        standing.contest = Contest.objects.select_related("election").get(pk=contest.pk)
        now = _status_now(standing, verification) if status is None else status
        require_newest(standing, status, expected_at, by=by, sent_at=sent_at)
        again = another and is_another_recount(standing, now, sent_at=sent_at)
        return _change_status(night, standing, now, expected_at, verification, again)

    return publish_bulletin(
        election,
        by=by,
        idempotency_key=idempotency_key,
        intent=_status_intent(contest, status, expected_at, verification, another),
        change=change,
        create=partial(_create_with_region, contest, status, idempotency_key),
    )


def _status_intent(
    contest: Contest,
    status: Standing.Status | None,
    expected_at: datetime | None,
    verification: Verification | None,
    another: bool,
) -> Intent:
    expected = expected_at.isoformat() if expected_at else None
    asked = {"act": "status", "contest": contest.pk, "status": status, "expected_at": expected}
    asked |= {"verification": str(verification)} if verification else {}
    asked |= {"another": True} if another else {}
    # Earlier releases stored the status that the count had.
    earlier = [asked | {"status": each} for each in WITHOUT_RESULT] if status is None else []
    return Intent(asked, earlier)


def _status_now(standing: Standing, verification: Verification | None) -> Standing.Status:
    status = Standing.Status(standing.status)
    if status == Standing.Status.AWAITING and verification not in (None, Verification()):
        return Standing.Status.UNDER_WAY
    if not standing.has_result:
        _require_no_result(status)
    return status


def _require_no_result(status: Standing.Status) -> None:
    if status not in WITHOUT_RESULT:
        raise InvalidTransition(_("A result is declared, not reported as a state of the count."))


def _require_closed_polls(
    election: Election, status: Standing.Status | None, verification: Verification | None
) -> None:
    """Raise PollsOpen for what is only true of votes that are counted."""
    is_counting = status in _COUNTING or verification not in (None, Verification())
    if is_counting and election.polls_are_open:
        raise PollsOpen


#: States of a count whose poll has closed.
_COUNTING = (
    Standing.Status.UNDER_WAY,
    Standing.Status.BUNDLE_CHECK,
    Standing.Status.RECOUNT,
    Standing.Status.ON_STAGE,
)


def _create_with_region(
    contest: Contest,
    status: Standing.Status | None,
    idempotency_key: str,
    night: Night,
    draft: BulletinDraft,
    by: User,
) -> Bulletin:
    """Create a status's bulletin, and its region's, whose lists wait for no postponed poll."""
    if status is None:
        return create_bulletin(night, draft, by)
    reason = _("The poll in %(constituency)s is postponed.")
    if status != Standing.Status.POSTPONED:
        reason = _("The poll in %(constituency)s is held after all.")
    reason %= {"constituency": contest.full_name}
    request = RevisionRequest(kind=Declaration.Kind.UPDATE, by=by, idempotency_key=idempotency_key)
    return create_with_region(night, draft, contest, request, reason=reason)


def _require_poll(contest: Contest) -> None:
    """Raise InvalidTransition if the poll is postponed."""
    postponed = Standing.Status.POSTPONED
    if Standing.objects.filter(contest=contest, status=postponed).exists():
        raise PollPostponed(_("This poll is postponed: ask the desk if it is held after all."))


def _change_status(
    night: Night,
    standing: Standing,
    status: Standing.Status,
    expected_at: datetime | None,
    verification: Verification | None,
    again: bool,
) -> BulletinDraft | Bulletin:
    """Write the status and draft its bulletin, or return the newest one if nothing changes."""
    contest = standing.contest
    if standing.has_result:
        raise InvalidTransition(_("A result is published here already."))
    if standing.incomplete and status == Standing.Status.POSTPONED:
        raise InvalidTransition(
            _("Some totals are published here, so that there was a poll: withdraw them first.")
        )
    retimed = expected_at not in (None, contest.expected_at)
    verified = _verify(standing, verification)
    if standing.status == status and not (retimed or verified or again):
        newest = find_bulletin(contest=contest, kind=Bulletin.Kind.STATUS)
        if newest is not None:
            return newest
    draft = _moved_entry(night, standing, status)
    standing.status = status
    is_recounted = _move_tally(night, contest, standing)
    standing.save(update_fields=["status", "contribution", "postponed_in", *VERIFIED])
    if expected_at is not None:
        Contest.objects.filter(pk=contest.pk).update(expected_at=expected_at)
    with election_locale(night.election):
        said = [verified or (_("Another recount") if again else str(status.label))]
        if expected_at is not None:
            at = {"time": expected_time(expected_at, night.election)}
            said.append(_("declaration expected about %(time)s") % at)
        summary = f"{contest.full_name}: {', '.join(said)}"
    parts = POSTPONED_PARTS if is_recounted else STATUS_PARTS
    return BulletinDraft(
        kind=Bulletin.Kind.STATUS,
        summary=summary,
        contest=contest,
        night_parts=(*parts, "feed") if draft else parts,
        seats=read_seats([contest]),
        **draft,
    )


def _moved_entry(night: Night, standing: Standing, status: Standing.Status) -> dict[str, Any]:
    """Set the number of a postponed poll's entry, and return the draft's changes of the feed."""
    postponed = Standing.Status.POSTPONED
    if status == postponed and standing.postponed_in is None:
        standing.postponed_in = night.sequence + 1
        return {"entries": (("postponed", standing.postponed_in),)}
    if status != postponed and standing.postponed_in is not None:
        standing.postponed_in = None
        return {"entries": None, "removed_entries": (postponed_entry_id(standing.contest),)}
    return {}


#: The election's parts that a status changes, and that a postponed poll changes.
STATUS_PARTS = ("headline", "expected")
POSTPONED_PARTS = ("progress", "headline", "scoreboard", "line", "expected", "watch")


def _move_tally(night: Night, contest: Contest, standing: Standing) -> bool:
    """Count a postponed poll separately from seats to come; return whether the tally changed.

    A counting area has no seat.
    """
    is_postponed = standing.status == Standing.Status.POSTPONED and not contest.is_counting_area
    before = standing.added_to_tally
    after = postponed_contribution(contest.seats) if is_postponed else Tally()
    if before == after:
        return False
    standing.contribution = after.to_json()
    move_tally(night, contest, before, after)
    return True


#: Columns of a standing for what was announced at verification.
VERIFIED = ("verified_electorate", "verified_papers", "verified_turnout")


def _require_electors(verification: Verification) -> None:
    papers, electorate = verification.papers, verification.electorate
    if papers is not None and electorate is not None and papers > electorate:
        params: dict[str, int | str] = {
            "papers": papers,
            "electorate": electorate,
            "source": "typed",
        }
        raise ValidationRefused(
            [ValidationMessage("papers_over_electorate", BLOCK, "papers", params)]
        )


def _verify(standing: Standing, verification: Verification | None) -> str:
    """Copy the announced figures to the standing; return a sentence, "" if nothing changed."""
    if verification is None:
        return ""
    before = [getattr(standing, name) for name in VERIFIED]
    announced = [verification.electorate, verification.papers, verification.turnout]
    if all(new in (None, old) for new, old in zip(announced, before, strict=True)):
        return ""
    for name, value in zip(VERIFIED, announced, strict=True):
        if value is not None:
            setattr(standing, name, value)
    return verification_sentence(
        standing.verified_electorate, standing.verified_papers, standing.verified_turnout
    )


#: Contests that may add to the tally.
IN_TALLY = Q(standing__declaration__isnull=False) | Q(standing__status=Standing.Status.POSTPONED)


def republish(
    election: Election,
    contests: Iterable[Contest],
    *,
    by: User,
    idempotency_key: str,
    summary: str = "",
) -> PublishResult:
    """Publish the pages of contests again after their details were edited.

    Standings and tally are recomputed first: a candidate's party or the last result may be part of
    what a contest adds to the tally. Without contests only the election's own pages are published,
    with the given `summary`.
    """
    contests = tuple(contests)

    def change(night: Night) -> BulletinDraft:
        snapshot = ElectionSnapshot(election, night)
        edited = Contest.objects.filter(pk__in=[contest.pk for contest in contests])
        for contest in with_results(edited.filter(IN_TALLY)):
            seat = snapshot.seat(contest)
            before = seat.standing.added_to_tally
            region = region_key(seat.contest)
            night.count_turnout_change(region, seat.standing.turnout_change, -1)
            move_tally(night, contest, before, _recompute(night, seat))
        return BulletinDraft(
            kind=Bulletin.Kind.DETAILS,
            summary=", ".join(contest.full_name for contest in contests) or summary,
            contest=contests[0] if len(contests) == 1 else None,
            night_parts=(*NIGHT, "corrections"),
            seats=read_seats(contests),
            entries=None,
        )

    intent = Intent({"act": "refresh", "contests": sorted(contest.pk for contest in contests)})
    return publish_bulletin(
        election, by=by, idempotency_key=idempotency_key, intent=intent, change=change
    )


def start_new_epoch(election: Election) -> None:
    """Recompute the whole tally under a new epoch, so that every open page reloads.

    It is for changes to every page, such as a party's name, the last results or the election's
    rules, and after a restored backup. Bulletin numbers continue. Raises RuntimeError within a
    batch.
    """
    require_no_batch()
    with locked_night(election.pk) as night:
        night.epoch = uuid.uuid4()
        night.turnout_changes = {}
        rebuild_tallies(ElectionSnapshot(election, night))
        night.save(update_fields=["epoch", "tally", "turnout_changes"])
        if night.sequence:
            contests = contests_that_differ(night.election)
            chain.append(night, ChainEntry.Kind.EPOCH, {"contests": contests})
            night.save(update_fields=["entries", "head", "chained"])
        # New milestones count as reached with the newest bulletin.
        at = Bulletin.newest_known_at(election) if night.sequence else clock.now()
        update_milestones(ElectionSnapshot(election, night), at)
        slug, sequence = election.slug, night.sequence
        transaction.on_commit(lambda: notify(slug, sequence), robust=True)


def rebuild_tallies(snapshot: ElectionSnapshot) -> None:
    """Recompute every standing from its declaration or status, and all tallies from those."""
    contests = with_results(Contest.objects.filter(IN_TALLY, election=snapshot.election))
    shares = [
        (contest.body_id, _recompute(snapshot.night, snapshot.seat(contest)))
        for contest in contests
    ]
    store_tallies(snapshot.night, shares)


def _recompute(night: Night, seat: Seat) -> Tally:
    """Recompute one standing from its published result; return its contribution to the tally.

    Its turnout change is added to the night's, from which all were removed before.
    """
    standing, contribution = seat.standing, seat.contribution
    standing.summary, standing.contribution = summary_of_seat(seat), contribution.to_json()
    standing.turnout_change = seat.turnout_change
    standing.save(update_fields=["summary", "contribution", "turnout_change"])
    night.count_turnout_change(region_key(seat.contest), standing.turnout_change, 1)
    return contribution
