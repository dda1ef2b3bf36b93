"""Lengths, patterns and last time's ticks of the seats bar."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django import template
from django.utils.translation import gettext as _

from results.live.bodies import BodyRow
from results.live.election_snapshot import ElectionSnapshot
from results.live.party_patterns import PATTERNS
from results.live.party_table import BarPart, PartyRow
from results.reader.seat_bar import RIGHT, DrawnBar, SeatBar, Tick, bar_of

register = template.Library()

#: How much of the bar a tick's words take: on a desktop, and on the narrowest phone.
WIDE, NARROW = 0.25, 0.39
#: The longest words that take no more than that of the narrowest phone's bar.
NARROW_LENGTH = 18
#: The width of a share's bar in thousandths of all votes: half of all votes fill it.
WIDEST_SHARE = 500


@dataclass(frozen=True, slots=True)
class LastTimeColumn:
    """A column below the bar, in per cent of its width: a tick's, on that side of its words.

    Without a tick it is the space before or between them.
    """

    width: str
    tick: Tick | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class LastTimeTicks:
    """The ticks as columns of the bar's width; `roomy` where a phone has room for the words."""

    columns: tuple[LastTimeColumn, ...]
    roomy: bool


@register.simple_tag
def last_time(snapshot: ElectionSnapshot) -> LastTimeTicks:
    bar = bar_of(snapshot, WIDE)
    return LastTimeTicks(
        columns=tuple(_columns(bar)),
        roomy=bar.ticks == bar_of(snapshot, NARROW).ticks
        and all(len(_words(tick)) <= NARROW_LENGTH for tick in bar.ticks),
    )


def _columns(bar: SeatBar) -> Iterator[LastTimeColumn]:
    """Columns of the whole width: to the left of a tick, or to its right as far as the next."""
    ticks = sorted(bar.ticks, key=lambda tick: (tick.at, tick.side == RIGHT))
    begins = 0.0
    for number, tick in enumerate(ticks):
        starts, ends = begins, float(tick.at)
        if tick.side == RIGHT:
            starts, ends = ends, _right_end(bar, tick, ticks[number + 1 :])
        if starts > begins:
            yield LastTimeColumn(_per_cent(starts - begins, bar))
        yield LastTimeColumn(_per_cent(ends - starts, bar), tick, _words(tick))
        begins = ends
    if ticks and begins < bar.seats:
        yield LastTimeColumn(_per_cent(bar.seats - begins, bar))


def _right_end(bar: SeatBar, tick: Tick, after: Sequence[Tick]) -> float:
    """Where the words to the right of a tick end at the latest."""
    if not after:
        return bar.seats
    return after[0].at if after[0].side == RIGHT else (tick.at + after[0].at) / 2


def _per_cent(seats: float, bar: SeatBar) -> str:
    return f"{100 * seats / bar.seats:.2f}"


def _words(tick: Tick) -> str:
    names = {"party": tick.party_name.abbreviation, "seats": tick.held}
    return _("%(party)s %(seats)s last time") % names


@register.filter
def part_of(seats: int, every: int) -> str:
    """Part of all seats as a length: “48.769%”."""
    return f"{100 * seats / every:.3f}".rstrip("0").rstrip(".") + "%"


@register.filter
def patterns_of(parts: Iterable[BarPart]) -> list[tuple[str, str]]:
    """The patterns of the parties in a bar, each label with its path."""
    labels = dict.fromkeys(part.party_name.label for part in parts)
    return [(label, PATTERNS[label]) for label in labels if label in PATTERNS]


@register.filter
def patterns_of_drawn(bar: DrawnBar) -> list[tuple[str, str]]:
    """The patterns of the parties in a bar that is drawn, as `patterns_of`."""
    labels = dict.fromkeys(span.label for span in bar.spans)
    return [(label, PATTERNS[label]) for label in labels if label in PATTERNS]


@register.filter
def bar_width(share: Fraction) -> int:
    """The width of a share's bar, on the scale of WIDEST_SHARE."""
    return max(0, min(round(share * 1000), WIDEST_SHARE))


@register.filter
def last_share_tick(row: PartyRow | BodyRow) -> int:
    """The share of last time, as `bar_width`. Both the share and its change are known."""
    assert row.share is not None
    assert row.share_change is not None
    return bar_width(row.share - row.share_change)
