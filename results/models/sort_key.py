"""Model field that sorts names as people do, on every database alike."""

from typing import Any

from django.db import models

from results.arithmetic.sorting import stored_sort_key


class SortKeyField(models.CharField[str, str]):
    """Field with the sort key of the row's `name`, computed whenever the row is saved.

    It is not computed by `update`, nor by `save` with `update_fields` that leave it out.
    """

    def __init__(self, **options: Any) -> None:
        own: dict[str, Any] = {"max_length": 400, "editable": False}
        super().__init__(**own | {"default": "", "db_default": ""} | options)

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        key = stored_sort_key(str(getattr(model_instance, "name", "")))
        setattr(model_instance, self.attname, key)
        return key
