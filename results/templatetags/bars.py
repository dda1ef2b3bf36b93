"""A tag that prints where the seats of last time end, under the bar of a house."""

from dataclasses import dataclass

from django import template
from django.utils.translation import gettext as _

from results.live.election_snapshot import ElectionSnapshot
from results.reader.seat_bar import Tick, bar_of

register = template.Library()

#: How much of the bar a tick's words take: on a desktop, and on the narrowest phone.
WIDE, NARROW = 0.25, 0.39
#: The longest words that take no more than that of the narrowest phone's bar.
NARROW_LENGTH = 18


@dataclass(frozen=True, slots=True)
class LastTime:
    """The ticks, each `(x, tick, words)`; `roomy` where a phone has room for the words."""

    ticks: tuple[tuple[str, Tick, str], ...]
    roomy: bool


@register.simple_tag
def last_time(snapshot: ElectionSnapshot) -> LastTime:
    bar = bar_of(snapshot, WIDE)
    # Seats of lists have no holder of last time: a part of what a party had would mislead.
    if sum(snapshot.held.values()) != bar.seats:
        return LastTime((), roomy=True)
    words = [_words(tick) for tick in bar.ticks]
    places = [f"{100 * tick.at / bar.seats:.2f}%" for tick in bar.ticks]
    return LastTime(
        ticks=tuple(zip(places, bar.ticks, words, strict=True)),
        roomy=bar.ticks == bar_of(snapshot, NARROW).ticks
        and all(len(each) <= NARROW_LENGTH for each in words),
    )


def _words(tick: Tick) -> str:
    names = {"party": tick.party_name.abbreviation, "seats": tick.held}
    return _("%(party)s %(seats)s last time") % names
