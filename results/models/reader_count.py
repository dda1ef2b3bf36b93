"""Number of readers of each server process, as it last reported."""

from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

#: Seconds without a report after which a process counts as stopped.
STOPPED_AFTER_SECONDS = 60
#: Prefix of the name of a worker for background tasks, which reports without having readers.
WORKER = "worker "


class ReaderCount(models.Model):
    """One server process's open sockets, overwritten with each report; a worker has none."""

    process = models.CharField(_("process"), max_length=100, primary_key=True)
    #: Open sockets by the election's slug.
    readers = models.JSONField(_("readers"), default=dict)
    seen_at = models.DateTimeField(_("seen at"), db_index=True)

    class Meta:
        verbose_name = _("serving process")
        verbose_name_plural = _("serving processes")

    def __str__(self) -> str:
        return self.process

    @classmethod
    def report(cls, process: str, readers: dict[str, int]) -> None:
        """Store the open sockets of `process` by election, and delete rows of stopped processes."""
        now = timezone.now()
        cls.objects.update_or_create(process=process, defaults={"readers": readers, "seen_at": now})
        cls.objects.filter(seen_at__lt=now - timedelta(seconds=10 * STOPPED_AFTER_SECONDS)).delete()

    @classmethod
    def readers_of(cls, slug: str, now: datetime) -> int:
        """Return the number of open sockets of an election's pages, over all running processes."""
        return sum(
            readers.get(slug, 0) for readers in cls._alive(now).values_list("readers", flat=True)
        )

    @classmethod
    def has_worker(cls, now: datetime) -> bool:
        """Whether a worker for background tasks has reported within the last minute."""
        return cls._alive(now).filter(process__startswith=WORKER).exists()

    @classmethod
    def _alive(cls, now: datetime) -> "models.QuerySet[ReaderCount]":
        """The reports of the last minute; not of the next hour, before the clock was set back."""
        minute = timedelta(seconds=STOPPED_AFTER_SECONDS)
        return cls.objects.filter(seen_at__gt=now - minute, seen_at__lt=now + minute)
