"""What has been published is never edited in place and never deleted one by one."""

from typing import Any, NoReturn

from django.db import models


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
