"""The page that deletes a row: what goes with it, in words, or why the row stays."""

import re
from collections.abc import Iterable
from typing import Any, ClassVar, TypeVar

from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst
from django_stubs_ext import StrOrPromise

M = TypeVar("M", bound=models.Model)

#: How Django names a row that has no words of its own, such as one that links a user and a role.
NAMELESS = re.compile(r"^[^:]+: \w+ object \(\d+\)$")
#: Rows listed on the page; of a party there may be thousands.
LISTED = 20


class DeletionMixin(admin.ModelAdmin[M]):
    """Deletes a row with its parts; where something else refers to it, says so and what to do."""

    delete_confirmation_template = "editor/delete.html"
    #: Models whose rows are parts of a row. They have no page, nor a permission of their own.
    deleted_parts: ClassVar[tuple[type[models.Model], ...]] = ()
    #: What to do instead, where a row cannot be deleted.
    instead_of_deleting: StrOrPromise = ""

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:
        """Django's, with what is in the way as one list, and without rows that have no name."""
        listed, counts, needed, protected = super().get_deleted_objects(objs, request)
        needed = set(needed) - {str(model._meta.verbose_name) for model in self.deleted_parts}
        in_the_way = [*protected[:LISTED], *(["…"] if len(protected) > LISTED else [])]
        in_the_way = in_the_way or sorted(map(capfirst, needed))
        named = list(_named(listed))
        names = {
            str(model._meta.verbose_name_plural)
            for model in _linking_models(type(each) for each in objs)
        }
        counts = {name: number for name, number in counts.items() if name not in names}
        return named, counts, set(), in_the_way

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        own = {"instead": self.instead_of_deleting}
        response: HttpResponse = super().delete_view(
            request, object_id, {**own, **(extra_context or {})}
        )
        return response


def _named(listed: Iterable[Any]) -> Iterable[Any]:
    for each in listed:
        if isinstance(each, list):
            inner = list(_named(each))
            if inner:
                yield inner
        elif not NAMELESS.match(str(each)):
            yield each


def _linking_models(deleted: Iterable[type[models.Model]]) -> Iterable[type[models.Model]]:
    """The tables behind many-to-many fields of the models that are deleted."""
    for model in set(deleted):
        for field in [*model._meta.many_to_many, *model._meta.related_objects]:
            through = getattr(getattr(field, "remote_field", None), "through", None)
            through = through or getattr(field, "through", None)
            if through is not None and through._meta.auto_created:
                yield through
