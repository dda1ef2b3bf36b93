"""What an admin form calls its fields and choices, for showing what was typed in it elsewhere.

A form of Django's admin is of a model: its fields are known by the address. Of other forms the
names of the fields are told in words.
"""

import re
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.db import models
from django.urls import Resolver404, resolve
from django.utils.text import capfirst

from results.arithmetic import read_id

#: Names of the admin's own pages that have a model's form, as `results_contest_change`.
_MODEL_PAGE = re.compile(r"(?P<app>[a-z]+)_(?P<model>[a-z]+)_(add|change)")
#: A field of a row below the form, as `candidates-0-name`.
_OF_ROW = re.compile(r"(?P<rows>\w+)-(?P<number>[0-9]{1,4})-(?P<name>\w+)")
#: A field that is shown as two, of a day and a time, as `polls_close_1`.
_OF_TWO = re.compile(r"(?P<name>\w+)_[01]")


def field_typed(address: str, name: str) -> "models.Field[Any, Any] | None":
    """Return the model's field that a form at this address stores; None if it is no model's."""
    model = _model_of(address)
    if row := _OF_ROW.fullmatch(name):
        model, name = _model_of_rows(model, row["rows"]), row["name"]
    if model is None:
        return None
    fields = {field.name: field for field in model._meta.fields}
    two = _OF_TWO.fullmatch(name)
    return fields.get(name) or (fields.get(two["name"]) if two else None)


def belongs_to_form(address: str, field: "models.Field[Any, Any]") -> bool:
    """Whether the field, of a row below the form, names the form's own: nobody types that."""
    parent = _model_of(address)
    return field.is_relation and field.model is not parent and field.related_model is parent


def label_in_words(field: "models.Field[Any, Any]", name: str) -> str:
    """Return “Close of poll”; “Candidate 1, party” of the first row of candidates below a form."""
    row = _OF_ROW.fullmatch(name)
    if row is None:
        return capfirst(str(field.verbose_name))
    rows = capfirst(str(field.model._meta.verbose_name))
    return f"{rows} {int(row['number']) + 1}, {field.verbose_name}"


def value_in_words(field: "models.Field[Any, Any]", value: str) -> str:
    """Return the label of a choice and the name of what is chosen from other rows; else the value.

    `value` is as a browser sends it.
    """
    if isinstance(field, models.BooleanField) and value == "on":
        return "✓"
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    # Accounts are of another app: not everybody who types their numbers may see their names.
    if isinstance(field, models.ForeignKey) and field.related_model._meta.app_label == "results":
        row = field.related_model._default_manager.filter(pk=read_id(value)).first()
        return value if row is None else str(row)
    return value


def _model_of(address: str) -> type[models.Model] | None:
    try:
        page = _MODEL_PAGE.fullmatch(resolve(urlsplit(address).path).url_name or "")
    except Resolver404:
        return None
    return apps.get_model(page["app"], page["model"]) if page else None


def _model_of_rows(model: type[models.Model] | None, rows: str) -> type[models.Model] | None:
    """The model of rows below a model's form, by the name that the form's row has them under."""
    if model is None:
        return None
    relations = {each.get_accessor_name(): each for each in model._meta.related_objects}
    return relations[rows].related_model if rows in relations else None
