"""Rehearsals: set up an invented night as an election, and play it through the publishing API."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from results import desk
from results.arithmetic import INDEPENDENT, SPEAKER, BallotCounts
from results.desk.accounts import system_user
from results.models import (
    Candidate,
    Contest,
    Declaration,
    Election,
    Group,
    IdempotencyRecord,
    LastResult,
    LastVotes,
    Party,
    Region,
    Standing,
    clock,
)
from results.models.known_parties import known_party
from results.rehearsal import names
from results.rehearsal.generator import Event, InventedNight, InventedSeat
from results.rehearsal.geography import country

REASON = "Rehearsal: invented figures."


class NotARehearsal(Exception):
    """An invented night may never be played in a real election."""


def rehearsal_user(name: str = "rehearsal") -> User:
    """Return the account that a rehearsal's declarations are published under."""
    return system_user(name)


# --- Setting up -----------------------------------------------------------------------------


@transaction.atomic
def set_up(slug: str, night: InventedNight, *, declared: int = 0, name: str = "") -> Election:
    """Return the election of an invented night, created if there is none.

    Its close of poll is set so that the first `declared` declarations lie in the past and the next
    is due now. Raises NotARehearsal for a real election.
    """
    existing = Election.objects.filter(slug=slug).first()
    if existing is not None:
        if not existing.rehearsal:
            raise NotARehearsal(slug)
        return existing
    closed = timezone.now() - timedelta(minutes=minute_of(night, declared))
    election = Election(
        slug=slug,
        name=name or "Rehearsal night",
        date=closed.date(),
        polls_close=closed.replace(second=0, microsecond=0),
        rehearsal=True,
    )
    election.full_clean()
    election.save()
    _make_contests(election, night)
    return election


def minute_of(night: InventedNight, declared: int) -> int:
    """Return the minute of the first declaration that is due after `declared` of them."""
    minutes = [event.minute for event in night.events if event.action.startswith("declare")]
    return minutes[min(declared, len(minutes) - 1)]


