"""Template filters that format numbers and times."""

import re
from collections.abc import Iterable
from datetime import datetime
from fractions import Fraction

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString

from results.models import Election
from results.words import number_format, stored_texts, times
from results.words.full_stop import ended
from results.words.rehearsal_title import rehearsal_title
from results.words.seat_sentences import majority_or_lot

register = template.Library()


@register.filter
def grouped(number: int | None) -> str:
    """34603 → “34,603”; empty for None."""
    return "" if number is None else number_format.grouped(number)


@register.filter
def majority(votes: int | None, by_lot: bool | None = False) -> str:
    """As `grouped`; “by lot” in place of a majority of nought after a tie."""
    return "" if votes is None else majority_or_lot(votes, by_lot=bool(by_lot))


@register.filter
def signed(number: int | None) -> str:
    return "" if number is None else number_format.signed(number)


@register.filter
def net_change(number: int) -> str:
    """As `signed`, but “±0”: beside a party's name “0” would be read as its seats."""
    return number_format.signed(number) if number else "±0"


@register.filter
def sum_of(numbers: Iterable[int]) -> int:
    return sum(numbers)


@register.filter
def ordinal(number: int | None) -> str:
    """10 → “10th”; empty for None."""
    return "" if number is None else number_format.ordinal(number)


@register.filter
def percent(fraction: Fraction | None, places: int = 1) -> str:
    return "" if fraction is None else number_format.percent(fraction, places)


@register.filter
def share_in_words(fraction: Fraction) -> str:
    """As `percent`, but “less than 0.1” of a share that is not 0."""
    return number_format.share_in_words(fraction)


@register.filter
def swing_points(fraction: Fraction) -> str:
    """A swing that is not 0: “3.2”, or “less than 0.1”."""
    return number_format.swing_points(fraction)


@register.filter
def signed_points(fraction: Fraction | None, places: int = 1) -> str:
    return "" if fraction is None else number_format.signed_points(fraction, places)


@register.filter
def keep_together(text: str) -> str:
    """A headline in whose lines no number stands alone."""
    return number_format.keep_together(text)


@register.filter
def clauses(text: str, letters: int = 40) -> SafeString:
    """As `keep_together`, with each clause on a line of its own where not both fit in one.

    Balanced lines of “Conservatives up 22 seats, Labour down 23” would part “up” from “22 seats”.
    Not where a clause is longer than `letters`, which would begin with a broken line.
    """
    kept = number_format.keep_together(text)
    parts = re.split(r"(?<=[,:]) ", kept)
    if len(parts) == 1 or max(map(len, parts)) > letters:
        return escape(kept)
    return format_html_join(" ", '<span class="clause">{}</span>', ([part] for part in parts))


@register.filter
def sentence(text: str) -> str:
    """A typed text ending in a full stop: “after close” is “after close.”

    What follows it on a page is then a sentence of its own.
    """
    return ended(text.strip())


@register.filter
def in_language(text: str) -> str:
    """A stored reason or source, in the page's language if the desk has made it."""
    return stored_texts.in_language(text)


@register.filter
def clock(moment: datetime | None) -> str:
    """The time of day in the current time zone, which is the election's: “03:18”."""
    return "" if moment is None else times.clock(moment)


@register.filter
def expected_time(moment: datetime, election: Election) -> str:
    """As `clock`, with the day of a declaration that is, or is expected, a day after the poll."""
    return times.expected_time(moment, election)


@register.filter
def time_in(moment: datetime | None, election: Election) -> str:
    """As `clock`, with the day outside the election's night."""
    return "" if moment is None else times.time_of(moment, election)


@register.filter
def polls_close_at(election: Election) -> str:
    """The close of poll in the election's time zone: “22:00 on 12 December”."""
    return times.time_and_day(election.polls_close, election.zone)


@register.filter(is_safe=True)
def titled(title: str, election: Election | None) -> str:
    """The title of an election's page, which is marked for a rehearsal."""
    return rehearsal_title(title, election)


@register.filter
def name_without_day(election: Election) -> str:
    """“General election, 12 December 2019” → “General election”, for use beside the day."""
    return election.local_name.removesuffix(f", {date_format(election.date, 'j F Y')}")


@register.filter
def iso(moment: datetime | None) -> str:
    """ISO 8601 with its offset, to the second, for `<time datetime>`."""
    return "" if moment is None else timezone.localtime(moment).isoformat(timespec="seconds")
