"""Record backups in the audit trail, and find the last one for the night dashboard."""

from datetime import datetime

from results.desk.audit import action
from results.models import AuditEntry

#: The name of the action in the audit trail.
BACKED_UP = "backed up"


def record_backup(file_name: str, size: int) -> None:
    """Record that a backup of `size` bytes is complete and on disk."""
    action("", BACKED_UP, about=file_name, after=f"{size:,} bytes").save()


def last_backup() -> datetime | None:
    """Return the time of the last recorded backup; None if there is none."""
    backups = AuditEntry.objects.filter(what=BACKED_UP).order_by("-at")
    return backups.values_list("at", flat=True).first()
