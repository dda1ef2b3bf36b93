"""Abstract base of tables whose rows are inserted once and never updated or deleted."""

from typing import Any, NoReturn

from django.db import models


class AppendOnlyError(Exception):
    """Raised on an update or deletion in an append-only table: insert another row instead."""


def _refuse(*_args: Any, **_kwargs: Any) -> NoReturn:
    raise AppendOnlyError("This table is append-only: insert another row instead.")


class AppendOnlyQuerySet(models.QuerySet[Any]):
    update = _refuse
    delete = _refuse
    bulk_update = _refuse
    update_or_create = _refuse


class AppendOnly(models.Model):
    """Abstract base of rows that are inserted once; a database trigger refuses updates as well.

    Deleting a whole election bypasses this (`results.desk.visibility.delete_whole`): only drafts
    and rehearsals are ever deleted.
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
