"""The seats to come that decide on a majority, updated through the night."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Self

from django.db.models import QuerySet
from django.utils.translation import gettext as _, ngettext

from results.arithmetic.seats_to_watch import (
    RankedSeats,
    SeatsToWatch,
    UndeclaredSeat,
    find_seats_to_watch,
)
from results.arithmetic.targets import swing_needed
from results.live.last_votes import party_of, read_last_shares
from results.live.seat import Seat
from results.models import NOT_AWAITED, Contest
from results.words.party_names import PartyName, PartyNames

#: Number of seats shown.
ROWS = 5


@dataclass(frozen=True)
class NeededSwings:
    """Each contest's name and address, and all seats by swing; empty where one is not known."""

    names: Mapping[int, tuple[str, str]]
    seats: RankedSeats

    @classmethod
    def read(cls, contests: "QuerySet[Contest]") -> Self:
        shares = read_last_shares(contests)
        rows = contests.order_by("sort_key", "pk").select_related("region")
        names = {contest.pk: (contest.full_name, contest.slug) for contest in rows}
        if names.keys() != shares.keys():
            return cls({}, RankedSeats(()))
        return cls(names, RankedSeats(_undeclared(pk, shares[pk]) for pk in names))


def _undeclared(key: int, shares: Mapping[str, Fraction]) -> UndeclaredSeat:
    holder = max(shares, key=lambda label: (shares[label], label))
    needed = {label: swing_needed(shares, label) for label in shares}
    known = {party_of(label): swing for label, swing in needed.items() if swing is not None}
    return UndeclaredSeat(key=key, holder=party_of(holder), needed=known)


@dataclass(frozen=True, slots=True)
class SeatsToCome:
    """Last time's results, and the keys of the contests whose result is to come."""

    last: NeededSwings
    waiting: frozenset[int]

    @classmethod
    def read(cls, contests: "QuerySet[Contest]") -> Self:
        waiting = contests.exclude(standing__status__in=NOT_AWAITED)
        keys = frozenset(waiting.values_list("pk", flat=True))
        return cls(NeededSwings.read(contests), keys)

    def after(self, seat: Seat) -> "SeatsToCome":
        """Return the seats to come after a bulletin about `seat`."""
        if seat.contest.is_counting_area:
            return self
        is_waiting = seat.standing.status not in NOT_AWAITED
        pk = frozenset({seat.contest.pk})
        return replace(self, waiting=self.waiting | pk if is_waiting else self.waiting - pk)

    def to_watch(
        self,
        won: Mapping[str, int],
        labels: Collection[str],
        threshold: int,
        party_names: PartyNames,
    ) -> "WatchList | None":
        """Return the list for the one of the parties nearest to the threshold, if there is one."""
        if not self.last.names:
            return None
        found = find_seats_to_watch(
            self.last.seats, self.waiting, won, labels, threshold, rows=ROWS
        )
        return WatchList(found, self.last, party_names, threshold) if found else None


@dataclass(frozen=True, slots=True)
class WatchRow:
    """One seat of the list."""

    name: str
    slug: str
    swing: Fraction
    holder: PartyName
    challenger: PartyName

    @property
    def is_tiny(self) -> bool:
        """Whether the swing is above 0 but would be printed as 0.0."""
        return 0 < self.swing < Fraction(5, 10_000)


@dataclass(frozen=True)
class WatchList:
    """The list of seats to watch as the page shows it."""

    found: SeatsToWatch
    last: NeededSwings
    party_names: PartyNames
    threshold: int

    @cached_property
    def rows(self) -> list[WatchRow]:
        return [
            WatchRow(
                *self.last.names[seat.key],
                seat.swing,
                self.party_names[seat.holder],
                self.party_names[seat.challenger],
            )
            for seat in self.found.seats
        ]

    @property
    def sentence(self) -> str:
        """Text such as “Conservatives reach 326 with 9 gains in the seats to come.”"""
        params = {
            "party": self.party_names[self.found.label].collective,
            "line": self.threshold,
            "number": self.found.number,
        }
        if self.found.gains:
            sentence = ngettext(
                "%(party)s reach %(line)d with %(number)d gain in the seats to come.",
                "%(party)s reach %(line)d with %(number)d gains in the seats to come.",
                self.found.number,
            )
        else:
            sentence = ngettext(
                "%(party)s fall short of %(line)d with %(number)d loss in the seats to come.",
                "%(party)s fall short of %(line)d with %(number)d losses in the seats to come.",
                self.found.number,
            )
        order = _("By points of swing needed, these seats are next to that number.")
        return f"{sentence % params} {order}"
