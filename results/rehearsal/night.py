"""Play an invented night through the publishing API, as reporters would declare it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from results import desk
from results.arithmetic import BallotCounts
from results.desk.expected_times import MOST_IN_BULLETIN
from results.models import (
    NOT_AWAITED,
    Bulletin,
    Contest,
    Declaration,
    Election,
    IdempotencyRecord,
    Standing,
    clock,
)
from results.models.contest import free_contest_slug
from results.rehearsal import names
from results.rehearsal.invented import Event, InventedNight, InventedSeat
from results.rehearsal.setting_up import expected_minute, minute_of

REASON = "Rehearsal: invented figures."
#: Times of the demo are set before its server starts, some time before the rehearsal goes on.
NEAR = timedelta(minutes=3)
#: Reasons of the corrections of misheard figures.
TRANSPOSED = "Two digits were transposed when the figure was taken down."
MISHEARD = "The figure was misheard when it was taken down."


# --- Playing --------------------------------------------------------------------------------


@dataclass(slots=True)
class Playback:
    """Plays the events of an invented night in its election."""

    election: Election
    night: InventedNight
    by: User

    def remaining(self) -> list[Event]:
        """Return the events that have not been played yet, in order."""
        done = set(
            IdempotencyRecord.objects.filter(
                by=self.by, bulletin__election=self.election
            ).values_list("idempotency_key", flat=True)
        )
        return [event for event in self.night.events if self._key(event) not in done]

    def play(self, event: Event, *, at: datetime | None = None) -> None:
        """Publish one event, as of `at`, or of now.

        An event that an editor's changes have made impossible is skipped.
        """
        seat = self.night.seats[event.seat]
        contest = Contest.objects.get(election=self.election, slug=free_contest_slug(seat.name))
        actions: dict[str, Callable[..., object]] = {
            "under_way": self._report,
            "recount": self._report,
            "winner_only": self._declare_winner,
            "declare": self._declare,
            "declare_misheard": self._declare,
            "complete": self._complete,
            "correct": self._correct,
            "withdraw": self._withdraw,
            "quote": self._quote,
        }
        action = actions.get(event.action) or self._elect
        try:
            with clock.at(at):
                action(event, seat, contest, at)
        except (desk.InvalidTransition, desk.StaleRevision):
            return

    def time_of(self, event: Event) -> datetime:
        """Return when the event happens on the night's own clock, and now at the latest."""
        return min(self.election.polls_close + timedelta(minutes=event.minute), timezone.now())

    def follow_speed(self, begin: int, speed: float) -> None:
        """Publish when each count to come is expected if the night goes on from minute `begin`.

        Nothing changes at the night's own pace, nor for counts of which people published
        something, nor by less than `NEAR`. Many counts take several bulletins, since the times of
        more than `MOST_IN_BULLETIN` start a new epoch, for which every open page loads itself.
        """
        now = timezone.now()
        theirs = Bulletin.objects.filter(election=self.election).exclude(by=self.by)
        awaited = (
            Contest.objects.filter(election=self.election)
            .exclude(standing__status__in=NOT_AWAITED)
            .exclude(pk__in=theirs.filter(contest__isnull=False).values("contest"))
        )
        minutes = {free_contest_slug(seat.name): expected_minute(seat) for seat in self.night.seats}
        counts = []
        for contest in awaited:
            minute = minutes.get(contest.slug)
            if minute is None:  # an editor has added it
                continue
            wait = timedelta(minutes=max(minute - begin, 0) / speed)
            at = (now + wait).replace(second=0, microsecond=0)
            on_own_clock = self.election.polls_close + timedelta(minutes=minute)
            if speed == 1 and contest.expected_at == on_own_clock:
                continue
            if contest.expected_at is None or abs(contest.expected_at - at) >= NEAR:
                counts.append(desk.ExpectedCount(contest, at, contest.venue))
        for first in range(0, len(counts), MOST_IN_BULLETIN):
            some = counts[first : first + MOST_IN_BULLETIN]
            key = f"{self.election.pk}-expected-{now.isoformat()}-{some[0].contest.pk}"
            desk.set_expected_counts(self.election, some, by=self.by, idempotency_key=key)

    def first_minute(self, declared: int) -> int:
        """Return the minute at which the events still to come begin, with so many declared."""
        return minute_of(self.night, declared) if declared else 0

    def _key(self, event: Event) -> str:
        return f"{self.election.pk}-{event.key}"

    def _publish(
        self,
        event: Event,
        contest: Contest,
        kind: Declaration.Kind,
        ballot_counts: BallotCounts | None,
        **fields: Any,
    ) -> None:
        request = desk.RevisionRequest(
            kind=kind,
            by=self.by,
            idempotency_key=self._key(event),
            base_revision=Standing.objects.get(contest=contest).revision,
            warning_reason=REASON,
            **fields,
        )
        desk.publish_result(contest, ballot_counts, request)

    def _report(
        self, event: Event, seat: InventedSeat, contest: Contest, at: datetime | None
    ) -> None:
        status = Standing.Status.RECOUNT if event.action == "recount" else Standing.Status.UNDER_WAY
        desk.report_status(contest, status, by=self.by, idempotency_key=self._key(event))

    def _declare(
        self, event: Event, seat: InventedSeat, contest: Contest, at: datetime | None
    ) -> None:
        ballot_counts = ballot_counts_of(seat, contest)
        if event.action == "declare_misheard":
            ballot_counts, _reason = misheard(ballot_counts)
        kind = Declaration.Kind.DECLARATION
        fields = {"declared_at": clock.now(), "source": "Invented"}
        self._publish(event, contest, kind, ballot_counts, **fields)

    def _declare_winner(
        self, event: Event, seat: InventedSeat, contest: Contest, at: datetime | None
    ) -> None:
        names_won = [candidate.name for candidate in seat.ranked[: seat.seats]]
        winners = contest.candidates.filter(name__in=names_won).values_list("pk", flat=True)
        candidates = (candidate.pk for candidate in contest.candidates.all())
        self._publish(
            event,
            contest,
            Declaration.Kind.WINNER_ONLY,
            BallotCounts.of_winners(candidates, winners),
            declared_at=clock.now(),
        )

    def _elect(
        self, event: Event, seat: InventedSeat, contest: Contest, at: datetime | None
    ) -> None:
        """Declare the next one elected, at a stage of a count by single transferable vote."""
        number = int(event.action.removeprefix("elect-"))
        ids = dict(contest.candidates.values_list("name", "pk"))
        counts = ballot_counts_of(seat, contest)
        valid = sum(candidate.votes for candidate in seat.candidates)
        elected = [ids[name] for name in seat.elected[:number]]
        first = number == 1
        self._publish(
            event,
            contest,
            Declaration.Kind.WINNER_ONLY if first else Declaration.Kind.UPDATE,
            replace(
                counts,
                winners=tuple(elected),
                stages={pk: 1 + 2 * place for place, pk in enumerate(elected)},
                quota=valid // (seat.seats + 1) + 1,
            ),
            **({"declared_at": clock.now(), "source": "Invented"} if first else {}),
        )

    def _complete(
        self, event: Event, seat: InventedSeat, contest: Contest, at: datetime | None
    ) -> None:
        self._publish(event, contest, Declaration.Kind.UPDATE, ballot_counts_of(seat, contest))

    def _correct(
        self, event: Event, seat: InventedSeat, contest: Contest, at: datetime | None
    ) -> None:
        ballot_counts = ballot_counts_of(seat, contest)
        _misheard, reason = misheard(ballot_counts)
        self._publish(
            event,
            contest,
            Declaration.Kind.CORRECTION,
            ballot_counts,
            reason=reason,
            blame=Declaration.Blame.OURS,
        )

    def _withdraw(
        self, event: Event, seat: InventedSeat, contest: Contest, at: datetime | None
    ) -> None:
        self._publish(
            event,
            contest,
            Declaration.Kind.WITHDRAWAL,
            None,
            reason="The returning officer has reopened the count: a bundle was not included.",
            blame=Declaration.Blame.OURS,
        )

    def _quote(
        self, event: Event, seat: InventedSeat, contest: Contest, at: datetime | None
    ) -> None:
        winner = contest.candidates.get(name=seat.ranked[0].name)
        words = Random(event.key).choice(names.SPEECHES)
        desk.publish(
            self.election,
            desk.QuoteContent(words=words, contest=contest, candidate=winner, said_at=at),
            by=self.by,
            idempotency_key=self._key(event),
        )


