"""Count the seats to come that each party can still win, by who stands for them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from django.db.models import Count, QuerySet

from results.arithmetic import BodySeats
from results.live.party_table import LABEL_COLUMNS, label_of
from results.models import NOT_AWAITED, Candidate, Election


def with_winnable(seats: BodySeats, standing: QuerySet[Candidate]) -> BodySeats:
    """Return a body with the seats to come that each label can win, where it makes a difference.

    `standing` are the candidates in contests that are to declare. It makes one where some party
    can still reach control. It is asked once half of the seats that are up have declared, so that
    a page of many councils makes few queries.
    """
    control = seats.control
    if 2 * seats.to_come > seats.up or not control.possible or control.anybody or control.waits:
        return seats
    return replace(seats, winnable=_winnable(standing, seats.to_come))


def _winnable(standing: QuerySet[Candidate], to_come: int) -> Mapping[str, int] | None:
    """Return seats by label; None where it is not known who stands for some of them.

    It is not either where some seats of a contest are filled, as by single transferable vote.
    """
    columns = ("contest", "contest__seats", *LABEL_COLUMNS)
    rows = standing.order_by().values_list(*columns).annotate(rows=Count("pk"))
    seats: dict[int, int] = {}
    candidates: Counter[tuple[int, str]] = Counter()
    for contest, number, *names, count in rows:
        seats[contest] = number
        candidates[contest, label_of(*names)] += count
    if sum(seats.values()) != to_come:
        return None
    winnable: Counter[str] = Counter()
    for (contest, label), count in candidates.items():
        winnable[label] += min(count, seats[contest])
    return winnable


def standing_to_come(election: Election, body: int) -> QuerySet[Candidate]:
    """Return the candidates in those contests of a body that are to declare."""
    candidates = Candidate.objects.filter(contest__election=election, contest__body=body)
    return candidates.exclude(contest__standing__status__in=NOT_AWAITED)
