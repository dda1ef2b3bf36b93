"""Find entries of the audit trail that this process got no notification of."""

from collections.abc import Iterable

from django.db.models import Max

from results.models import AuditEntry

#: Number of keys below the newest that are read again: PostgreSQL commits them in another order
#: than it numbers them.
OVERLAP = 200
MAX_ENTRIES = 1000


class AuditTail:
    """Reader of the audit trail that finds entries without a notification.

    An entry may be read before its notification arrives, so that it counts as missed only when it
    has been read twice. `mark_notified` is called on the event loop, `read` in one other thread.
    """

    def __init__(self) -> None:
        self._floor: int | None = None
        self._known: set[int] = set()
        self._unnamed: set[int] = set()

    @property
    def has_started(self) -> bool:
        """Whether entries from now on are found."""
        return self._floor is not None

    def start_again(self) -> None:
        """Start the next reading with the entries that there are then."""
        self._floor = None

    def mark_notified(self, entries: Iterable[int]) -> None:
        """Remember that a notification named these entries."""
        self._known.update(entries)

    def read(self) -> int:
        """Read the newest entries; return how many were found twice without a notification."""
        if self._floor is None:
            newest: int = AuditEntry.objects.aggregate(newest=Max("pk"))["newest"] or 0
            # Pages ask for what these were about once this is read.
            self._known |= _keys_after(newest - OVERLAP)
            self._unnamed = set()
            self._floor = newest - OVERLAP
            return 0
        found = _keys_after(self._floor)
        unnamed = found - self._known
        missed = unnamed & self._unnamed
        self._unnamed = unnamed - missed
        self._floor = max(self._floor, max(found, default=0) - OVERLAP)
        self._known |= missed
        for old in [key for key in list(self._known) if key <= self._floor]:
            self._known.discard(old)
        return len(missed)


def _keys_after(floor: int) -> set[int]:
    """Return the keys above `floor`, at most the newest `MAX_ENTRIES`."""
    rows = AuditEntry.objects.filter(pk__gt=floor).order_by("-pk")
    return set(rows.values_list("pk", flat=True)[:MAX_ENTRIES])
