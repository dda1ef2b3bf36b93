"""How a count is going, and what to do when the details behind published pages change."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from results.arithmetic import BLOCK, Tally, ValidationMessage
from results.desk.errors import InvalidTransition, ValidationRefused
from results.desk.milestones import update_milestones
from results.desk.publishing import BulletinDraft, PublishResult, publish_bulletin
from results.live.election_snapshot import ElectionSnapshot
from results.live.fragments import NIGHT, election_locale
from results.live.notify import notify
from results.live.seat import Seat, with_results
from results.models import WITHOUT_RESULT, Bulletin, Contest, Election, Night, Standing, clock
from results.words.seat_sentences import verification_sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What is announced when the papers have been verified, before the votes are counted.

    ``electorate`` people and ``papers`` ballot papers; ``turnout`` is per cent, as heard.
    """

    electorate: int | None = None
    papers: int | None = None
    turnout: Decimal | None = None


def report_status(
    contest: Contest,
    status: Standing.Status,
    *,
    by: User,
    idempotency_key: str,
    expected_at: datetime | None = None,
    verification: Verification | None = None,
) -> PublishResult:
    """Publish how the count is going: awaiting, under way, recount, on the stage, postponed.

    ``expected_at`` is when the declaration is expected now, where that is known; ``verification``
    what was announced of the papers. Refused with NotNow once there is a result, and with Refused
    for more papers than people.
    """
    if status not in WITHOUT_RESULT:
        raise InvalidTransition(_("A result is declared, not reported as a state of the count."))
    election = Election.objects.get(pk=contest.election_id)
    if verification:
        _require_people(verification)

    def act(night: Night) -> BulletinDraft | Bulletin:
        standing, _new = Standing.objects.get_or_create(contest=contest)
        if standing.has_result:
            raise InvalidTransition(_("This seat has a result already."))
        latest = _latest_status_bulletin(contest)
        retimed = expected_at not in (None, contest.expected_at)
        verified = _verify(standing, verification)
        if latest and standing.status == status and not retimed and not verified:
            return latest
        standing.status = status
        standing.save(update_fields=["status", *VERIFIED])
        if expected_at is not None:
            Contest.objects.filter(pk=contest.pk).update(expected_at=expected_at)
        with election_locale(election):
            line = f"{contest.name}: {verified or Standing.Status(status).label}"
        return BulletinDraft(
            kind=Bulletin.Kind.STATUS,
            summary=line,
            contest=contest,
            night_parts=("headline", "expected"),
            seats=(contest,),
        )

    expected = expected_at.isoformat() if expected_at else None
    intent = {"act": "status", "contest": contest.pk, "status": status, "expected_at": expected}
    if verification:
        intent |= {"verification": str(verification)}
    return publish_bulletin(
        election, by=by, idempotency_key=idempotency_key, intent=intent, change=act
    )


VERIFIED = ("verified_electorate", "verified_papers", "verified_turnout")


def _require_people(said: Verification) -> None:
    if said.papers is not None and said.electorate is not None and said.papers > said.electorate:
        params = {"papers": said.papers, "electorate": said.electorate}
        raise ValidationRefused(
            [ValidationMessage("papers_over_electorate", BLOCK, "papers", params)]
        )


def _verify(standing: Standing, said: Verification | None) -> str:
    """Put down what was announced; in words, or nothing where it says nothing new."""
    if said is None:
        return ""
    before = [getattr(standing, name) for name in VERIFIED]
    given = [said.electorate, said.papers, said.turnout]
    if all(new in (None, then) for new, then in zip(given, before, strict=True)):
        return ""
    for name, value in zip(VERIFIED, given, strict=True):
        if value is not None:
            setattr(standing, name, value)
    return verification_sentence(
        standing.verified_electorate, standing.verified_papers, standing.verified_turnout
    )


def _latest_status_bulletin(contest: Contest) -> Bulletin | None:
    log = Bulletin.objects.filter(contest=contest, kind=Bulletin.Kind.STATUS)
    return log.order_by("-sequence").first()


def republish(
    election: Election,
    contests: Iterable[Contest],
    *,
    by: User,
    idempotency_key: str,
    line: str = "",
) -> PublishResult:
    """Publish the pages of some contests again, after an editor changed their details.

    Without contests it is the night's own parts; ``line`` then says what it was about.

    Their standings are worked out again first: a candidate's name or party, or what happened last
    time, may be part of what the contest adds to the tally.
    """
    chosen = tuple(contests)

    def act(night: Night) -> BulletinDraft:
        snapshot = ElectionSnapshot(election, night)
        declared = Contest.objects.filter(pk__in=[contest.pk for contest in chosen])
        for contest in with_results(declared.filter(standing__declaration__isnull=False)):
            seat = snapshot.seat(contest)
            without = night.standing_tally.minus(seat.standing.added_to_tally)
            night.tally = without.plus(_rework(seat)).to_json()
        return BulletinDraft(
            kind=Bulletin.Kind.DETAILS,
            summary=", ".join(contest.name for contest in chosen) or line,
            contest=chosen[0] if len(chosen) == 1 else None,
            night_parts=(*NIGHT, "corrections"),
            seats=chosen,
        )

    intent = {"act": "refresh", "contests": sorted(contest.pk for contest in chosen)}
    return publish_bulletin(
        election, by=by, idempotency_key=idempotency_key, intent=intent, change=act
    )


def start_new_epoch(election: Election) -> None:
    """Work the whole night out again under a new epoch: every open page loads itself afresh.

    For changes that touch every page (a party's name or folding, last time's results, the rules
    of the election) and after a backup was restored. Numbers go on where they were.
    """
    with transaction.atomic():
        night = Night.objects.select_for_update().get(election=election)
        night.epoch = uuid.uuid4()
        night.tally = rebuild(ElectionSnapshot(election, night)).to_json()
        night.save(update_fields=["epoch", "tally"])
        update_milestones(ElectionSnapshot(election, night), _newest_at(election) or clock.now())
        slug, sequence = election.slug, night.sequence
        transaction.on_commit(lambda: notify(slug, sequence), robust=True)


def _newest_at(election: Election) -> datetime | None:
    """When the newest bulletin was published: that is the one that a milestone names."""
    log = Bulletin.objects.filter(election=election).order_by("-sequence")
    return log.values_list("published_at", flat=True).first()


def rebuild(snapshot: ElectionSnapshot) -> Tally:
    """Work every contest's standing out again from its declaration, and the tally from those."""
    whole = Tally()
    contests = Contest.objects.filter(
        election=snapshot.election, standing__declaration__isnull=False
    )
    for contest in with_results(contests):
        whole = whole.plus(_rework(snapshot.seat(contest)))
    return whole


def _rework(seat: Seat) -> Tally:
    """Work one standing out again from its declaration; what it now adds to the tally."""
    standing, contribution = seat.standing, seat.contribution
    standing.summary, standing.contribution = seat.summary, contribution.to_json()
    standing.save(update_fields=["summary", "contribution"])
    return contribution
