"""Set up an invented night as an election: bodies, contests, candidates and last results."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from results.arithmetic import ANSWER, INDEPENDENT, SPEAKER, ElectionKind
from results.desk.accounts import system_user
from results.desk.counting_areas import follow_ballot_paper
from results.models import (
    Body,
    Candidate,
    Contest,
    Election,
    Group,
    LastResult,
    LastVotes,
    Night,
    Party,
    Region,
    Standing,
)
from results.models.body import body_slug
from results.models.contest import free_contest_slug
from results.models.known_parties import known_party
from results.rehearsal.geography import country
from results.rehearsal.invented import InventedNight, InventedSeat

#: Actions that are a contest's first result.
FIRST = ("declare", "elect-1")
#: Default name of a rehearsal.
NAMES: dict[ElectionKind, str] = {
    ElectionKind.UK_PARLIAMENT: "Rehearsal night",
    ElectionKind.UK_PARLIAMENT_BY_ELECTION: "Rehearsal: by-elections",
    ElectionKind.COUNCIL: "Rehearsal: council elections",
    ElectionKind.COUNCIL_STV: "Rehearsal: council elections by transferable vote",
    ElectionKind.MAYOR: "Rehearsal: mayoral elections",
    ElectionKind.COMMISSIONER: "Rehearsal: police and crime commissioners",
    ElectionKind.REFERENDUM: "Rehearsal: referendum",
    ElectionKind.SENEDD: "Rehearsal: Senedd",
    ElectionKind.SCOTTISH_PARLIAMENT: "Rehearsal: Scottish Parliament",
    ElectionKind.LONDON_ASSEMBLY: "Rehearsal: London Assembly",
    ElectionKind.NI_ASSEMBLY: "Rehearsal: Northern Ireland Assembly",
}


class NotARehearsal(Exception):
    """The election is not a rehearsal, so no invented night may be played in it."""


class AnotherKind(Exception):
    """The address belongs to a rehearsal of another kind of election."""


class AnotherNight(Exception):
    """The rehearsal at the address was set up with other contests and candidates."""


def rehearsal_user(name: str = "rehearsal") -> User:
    """Return the account that a rehearsal's declarations are published under."""
    return system_user(name)


@transaction.atomic
def set_up(slug: str, night: InventedNight, *, declared: int = 0, name: str = "") -> Election:
    """Return the election of an invented night, created if there is none.

    Its close of poll is set so that the first `declared` declarations lie in the past and the next
    is due now. Raises NotARehearsal for a real election, and AnotherKind or AnotherNight for a
    rehearsal of another kind of election or of another night.
    """
    existing = Election.objects.filter(slug=slug).first()
    if existing is not None:
        if not existing.rehearsal:
            raise NotARehearsal(slug)
        by_elections = existing.contests.filter(by_election=True).exists()
        if (existing.kind, by_elections) != (night.kind, night.by_elections):
            raise AnotherKind(slug)
        if not _is_of(existing, night):
            raise AnotherNight(slug)
        return existing
    closed = timezone.now() - timedelta(minutes=minute_of(night, declared))
    election = Election(
        slug=slug,
        name=name or _free_name(night, slug),
        kind=night.kind,
        date=closed.date(),
        polls_close=closed.replace(second=0, microsecond=0),
        rehearsal=True,
    )
    election.full_clean()
    election.save()
    # Its log begins as that of a real night, although its polls were never open.
    Night.objects.filter(election=election).update(poll_closed_at=None)
    _make_contests(election, night)
    return election


def _is_of(election: Election, night: InventedNight) -> bool:
    """Whether the election has each contest of the night, and most of its own candidates there.

    Smaller nights of the same seed are parts of larger ones; editors may have changed candidates.
    """
    contests = {free_contest_slug(seat.name) for seat in night.seats}
    if not contests <= set(election.contests.values_list("slug", flat=True)):
        return False
    candidates = Candidate.objects.filter(contest__election=election, contest__part_of=None)
    standing = set(candidates.values_list("contest__slug", "name"))
    invented = {
        (free_contest_slug(seat.name), candidate.name)
        for seat in night.seats
        if not seat.part_of
        for candidate in seat.ballot_paper
    }
    return len(invented & standing) * 2 > len(standing)


def _free_name(night: InventedNight, slug: str) -> str:
    """The night's name, with the address where another rehearsal has the name already."""
    name = _name_of(night)
    return f"{name} ({slug})" if Election.objects.filter(name=name).exists() else name


def _name_of(night: InventedNight) -> str:
    if night.kind == ElectionKind.COUNCIL and night.by_elections:
        return "Rehearsal: council by-elections"
    return NAMES[night.kind]


def minute_of(night: InventedNight, declared: int) -> int:
    """Return the minute of the first declaration that is due after `declared` of them."""
    minutes = [event.minute for event in night.events if event.action.startswith(FIRST)]
    return minutes[min(declared, len(minutes) - 1)]