def _make_contests(election: Election, night: InventedNight) -> None:
    regions = {
        name: Region.objects.create(election=election, slug=slugify(name), name=name, nation=nation)
        for name, nation in dict.fromkeys((seat.region, seat.nation) for seat in night.seats)
    }
    sizes = Counter(seat.region for seat in night.seats)
    free_cells = {region: iter(cells) for region, cells in country(sizes).items()}
    cells = [next(free_cells[seat.region]) for seat in night.seats]
    contests = Contest.objects.bulk_create(
        Contest(
            election=election,
            slug=slugify(seat.name),
            name=seat.name,
            region=regions[seat.region],
            electorate=seat.electorate_last_time,
            venue=f"{seat.name} Leisure Centre",
            expected_at=election.polls_close + timedelta(minutes=seat.minute // 15 * 15),
            hex_q=q,
            hex_r=r,
        )
        for seat, (q, r) in zip(night.seats, cells, strict=True)
    )
    Standing.objects.bulk_create(Standing(contest=contest) for contest in contests)
    labels = {candidate.label for seat in night.seats for candidate in seat.candidates}
    parties = {slug: known_party(slug).make() for slug in labels - {INDEPENDENT, SPEAKER}}
    pairs = list(zip(contests, night.seats, strict=True))
    Candidate.objects.bulk_create(_candidates(pairs, parties))
    _make_last_results(election, pairs, parties)
    _make_group(election, pairs)


def _standing_as(label: str, parties: dict[str, Party]) -> dict[str, Any]:
    return {"party": parties[label]} if label in parties else {"standing_as": label}


def _candidates(
    pairs: list[tuple[Contest, InventedSeat]], parties: dict[str, Party]
) -> Iterator[Candidate]:
    for contest, seat in pairs:
        for order, candidate in enumerate(seat.ballot_paper, start=1):
            yield Candidate(
                contest=contest,
                name=candidate.name,
                ballot_order=order,
                **_standing_as(candidate.label, parties),
            )


def _make_last_results(
    election: Election, pairs: list[tuple[Contest, InventedSeat]], parties: dict[str, Party]
) -> None:
    results = LastResult.objects.bulk_create(
        LastResult(
            contest=contest,
            date=election.date - timedelta(days=1500),
            electorate=seat.electorate_last_time,
            valid=sum(candidate.votes_last_time or 0 for candidate in seat.candidates),
            source="Invented",
        )
        for contest, seat in pairs
    )
    rows = []
    for result, (_contest, seat) in zip(results, pairs, strict=True):
        stood = [c for c in seat.candidates if c.votes_last_time is not None]
        most = max(c.votes_last_time or 0 for c in stood)
        rows += [
            LastVotes(
                last_result=result,
                votes=candidate.votes_last_time,
                elected=candidate.votes_last_time == most,
                **_standing_as(candidate.label, parties),
            )
            for candidate in stood
        ]
    LastVotes.objects.bulk_create(rows)


def _make_group(election: Election, pairs: list[tuple[Contest, InventedSeat]]) -> None:
    """Group the twentieth of the seats that were closest last time."""
    closest = sorted(pairs, key=lambda pair: (_last_majority(pair[1]), pair[0].slug))
    group = Group.objects.create(
        election=election, slug="key-seats", name="Key seats", about="Those closest last time."
    )
    group.contests.set([contest for contest, _seat in closest[: max(3, len(closest) // 20)]])


def _last_majority(seat: InventedSeat) -> int:
    first, second, *_rest = sorted(
        (candidate.votes_last_time or 0 for candidate in seat.candidates), reverse=True
    )
    return first - second


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
        contest = Contest.objects.get(election=self.election, slug=slugify(seat.name))
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
        try:
            with clock.at(at):
                actions[event.action](event, seat, contest, at)
        except (desk.InvalidTransition, desk.StaleRevision):
            return

    def time_of(self, event: Event) -> datetime:
        """Return when the event happens on the night's own clock, and now at the latest."""
        return min(self.election.polls_close + timedelta(minutes=event.minute), timezone.now())

    def first_minute(self, declared: int) -> int:
        """Return the minute before which events lie in the past, with so many declared."""
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
            ballot_counts = misheard(ballot_counts)
        kind = Declaration.Kind.DECLARATION
        fields = {"declared_at": clock.now(), "source": "Invented"}
        self._publish(event, contest, kind, ballot_counts, **fields)

    def _declare_winner(
        self, event: Event, seat: InventedSeat, contest: Contest, at: datetime | None
    ) -> None:
        winner = contest.candidates.get(name=seat.ranked[0].name)
        candidates = (candidate.pk for candidate in contest.candidates.all())
        self._publish(
            event,
            contest,
            Declaration.Kind.WINNER_ONLY,
            BallotCounts.of_winners(candidates, [winner.pk]),
            declared_at=clock.now(),
        )

    def _complete(
        self, event: Event, seat: InventedSeat, contest: Contest, at: datetime | None
    ) -> None:
        self._publish(event, contest, Declaration.Kind.UPDATE, ballot_counts_of(seat, contest))

    def _correct(
        self, event: Event, seat: InventedSeat, contest: Contest, at: datetime | None
    ) -> None:
        self._publish(
            event,
            contest,
            Declaration.Kind.CORRECTION,
            ballot_counts_of(seat, contest),
            reason="Two digits were transposed when the figure was taken down.",
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
    ids = dict(contest.candidates.values_list("name", "pk"))
    return BallotCounts(
        votes={ids[candidate.name]: candidate.votes for candidate in seat.ballot_paper},
        rejected=seat.rejected,
        electorate=seat.electorate,
        lot=(ids[seat.lot],) if seat.lot else (),
    )


def misheard(ballot_counts: BallotCounts) -> BallotCounts:
    """Transpose the last two digits of the smallest total, or change it otherwise."""
    known = {pk: votes or 0 for pk, votes in ballot_counts.votes.items()}
    least = min(known, key=lambda pk: known[pk])
    digits = str(known[least])
    swapped = int(digits[:-2] + digits[:-3:-1]) if len(digits) > 1 else known[least] + 1
    if swapped == known[least]:
        swapped += 10
    return replace(ballot_counts, votes={**ballot_counts.votes, least: swapped})
