"""What has been published is never edited in place and never deleted one by one."""

from typing import Any, NoReturn

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _


class PublishedForGood(Exception):
    """An attempt to change or delete a row of the record. Publish another row instead."""


def _refuse(*_args: Any, **_kwargs: Any) -> NoReturn:
    raise PublishedForGood("The record is append-only: publish another row instead.")


class AppendOnlyQuerySet(models.QuerySet[Any]):
    update = _refuse
    delete = _refuse
    bulk_update = _refuse
    update_or_create = _refuse


class AppendOnly(models.Model):
    """A row that can be written once. A trigger in the database refuses updates as well.

    Deleting a whole election cascades past this on purpose: only a rehearsal is ever deleted.
    """

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            _refuse()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        _refuse()


#: The number of an entry of the feed, in queries: see ``Reworded.entry_sequence``.
ENTRY_SEQUENCE = Coalesce("first_sequence", "sequence")


class Reworded(AppendOnly):
    """A row of the record that another row may reword. All wordings are one entry of the feed."""

    sequence = models.PositiveIntegerField(_("bulletin"))
    #: The bulletin of the first wording. A release that does not know this column leaves it empty
    #: while it is being replaced.
    first_sequence = models.PositiveIntegerField(_("first bulletin"), null=True, editable=False)

    class Meta:
        abstract = True

    @property
    def entry_sequence(self) -> int:
        """The number that its entry has in the feed, and in its address, whatever its wording."""
        return self.first_sequence or self.sequence
