"""When the desk was backed up, for its audit trail and the night dashboard."""

from datetime import datetime

from results.desk.audit import action
from results.models import AuditEntry

#: What the audit trail calls it.
BACKED_UP = "backed up"


def record_backup(file_name: str, size: int) -> None:
    """Record that a backup of `size` bytes is complete and on disk."""
    action("", BACKED_UP, about=file_name, after=f"{size:,} bytes").save()


def last_backup() -> datetime | None:
    """The time of the last backup that is recorded; None if there is none."""
    backups = AuditEntry.objects.filter(what=BACKED_UP).order_by("-at")
    return backups.values_list("at", flat=True).first()
