"""A process that serves readers, and how many: what it last said of itself."""

from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

#: Seconds after which a process that has said nothing is taken to be gone.
GONE = 60


class ReaderCount(models.Model):
    """Of one process of the desk. Written over each time: it is a sign of life, and no record."""

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
    def say(cls, process: str, readers: dict[str, int]) -> None:
        """That ``process`` is alive with so many readers of each election; forget the long gone."""
        now = timezone.now()
        cls.objects.update_or_create(process=process, defaults={"readers": readers, "seen_at": now})
        cls.objects.filter(seen_at__lt=now - timedelta(seconds=10 * GONE)).delete()

    @classmethod
    def readers_of(cls, slug: str, now: datetime) -> int:
        """Sockets open on an election's pages, in all processes of the desk."""
        alive = cls.objects.filter(seen_at__gt=now - timedelta(seconds=GONE))
        return sum(readers.get(slug, 0) for readers in alive.values_list("readers", flat=True))
