"""A tag that prints where the seats of last time end, under the bar of a house."""

from dataclasses import dataclass

from django import template

from results.live.election_snapshot import ElectionSnapshot
from results.reader.seat_bar import Tick, bar_of

register = template.Library()

#: How much of the bar a tick's words take: on a desktop, and on the narrowest phone.
WIDE, NARROW = 0.25, 0.39


@dataclass(frozen=True, slots=True)
class LastTime:
    """The ticks, each `(x, tick)`; `roomy` where a phone has room for the same words."""

    ticks: tuple[tuple[str, Tick], ...]
    roomy: bool


@register.simple_tag
def last_time(snapshot: ElectionSnapshot) -> LastTime:
    bar = bar_of(snapshot, WIDE)
    return LastTime(
        ticks=tuple((f"{100 * tick.at / bar.seats:.2f}%", tick) for tick in bar.ticks),
        roomy=bar.ticks == bar_of(snapshot, NARROW).ticks,
    )
