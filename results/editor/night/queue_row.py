"""A row of the queue: something for a person to do."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext as _

from results.editor.night.proposed import Figures
from results.models import Contest, ReviewItem

#: Order of the kinds; rows of the same number are in order of time.
_URGENCY = {"differ": 0, "result": 1, "correction": 1, "quote": 2, "photo": 2}
_LATER = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """An item that needs a person. `key` is its id in the page, `kind` one of `filters.KINDS`.

    Results and corrections have `figures`; results that differ have one item for each column.
    """

    key: str
    kind: str
    label: str
    contest: Contest
    since: datetime
    who: str = ""
    fact: str = ""
    #: Whom a quote is attributed to, a candidate with the party.
    speaker: str = ""
    viewer: str = ""
    items: Sequence[ReviewItem] = ()
    figures: Figures | None = None
    ballot: str = ""
    changes: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    people: Sequence[User] = ()
    #: Whether a newer result overtook this one: it can correct that, or be set aside.
    is_overtaken: bool = False
    #: Whether the result that a correction was asked for is no longer published.
    is_of_nothing: bool = False
    #: Whether a correction was asked for by words alone: its figures are those that are published.
    is_of_words: bool = False
    #: A sentence about the time of declaration that a correction asks for.
    other_time: str = ""
    #: Whether no more stand than there are seats, so that no votes are expected.
    is_uncontested: bool = False

    @property
    def item(self) -> ReviewItem | None:
        return self.items[0] if self.items else None

    @property
    def may_have_no_poll(self) -> bool:
        """Whether it is of a count of which nothing is published."""
        if self.kind not in ("overdue", "nobody"):
            return False
        standing = getattr(self.contest, "standing", None)
        return standing is None or not standing.is_published

    @property
    def senders(self) -> list[int]:
        return [item.by_id for item in self.items]

    @property
    def can_be_asked(self) -> bool:
        """Whether somebody is there to be asked: a reporter who sent it, or those of a count."""
        if not self.items:
            return bool(self.people)
        is_result = self.is_overtaken or self.kind in ("differ", "result")
        return is_result and any(not item.by.is_staff for item in self.items)

    @property
    def question(self) -> str:
        """Default text of the question to the reporters."""
        where = {"where": self.contest.full_name}
        if self.figures is None:
            return _("%(where)s: when is the declaration expected now?") % where
        names = [row.name for row in self.figures.rows if row.differs]
        if len(self.items) > 1 and names:
            values = where | {"names": ", ".join(names[:3])}
            return _("%(where)s: your figures differ for %(names)s. Read yours again.") % values
        return _("%(where)s: please read your figures again.") % where

    @property
    def age(self) -> str:
        """“5 min”, “3 h” or “4 days” ago, or “in 12 min”."""
        minutes = int((timezone.now() - self.since).total_seconds() // 60)
        if minutes < 0:
            return _("in %(n)d min") % {"n": -minutes}
        if minutes < 90:
            return _("%(n)d min") % {"n": minutes}
        hours = round(minutes / 60)
        if hours < 48:
            return _("%(n)d h") % {"n": hours}
        return _("%(n)d days") % {"n": round(hours / 24)}

    @property
    def order(self) -> tuple[int, datetime]:
        return _URGENCY.get(self.kind, _LATER), self.since
