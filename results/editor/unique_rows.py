"""Validate what is unique within an election or a contest that the form itself does not show.

Django leaves out every constraint with a column that is not in the form: an address that another
contest of the election has was an error of the database.
"""

from collections.abc import Iterator
from typing import Any, TypeVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _

M = TypeVar("M", bound=models.Model)


class UniqueRowsMixin(admin.ModelAdmin[M]):
    """Gives each form the constraints that have columns of their own object alone."""

    def get_form(
        self, request: HttpRequest, obj: M | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm[M]]:
        form: Any = super().get_form(request, obj, change, **kwargs)

        def post_clean(self: Any) -> None:
            form._post_clean(self)
            _require_unique(self)

        return type(form.__name__, (form,), {"_post_clean": post_clean})


def _require_unique(form: forms.ModelForm[Any]) -> None:
    for constraint in unique_constraints(type(form.instance)):
        shown = [name for name in constraint.fields if name in form.fields]
        is_partly_shown = 0 < len(shown) < len(constraint.fields)
        if not is_partly_shown or form.errors.keys() & {*shown}:
            continue
        try:
            constraint.validate(type(form.instance), form.instance)
        except ValidationError:
            parent = next(name for name in constraint.fields if name not in shown)
            form.add_error(shown[-1], taken_message(type(form.instance), parent, shown[-1]))


def unique_constraints(model: type[models.Model]) -> Iterator[models.UniqueConstraint]:
    """Yield the constraints by which several columns together are unique."""
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and len(constraint.fields) > 1:
            yield constraint


def taken_message(model: type[models.Model], parent: str, name: str) -> str:
    """Say that another row of the same parent has this value."""
    columns: Any = model._meta
    return _("Another %(row)s of this %(parent)s has this %(field)s.") % {
        "row": columns.verbose_name,
        "parent": columns.get_field(parent).related_model._meta.verbose_name,
        "field": columns.get_field(name).verbose_name,
    }
