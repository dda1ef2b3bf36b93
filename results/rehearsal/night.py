"""A rehearsal as an election of the desk: set up through the models, played through the door."""

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
from results.models import (
    Candidate,
    Contest,
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
    """A dummy night may never be played in a real election."""


def player(name: str = "rehearsal") -> User:
    """The account that a rehearsal's declarations are by; nobody can sign in with it."""
    user, made = User.objects.get_or_create(username=name, defaults={"is_active": False})
    if made:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user


# --- Setting up -----------------------------------------------------------------------------


@transaction.atomic
def set_up(slug: str, night: InventedNight, *, already: int = 0, name: str = "") -> Election:
    """The election of an invented night, found or made.

    Its close of poll is placed so that the first ``already`` declarations lie in the past and the
    next is due now. Raises NotARehearsal for an election that is not one.
    """
    found = Election.objects.filter(slug=slug).first()
    if found is not None:
        if not found.rehearsal:
            raise NotARehearsal(slug)
        return found
    closed = timezone.now() - timedelta(minutes=minute_of(night, already))
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


def minute_of(night: InventedNight, already: int) -> int:
    """The minute after the close of poll at which so many have been declared and one is due."""
    declared = [event.minute for event in night.events if event.act.startswith("declare")]
    return declared[min(already, len(declared) - 1)] if already else declared[0]


def _make_contests(election: Election, night: InventedNight) -> None:
    regions = {
        name: Region.objects.create(election=election, slug=slugify(name), name=name, nation=nation)
        for name, nation in dict.fromkeys((seat.region, seat.nation) for seat in night.seats)
    }
    sizes = Counter(seat.region for seat in night.seats)
    places = {region: iter(cells) for region, cells in country(sizes).items()}
    cells = [next(places[seat.region]) for seat in night.seats]
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
    labels = {one.label for seat in night.seats for one in seat.candidates}
    parties = {slug: known_party(slug).make() for slug in labels - {INDEPENDENT, SPEAKER}}
    pairs = list(zip(contests, night.seats, strict=True))
    Candidate.objects.bulk_create(_candidates(pairs, parties))
    _make_last_results(election, pairs, parties)
    _make_group(election, pairs)


def _standing_as(label: str, parties: dict[str, Party]) -> dict[str, Any]:
    if label in parties:
        return {"party": parties[label]}
    return {"standing_as": label}


def _candidates(
    pairs: list[tuple[Contest, InventedSeat]], parties: dict[str, Party]
) -> Iterator[Candidate]:
    for contest, seat in pairs:
        for place, one in enumerate(seat.ballot_paper, start=1):
            yield Candidate(
                contest=contest,
                name=one.name,
                ballot_order=place,
                **_standing_as(one.label, parties),
            )


def _make_last_results(
    election: Election, pairs: list[tuple[Contest, InventedSeat]], parties: dict[str, Party]
) -> None:
    results = LastResult.objects.bulk_create(
        LastResult(
            contest=contest,
            date=election.date - timedelta(days=1500),
            electorate=seat.electorate_last_time,
            valid=sum(one.votes_last_time or 0 for one in seat.candidates),
            source="Invented",
        )
        for contest, seat in pairs
    )
    rows = []
    for result, (_contest, seat) in zip(results, pairs, strict=True):
        stood = [one for one in seat.candidates if one.votes_last_time is not None]
        most = max(one.votes_last_time or 0 for one in stood)
        rows += [
            LastVotes(
                last_result=result,
                votes=one.votes_last_time,
                elected=one.votes_last_time == most,
                **_standing_as(one.label, parties),
            )
            for one in stood
        ]
    LastVotes.objects.bulk_create(rows)


def _make_group(election: Election, pairs: list[tuple[Contest, InventedSeat]]) -> None:
    """The seats that were closest last time: one in twenty of them all."""
    closest = sorted(pairs, key=lambda pair: (_last_majority(pair[1]), pair[0].slug))
    group = Group.objects.create(
        election=election, slug="key-seats", name="Key seats", about="Those closest last time."
    )
    group.contests.set([contest for contest, _seat in closest[: max(3, len(closest) // 20)]])


def _last_majority(seat: InventedSeat) -> int:
    first, second, *_rest = sorted(
        (one.votes_last_time or 0 for one in seat.candidates), reverse=True
    )
    return first - second


# --- Playing --------------------------------------------------------------------------------


@dataclass(slots=True)
class Play:
    """One invented night being played in its election. Events done before are passed over."""

    election: Election
    night: InventedNight
    by: User

    def remaining(self) -> list[Event]:
        done = set(
            IdempotencyRecord.objects.filter(
                by=self.by, bulletin__election=self.election
            ).values_list("key", flat=True)
        )
        return [event for event in self.night.events if self._key(event) not in done]

    def play(self, event: Event, *, at: datetime | None = None) -> None:
        """Let one event happen, through the door; ``at`` is its time where that is past."""
        seat = self.night.seats[event.seat]
        contest = Contest.objects.get(election=self.election, slug=slugify(seat.name))
        acts: dict[str, Callable[..., object]] = {
            "under_way": self._report,
            "recount": self._report,
            "flash": self._flash,
            "declare": self._declare,
            "declare_misheard": self._declare,
            "complete": self._complete,
            "correct": self._correct,
            "withdraw": self._withdraw,
            "quote": self._quote,
        }
        try:
            with clock.at(at):
                acts[event.act](event, seat, contest, at)
        except (desk.InvalidTransition, desk.StaleRevision):
            # Someone at the desk has done otherwise meanwhile: a rehearsal gives way to people.
            return

    def time_of(self, event: Event) -> datetime:
        """When the event happened on the night's own clock, and never in the future."""
        due = self.election.polls_close + timedelta(minutes=event.minute)
        return min(due, timezone.now())

    def due_at_once(self, already: int) -> int:
        """Events before this minute are in the night's past when it is first seen."""
        return minute_of(self.night, already) if already else 0

    def _key(self, event: Event) -> str:
        return f"{self.election.pk}-{event.key}"

    def _sent(self, event: Event, contest: Contest) -> dict[str, Any]:
        standing = Standing.objects.get(contest=contest)
        return {
            "by": self.by,
            "idempotency_key": self._key(event),
            "base_revision": standing.revision,
        }

    def _report(
        self, event: Event, seat: InventedSeat, contest: Contest, at: datetime | None
    ) -> None:
        status = Standing.Status.RECOUNT if event.act == "recount" else Standing.Status.UNDER_WAY
        desk.report_status(contest, status, by=self.by, idempotency_key=self._key(event))

    def _declare(
        self, event: Event, seat: InventedSeat, contest: Contest, at: datetime | None
    ) -> None:
        ballot_counts = ballot_counts_of(seat, contest)
        if event.act == "declare_misheard":
            ballot_counts = misheard(ballot_counts)
        desk.declare(
            contest,
            ballot_counts,
            declared_at=at,
            source="Invented",
            warning_reason=REASON,
            **self._sent(event, contest),
        )

    def _flash(
        self, event: Event, seat: InventedSeat, contest: Contest, at: datetime | None
    ) -> None:
        winner = contest.candidates.get(name=seat.ranked[0].name)
        desk.declare_winner(contest, [winner], declared_at=at, **self._sent(event, contest))

    def _complete(
        self, event: Event, seat: InventedSeat, contest: Contest, at: datetime | None
    ) -> None:
        ballot_counts = ballot_counts_of(seat, contest)
        desk.complete(contest, ballot_counts, warning_reason=REASON, **self._sent(event, contest))

    def _correct(
        self, event: Event, seat: InventedSeat, contest: Contest, at: datetime | None
    ) -> None:
        desk.correct(
            contest,
            ballot_counts_of(seat, contest),
            reason="Two digits were transposed when the figure was taken down.",
            warning_reason=REASON,
            **self._sent(event, contest),
        )

    def _withdraw(
        self, event: Event, seat: InventedSeat, contest: Contest, at: datetime | None
    ) -> None:
        reason = "The returning officer has reopened the count: a bundle was not included."
        desk.withdraw(contest, reason=reason, **self._sent(event, contest))

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
        votes={ids[one.name]: one.votes for one in seat.ballot_paper},
        rejected=seat.rejected,
        electorate=seat.electorate,
        lot=(ids[seat.lot],) if seat.lot else (),
    )


def misheard(ballot_counts: BallotCounts) -> BallotCounts:
    """The smallest total with two digits transposed, where that changes it."""
    known = {one: votes or 0 for one, votes in ballot_counts.votes.items()}
    least = min(known, key=lambda one: known[one])
    digits = str(known[least])
    swapped = int(digits[:-2] + digits[:-3:-1]) if len(digits) > 1 else known[least] + 1
    if swapped == known[least]:
        swapped += 10
    return replace(ballot_counts, votes={**ballot_counts.votes, least: swapped})