def ballot_counts_of(seat: InventedSeat, contest: Contest) -> BallotCounts:
    """The counts as read out; the votes of a list are those of its first candidate."""
    ids = dict(contest.candidates.values_list("name", "pk"))
    return BallotCounts(
        votes={
            ids[candidate.name]: candidate.votes
            for candidate in seat.ballot_paper
            if candidate.list_position in (None, 1)
        },
        rejected=seat.rejected,
        electorate=seat.electorate,
        papers=seat.papers,
        lot=(ids[seat.lot],) if seat.lot else (),
    )


def misheard(ballot_counts: BallotCounts) -> tuple[BallotCounts, str]:
    """Return the counts with one total misheard, and the reason of their correction.

    The last two digits of the smallest total that has two to transpose are transposed. Where none
    has, the smallest total is 10 too large.
    """
    known = {pk: votes or 0 for pk, votes in ballot_counts.votes.items()}
    ascending = sorted(known, key=lambda pk: known[pk])
    for pk in ascending:
        rest, tens_and_units = divmod(known[pk], 100)
        tens, units = divmod(tens_and_units, 10)
        if tens != units and (rest or 0 not in (tens, units)):
            votes = known | {pk: rest * 100 + units * 10 + tens}
            return replace(ballot_counts, votes=votes), TRANSPOSED
    least = ascending[0]
    return replace(ballot_counts, votes=known | {least: known[least] + 10}), MISHEARD
