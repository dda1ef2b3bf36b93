"""Take back what pages say to be expected at a time that has passed, for readers without scripts.

Open pages do the same by the server's clock, once it has said the time (static/reader/overdue.js).
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

from results.models import Contest, Election, Night
from results.models.declaration import WITH_RESULT

#: In the first tag of an element: until when its text holds, and its text from then on.
_TIMED = re.compile(r' data-until="(?P<until>[^"]+)"\s+data-then="(?P<then>[^"]*)"\s*>')
_NAME = re.compile(r"<(\w+)")
#: A list of results to come, and a row in it that has a time.
_TO_COME = re.compile(
    r'<(?P<tag>section|ul) (?:[^>]* )?class="(?:rows )?expected">.*?</(?P=tag)>', re.DOTALL
)
_ROW = re.compile(
    r'<li(?: class="(?P<classes>[^"]*)")?>(?P<time>\s*<time [^>]*datetime="(?P<at>[^"]+)")'
)

#: A result is overdue so long after its time, which is rough, and until so long after it: of an
#: earlier election nothing is.
_GRACE, _NIGHT = timedelta(minutes=10), timedelta(hours=24)


def times_passed(election: Election, night: Night, now: datetime) -> int:
    """Return how many times a page has changed because a time has passed.

    That is when a result was expected that has not come, when it is overdue, and when it no longer
    is. It is part of a page's version: no bulletin says that a time has passed.
    """
    if election.final:
        return 0
    expected = _expected(election.pk, night.epoch, night.sequence)
    return sum(bisect_right(expected, now - later) for later in (timedelta(), _GRACE, _NIGHT))


@lru_cache(maxsize=64)
def _expected(election: int, _epoch: UUID, _sequence: int) -> Sequence[datetime]:
    """Return the times, soonest first, read once for each bulletin."""
    awaited = Contest.objects.filter(election=election, expected_at__isnull=False)
    awaited = awaited.exclude(standing__status__in=WITH_RESULT).order_by("expected_at")
    return [at for at in awaited.values_list("expected_at", flat=True).distinct() if at]


def replace_passed(page: str, now: datetime) -> str:
    """Return the page with the later text of each sentence whose time is past.

    What is overdue is marked in the lists of results to come.
    """
    return _TO_COME.sub(lambda found: _mark_overdue(found[0], now), _replace_timed(page, now))


def _mark_overdue(section: str, now: datetime) -> str:
    def mark(row: re.Match[str]) -> str:
        overdue = _GRACE <= now - datetime.fromisoformat(row["at"]) < _NIGHT
        classes = f"{row['classes'] or ''} is-overdue".strip()
        return f'<li class="{classes}">{row["time"]}' if overdue else row[0]

    return _ROW.sub(mark, section)


def _replace_timed(page: str, now: datetime) -> str:
    parts, at = [], 0
    for timed in _TIMED.finditer(page):
        if datetime.fromisoformat(timed["until"]) > now:
            continue
        # Found from its attribute: looking at each tag of a page takes milliseconds.
        name = _NAME.match(page, page.rfind("<", 0, timed.start()))
        assert name is not None
        parts += [page[at : timed.start()], ">", timed["then"]]
        at = page.index(f"</{name[1]}>", timed.end())
    return "".join([*parts, page[at:]])