def expected_minute(seat: InventedSeat) -> int:
    """Return the minute at which a seat is expected to declare: the quarter of an hour before."""
    return seat.minute // 15 * 15


def _make_contests(election: Election, night: InventedNight) -> None:
    bodies = _make_bodies(election, night)
    regions = {
        name: Region.objects.create(election=election, slug=slugify(name), name=name, nation=nation)
        for name, nation in dict.fromkeys((seat.region, seat.nation) for seat in night.seats)
        if name
    }
    contests = Contest.objects.bulk_create(
        Contest(
            election=election,
            body=bodies[seat.body],
            slug=free_contest_slug(seat.name),
            name=seat.name,
            seats=seat.seats,
            method=seat.method,
            by_election=seat.by_election,
            region=regions.get(seat.region),
            electorate=seat.electorate_last_time or seat.electorate,
            venue=f"{seat.name} Leisure Centre",
            expected_at=election.polls_close + timedelta(minutes=expected_minute(seat)),
            hex_q=cell[0] if cell else None,
            hex_r=cell[1] if cell else None,
        )
        for seat, cell in zip(night.seats, _cells(night), strict=True)
    )
    _link(contests, night)
    Standing.objects.bulk_create(Standing(contest=contest) for contest in contests)
    labels = {candidate.label for seat in night.seats for candidate in seat.candidates}
    parties = {slug: known_party(slug).make() for slug in labels - {ANSWER, INDEPENDENT, SPEAKER}}
    pairs = list(zip(contests, night.seats, strict=True))
    own = [pair for pair in pairs if not pair[1].part_of]
    Candidate.objects.bulk_create(_candidates(own, parties))
    follow_ballot_paper([contest for contest, _seat in own])
    with_last = [
        pair for pair in own if any(c.votes_last_time is not None for c in pair[1].candidates)
    ]
    _make_last_results(election, with_last, parties)
    _enter_compositions(bodies, night)
    if night.kind == ElectionKind.UK_PARLIAMENT:
        _make_group(election, pairs)


def _make_bodies(election: Election, night: InventedNight) -> dict[str, Body]:
    """Create the bodies and return them by name; the only one of its kind under “”."""
    bodies = {
        body.name: Body.objects.create(
            election=election, slug=body_slug(body.name), name=body.name, seats=body.seats
        )
        for body in night.bodies
    }
    return bodies or {"": Body.only_one_of(election)}


def _enter_compositions(bodies: dict[str, Body], night: InventedNight) -> None:
    """Enter who holds the seats of each council that is not elected whole."""
    for invented in night.bodies:
        if invented.not_up:
            held = Counter(
                holder.label
                for seat in night.seats
                if seat.body == invented.name
                for holder in seat.held_by
            )
            body = bodies[invented.name]
            body.not_up = dict(invented.not_up)
            body.composition_before = dict(held + Counter(invented.not_up))
            body.save()


def _cells(night: InventedNight) -> Iterator[tuple[int, int] | None]:
    """The cell of each seat on the map; None where there is no map of hexagons."""
    if night.kind != ElectionKind.UK_PARLIAMENT:
        yield from (None for _seat in night.seats)
        return
    sizes = Counter(seat.region for seat in night.seats)
    free = {region: iter(cells) for region, cells in country(sizes).items()}
    yield from (next(free[seat.region]) for seat in night.seats)


def _link(contests: list[Contest], night: InventedNight) -> None:
    """Link constituencies to their regions, and counting areas to what they are counted for."""
    by_name = {contest.name: contest for contest in contests}
    linked = []
    for contest, seat in zip(contests, night.seats, strict=True):
        contest.region_contest = by_name.get(seat.region_contest)
        contest.part_of = by_name.get(seat.part_of)
        if seat.region_contest or seat.part_of:
            linked.append(contest)
    Contest.objects.bulk_update(linked, ["region_contest", "part_of"])


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
                list_position=candidate.list_position,
                **_standing_as(candidate.label, parties),
            )


def _make_last_results(
    election: Election, pairs: list[tuple[Contest, InventedSeat]], parties: dict[str, Party]
) -> None:
    results = LastResult.objects.bulk_create(
        LastResult(
            contest=contest,
            date=election.date - timedelta(days=1500),
            seats=seat.seats,
            electorate=seat.electorate_last_time,
            valid=sum(candidate.votes_last_time or 0 for candidate in seat.candidates),
            source="Invented",
        )
        for contest, seat in pairs
    )
    rows = []
    for result, (_contest, seat) in zip(results, pairs, strict=True):
        stood = [c for c in seat.candidates if c.votes_last_time is not None]
        held_by = seat.held_by
        rows += [
            LastVotes(
                last_result=result,
                votes=candidate.votes_last_time,
                elected=any(candidate is holder for holder in held_by),
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
