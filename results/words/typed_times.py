"""Read times as people type them: “01:30” is in the night of the election, not a day of its own."""

import re
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from results.models import Election
from results.words.local_times import is_skipped, nearest_reading, skipped_text
from results.words.times import time_of

#: The longest time from the close of poll to the end of a count.
LATEST = timedelta(days=14)
_CLOCK = re.compile(
    r"(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2})(?:[:.]\d{2})?|(?P<together>\d{2}))?"
    r"\s*(?P<half>[ap]\.?m\.?)?",
    re.IGNORECASE,
)
_ABOUT = re.compile(r"^(?:about|approx(?:imately)?\.?|around|circa|c\.|~|est\.?|by|at)\s*", re.I)
_WORDS = {"midnight": time(0), "12 midnight": time(0), "noon": time(12), "12 noon": time(12)}
_ORDINAL = re.compile(r"(\d)(?:st|nd|rd|th)\b", re.IGNORECASE)
_DATES = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%y", "%d %B %Y", "%d %b %Y")
_DATES_WITHOUT_YEAR = ("%d/%m %Y", "%d %B %Y", "%d %b %Y")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class UnreadableTime(ValueError):
    """Raised for text that is no time of this night; `args[0]` tells how to correct it."""


def read_night_time(text: str, election: Election, day: date | None = None) -> datetime:
    """Return the moment that `text` names, in the election's time zone: of something expected.

    A time without a day is the first after the close of poll: at and after the hour of the close
    it is of the polling day, before it of the day after. `day` is the day given in another column.
    In the hour that clocks going back repeat, it is the first that has not passed.
    Raises UnreadableTime for text that is no time, does not exist on the night that the clocks go
    forward, or lies before the close of poll or more than `LATEST` after it.
    """
    plain = _plain(text)
    moment = _iso(plain, election)
    if moment is None:
        before, clock = _split(plain)
        if clock is None:
            raise UnreadableTime(_not_a_time(text))
        if before:
            day = read_day(before, election)
            if day is None:
                raise UnreadableTime(_not_a_time(text))
        moment = _on(day, clock, election)
    return _within_night(moment, text, election)


def is_without_day(text: str, election: Election) -> bool:
    """Whether the text is a time of which it does not say the day."""
    plain = _plain(text)
    before, clock = _split(plain)
    return _iso(plain, election) is None and clock is not None and not before


def is_of_several_days(moment: datetime, election: Election, typed_at: datetime) -> bool:
    """Whether the time of `moment` had passed again when typed, while a count may still go on."""
    local = moment.astimezone(election.zone)
    again = datetime.combine(local.date() + timedelta(days=1), local.time(), election.zone)
    return again <= typed_at <= election.polls_close + LATEST


def looks_like_time(text: str, election: Election) -> bool:
    """Whether the text is a time, perhaps of another night."""
    plain = _plain(text)
    if _iso(plain, election) is not None:
        return True
    before, clock = _split(plain)
    return clock is not None and (not before or read_day(before, election) is not None)


def _plain(text: str) -> str:
    return _ABOUT.sub("", " ".join(text.split()))


def read_day(text: str, election: Election) -> date | None:
    """Parse a date, with or without its year, or a day of the week from the polling day on."""
    plain = _ORDINAL.sub(r"\1", " ".join(text.replace(",", " ").split())).casefold()
    first, _blank, rest = plain.partition(" ")
    for number, name in enumerate(_DAYS):
        if len(first) >= 3 and name.startswith(first):
            if rest:
                return read_day(rest, election)
            return election.date + timedelta((number - election.date.weekday()) % 7)
    for pattern in _DATES:
        try:
            return datetime.strptime(plain, pattern).date()  # noqa: DTZ007
        except ValueError:
            continue
    for pattern in _DATES_WITHOUT_YEAR:
        for year in (election.date.year, election.date.year + 1):
            try:
                found = datetime.strptime(f"{plain} {year}", pattern).date()  # noqa: DTZ007
            except ValueError:
                continue
            if found >= election.date:
                return found
    return None


def _iso(text: str, election: Election) -> datetime | None:
    """Parse a moment in ISO format, as workbooks and programs write it; None for anything else."""
    if len(text) < len("2024-07-05 01:30") or not text[:4].isdigit():
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=election.zone)


def _split(text: str) -> tuple[str, time | None]:
    """Split text into the day before or after a time, and the time; None without one."""
    for word, clock in sorted(_WORDS.items(), key=lambda pair: -len(pair[0])):
        if text.casefold().endswith(word):
            return text[: -len(word)].strip(" ,"), clock
    words = text.split(" ")
    # The time may be two words, as in “1.30 am”; the day may follow it, as in “01:30 Friday”.
    for length in (2, 1):
        for before, typed in (
            (words[:-length], words[-length:]),
            (words[length:], words[:length]),
        ):
            clock_read = _clock(" ".join(typed).strip(","), only=not before)
            if clock_read is not None:
                return " ".join(before).strip(" ,"), clock_read
    return "", None


def _clock(text: str, *, only: bool) -> time | None:
    match = _CLOCK.fullmatch(text)
    if match is None:
        return None
    hour, half = int(match["hour"]), (match["half"] or "")[:1].lower()
    minutes = match["minute"] or match["together"]
    # A single number is a time only with “am” or “pm”, and four digits only by themselves.
    if not half and (minutes is None or (match["together"] and (not only or len(text) != 4))):
        return None
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour == 24 and int(minutes or 0) == 0:
        hour = 0
    try:
        return time(hour, int(minutes or 0))
    except ValueError:
        return None


def _on(day: date | None, clock: time, election: Election) -> datetime:
    if day is None:
        closes = election.polls_close.astimezone(election.zone)
        day = closes.date() if clock >= closes.time() else closes.date() + timedelta(days=1)
    return datetime.combine(day, clock, election.zone)


def _within_night(moment: datetime, text: str, election: Election) -> datetime:
    if is_skipped(moment):
        raise UnreadableTime(skipped_text(text))
    moment = nearest_reading(moment, timezone.now(), expected=True)
    if moment < election.polls_close:
        words = {"text": text, "close": time_of(election.polls_close, election)}
        raise UnreadableTime(
            _("“%(text)s” is before the close of poll (%(close)s): check the day.") % words
        )
    if moment > election.polls_close + LATEST:
        raise UnreadableTime(
            _("“%(text)s” is more than two weeks after the poll: check the day.") % {"text": text}
        )
    return moment


def _not_a_time(text: str) -> str:
    return _("“%(text)s” is not a time: write it as 01:30, or with its day as 5 July 14:00.") % {
        "text": text
    }
