"""Take back what pages say to be expected at a time that has passed, for readers without scripts.

Open pages do the same by the reader's clock (static/reader/overdue.js).
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from results.models import Contest, Election, Night
from results.models.declaration import WITH_RESULT

#: In the first tag of an element: until when its text holds, and its text from then on.
_TIMED = re.compile(r' data-until="(?P<until>[^"]+)"\s+data-then="(?P<then>[^"]*)"\s*>')
_NAME = re.compile(r"<(\w+)")


def times_passed(election: Election, night: Night, now: datetime) -> int:
    """Return how many of the times at which results were expected, and have not come, are past.

    It is part of a page's version: no bulletin says that a time has passed.
    """
    if election.final:
        return 0
    return bisect_right(_expected(election.pk, night.epoch, night.sequence), now)


@lru_cache(maxsize=64)
def _expected(election: int, _epoch: UUID, _sequence: int) -> Sequence[datetime]:
    """Return the times, soonest first, read once for each bulletin."""
    awaited = Contest.objects.filter(election=election, expected_at__isnull=False)
    awaited = awaited.exclude(standing__status__in=WITH_RESULT).order_by("expected_at")
    return [at for at in awaited.values_list("expected_at", flat=True).distinct() if at]


def replace_passed(page: str, now: datetime) -> str:
    """Return the page with the later text of each sentence whose time is past."""
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
