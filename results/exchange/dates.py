"""Parse columns of dates and times, deciding the order of day and month from all rows."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from results.exchange.errors import Choice, FileErrors, FileQuestions, Question
from results.exchange.table import Row, Table

_SLASHED = re.compile(
    r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?:[ T,]+(\d{1,2}:\d{2}(?::\d{2})?))?"
)
_WORDS = ("%d %B %Y", "%d %b %Y", "%A %d %B %Y", "%d-%b-%Y", "%d-%b-%y", "%B %d, %Y")
_TIMES = ("", " %H:%M", " %H:%M:%S")
#: Polls close at 22:00; the first seat declares within two days of it, the last within a few.
CLOSE_OF_POLL = timedelta(hours=22)
NIGHT = timedelta(days=4)
THURSDAY = 3
ORDERS = ("dmy", "mdy")


@dataclass(frozen=True, slots=True)
class DateColumn:
    """A column of dates or times of one table, and the order of its days and months."""

    name: str
    order: str
    zone: ZoneInfo

    def read(self, row: Row) -> datetime | None:
        """The moment of a cell; midnight for a date. Raises FileErrors for anything else."""
        text = row.text(self.name)
        if not text:
            return None
        moment = _read(text, self.order)
        if moment and moment.tzinfo:
            moment = _in_zone(moment, self.zone)
        if moment is None:
            what = "time" if self.name == "declaration_time" else "date"
            example = "2024-07-05 01:10" if what == "time" else "2024-07-04"
            reason = f"“{text}” is not a {what} we know how to read: write {example}"
            raise FileErrors([row.error(self.name, reason)])
        return moment if moment.tzinfo else moment.replace(tzinfo=self.zone)

    def day(self, row: Row) -> date | None:
        moment = self.read(row)
        return moment.date() if moment else None


def date_column(table: Table, name: str, zone: ZoneInfo) -> DateColumn:
    """Return a column of dates. Raises FileQuestions where day and month cannot be told apart.

    They are told by any date that only one order fits, else by the polling day that is known,
    else by the custom that polls are held on Thursdays: only if day before month, as written in
    Britain, gives one.
    """
    texts = list(dict.fromkeys(row.cells.get(name, "") for row in table.rows))
    found = [match.groups() for text in texts if (match := _SLASHED.fullmatch(text))]
    pairs = {(int(first), int(second)) for first, second, _year, _time in found}
    options = table.options
    if options.dates:
        return DateColumn(name, options.dates, zone)
    if any(first > 12 for first, _second in pairs) or all(a == b for a, b in pairs):
        return DateColumn(name, "dmy", zone)
    if any(second > 12 for _first, second in pairs):
        return DateColumn(name, "mdy", zone)
    fitting = [order for order in ORDERS if _fits(name, texts, order, options.polling_day)]
    if fitting == ["dmy"] or (fitting == ["mdy"] and _is_settled(texts, options.polling_day)):
        if fitting == ["mdy"]:
            table.note(table.rows[0].line, f"{name}: read as month/day/year, by the polling day")
        return DateColumn(name, fitting[0], zone)
    raise FileQuestions([_question(table, name, texts, fitting)])


def _is_settled(texts: Sequence[str], polling_day: date | None) -> bool:
    """Whether the polling day or an unambiguous date in the column decides the order."""
    return polling_day is not None or any(not _SLASHED.fullmatch(text) for text in texts if text)


def _fits(name: str, texts: Sequence[str], order: str, polling_day: date | None) -> bool:
    """Whether all dates in this order belong to one night, that of the poll if it is known."""
    moments = [moment.replace(tzinfo=None) for text in texts if (moment := _read(text, order))]
    first, last = min(moments), max(moments)
    if name != "declaration_time":
        return first == last and _is_poll(first.date(), polling_day)
    if last - first > NIGHT:
        return False
    unambiguous = [
        moment.replace(tzinfo=None)
        for text in texts
        if not _SLASHED.fullmatch(text) and (moment := _read(text, order))
    ]
    if polling_day is None and unambiguous:
        return abs(first - min(unambiguous)) <= NIGHT
    if polling_day is not None:
        return timedelta(0) <= first - datetime.combine(polling_day, datetime.min.time()) <= NIGHT
    return _is_poll((first - CLOSE_OF_POLL).date(), None)


def _is_poll(day: date, polling_day: date | None) -> bool:
    return day == polling_day if polling_day else day.weekday() == THURSDAY


def _question(table: Table, name: str, texts: Iterable[str], fitting: Sequence[str]) -> Question:
    example = next(text for text in texts if _SLASHED.fullmatch(text))
    choices = [
        Choice(option=f"--dates {order}", label=f"{moment:%-d %B %Y}")
        for order in ORDERS
        if (moment := _read(example, order))
    ]
    known = (
        f", and neither is of the poll on {table.options.polling_day}"
        if (table.options.polling_day and not fitting)
        else ""
    )
    reason = f"“{example}” can be read in two ways{known}: which is it?"
    guess = next((c for c in choices if fitting and c.option.endswith(fitting[0])), None)
    row = table.rows[0]
    return Question(about=row.error(name, reason), name="dates", choices=choices, guess=guess)


def _in_zone(moment: datetime, zone: ZoneInfo) -> datetime | None:
    """The moment in this time zone; None where it has no year there."""
    try:
        return moment.astimezone(zone)
    except OverflowError:
        return None


def _read(text: str, order: str) -> datetime | None:
    if match := _SLASHED.fullmatch(text):
        first, second, year, time = match.groups()
        day, month = (first, second) if order == "dmy" else (second, first)
        full_year = year if len(year) == 4 else f"20{year}"
        text = f"{full_year}-{int(month):02}-{int(day):02}" + (
            f" {time.zfill(5 if time.count(':') == 1 else 8)}" if time else ""
        )
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    plain = re.sub(r"(\d)(st|nd|rd|th)\b", r"\1", text)
    for form in (day + time for day in _WORDS for time in _TIMES):
        try:
            return datetime.strptime(plain, form)  # noqa: DTZ007
        except ValueError:
            continue
    return None
