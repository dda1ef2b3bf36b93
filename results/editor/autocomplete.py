"""Autocomplete fields of the admin: widgets that survive invalid ids, and unambiguous labels."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict

from results.arithmetic import read_id
from results.editor.annotations import (
    Attributes,
    ChoiceField,
    DbForeignKey,
    DbManyToMany,
    MultipleChoiceField,
    OptGroups,
)
from results.models import Candidate, Contest

M = TypeVar("M", bound=Model)


class Autocomplete(AutocompleteSelect):
    """Select widget that ignores invalid ids, with which Django's own would fail in a query."""

    def optgroups(
        self, name: str, value: Sequence[str], attr: Attributes | None = None
    ) -> OptGroups:
        return super().optgroups(name, only_ids(value), attr)


class MultipleAutocomplete(AutocompleteSelectMultiple):
    """Select widget for several values that survives invalid ids."""

    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict[str, UploadedFile[Any]], name: str
    ) -> list[str]:
        """Return the ids sent, with 0, which no row has, for each that is not an id.

        A number of thirty digits would overflow the database's integers.
        """
        sent = super().value_from_datadict(data, files, name) or ()
        return [str(read_id(pk)) for pk in sent]

    def optgroups(
        self, name: str, value: Sequence[str], attr: Attributes | None = None
    ) -> OptGroups:
        return super().optgroups(name, only_ids(value), attr)


def only_ids(value: Sequence[str]) -> list[str]:
    return [pk for pk in value if read_id(pk)]


class AutocompleteMixin(BaseModelAdmin[M]):
    """Uses these widgets for the `autocomplete_fields` of an admin or an inline."""

    def formfield_for_foreignkey(
        self, db_field: DbForeignKey, request: HttpRequest, **kwargs: Any
    ) -> ChoiceField | None:
        if db_field.name in self.get_autocomplete_fields(request):
            widget = Autocomplete(db_field, self.admin_site, using=kwargs.get("using"))
            kwargs.setdefault("widget", widget)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(
        self, db_field: DbManyToMany, request: HttpRequest, **kwargs: Any
    ) -> MultipleChoiceField | None:
        if db_field.name in self.get_autocomplete_fields(request):
            widget = MultipleAutocomplete(db_field, self.admin_site, using=kwargs.get("using"))
            kwargs.setdefault("widget", widget)
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class AutocompleteView(AutocompleteJsonView):
    """Suggests contests and candidates, with details that distinguish those of the same name."""

    def get_queryset(self) -> QuerySet[Any]:
        rows = super().get_queryset()
        parent = {Contest: "election", Candidate: "contest"}.get(rows.model)
        return rows.select_related(parent) if parent else rows

    def serialize_result(self, obj: Model, to_field_name: str) -> dict[str, str]:
        return super().serialize_result(obj, to_field_name) | {"text": label_of(obj)}


def label_of(obj: Model) -> str:
    if isinstance(obj, Contest):
        return f"{obj.full_name} ({obj.election})"
    if isinstance(obj, Candidate):
        return f"{obj.name} ({obj.contest.full_name})"
    return str(obj)
