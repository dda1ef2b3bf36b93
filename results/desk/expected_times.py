"""Store expected times and venues of many contests at once, and publish them as one bulletin."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.utils.translation import gettext as _, ngettext

from results.desk.audit import record_action
from results.desk.bulletins import BulletinDraft
from results.desk.counts import start_new_epoch
from results.desk.intents import Intent
from results.desk.publishing import PublishResult, find_record, locked_night, publish_bulletin
from results.live.fragments import NIGHT
from results.live.seat import read_seats
from results.models import Bulletin, Contest, Election
from results.words.times import time_of

#: The most contests whose fragments one bulletin sends to open pages; for more, pages reload.
MOST_IN_BULLETIN = 25


@dataclass(frozen=True, slots=True)
class ExpectedCount:
    """The expected time of a contest's declaration and its venue; None and "" if not known."""

    contest: Contest
    expected_at: datetime | None
    venue: str


def set_expected_counts(
    election: Election, counts: Sequence[ExpectedCount], *, by: User, idempotency_key: str
) -> PublishResult | None:
    """Store times and venues in one transaction, and send one bulletin to open pages.

    Returns None before the first bulletin of the election, when pages reload instead, and for a
    withdrawn election. The `contest` of each count has its values from before, for the audit log.
    """
    before, after = (_as_text(election, each) for each in (_stored(counts), counts))
    contests = [each.contest for each in counts]
    with locked_night(election.pk) as night:
        earlier = find_record(by, idempotency_key)
        if earlier is not None:
            return earlier.answer
        _store(counts)
        is_short = len(contests) <= MOST_IN_BULLETIN
        has_stream = night.sequence > 0 and night.election.is_published
        if not has_stream or not is_short:
            start_new_epoch(election)
        if not has_stream:
            about = _summary(contests)
            what = _("expected times")
            record_action(by, what, election=election, about=about, before=before, after=after)
            return None
        draft = BulletinDraft(
            kind=Bulletin.Kind.DETAILS,
            summary=_summary(contests),
            contest=contests[0] if len(contests) == 1 else None,
            night_parts=NIGHT,
            seats=read_seats(contests) if is_short else (),
            entries=None,
            before=before,
            after=after,
        )
        return publish_bulletin(
            election,
            by=by,
            idempotency_key=idempotency_key,
            intent=Intent({"act": "expected times", "counts": after}),
            change=lambda _night: draft,
        )


def _store(counts: Sequence[ExpectedCount]) -> None:
    rows = [
        Contest(pk=each.contest.pk, expected_at=each.expected_at, venue=each.venue)
        for each in counts
    ]
    Contest.objects.bulk_update(rows, ["expected_at", "venue"], batch_size=200)


def _stored(counts: Sequence[ExpectedCount]) -> list[ExpectedCount]:
    return [
        ExpectedCount(each.contest, each.contest.expected_at, each.contest.venue) for each in counts
    ]


def _summary(contests: Sequence[Contest]) -> str:
    if len(contests) <= 3:
        names = ", ".join(contest.full_name for contest in contests)
        return _("Expected times and venues: %(names)s") % {"names": names}
    text = ngettext(
        "Expected time and venue of %(n)d count",
        "Expected times and venues of %(n)d counts",
        len(contests),
    )
    return text % {"n": len(contests)}


def _as_text(election: Election, counts: Sequence[ExpectedCount]) -> str:
    """Format counts for the audit log: “Aford: 01:30, Town Hall; Beford: –”."""
    parts = []
    for each in counts:
        at = time_of(each.expected_at, election) if each.expected_at else "–"
        parts.append(f"{each.contest.full_name}: {', '.join(filter(None, [at, each.venue]))}")
    return "; ".join(parts)
