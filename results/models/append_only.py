"""Abstract base of tables whose rows are inserted once and never updated or deleted."""

from typing import Any, NoReturn

from django.db import models


class AppendOnlyError(Exception):
    """An attempt to update or delete a row of an append-only table. Insert another row instead."""


def _refuse(*_args: Any, **_kwargs: Any) -> NoReturn:
    raise AppendOnlyError("This table is append-only: insert another row instead.")


class AppendOnlyQuerySet(models.QuerySet[Any]):
    update = _refuse
    delete = _refuse
    bulk_update = _refuse
    update_or_create = _refuse


class AppendOnly(models.Model):
    """A row that is inserted once. A database trigger refuses updates as well.

    Deleting a whole election bypasses this (`results.rehearsal.reset`): only a rehearsal is ever
    deleted.
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
