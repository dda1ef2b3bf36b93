"""Formset of every inline: the rows of the form's own object, each of them once.

Django believes the ids and the number of rows that a form is sent with, validates no constraint
that the form's object is part of, and saves one row after the other.
"""

from collections.abc import Iterator
from itertools import count
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.formsets import DELETION_FIELD_NAME
from django.forms.models import BaseInlineFormSet
from django.utils.translation import gettext as _

from results.editor.unique_rows import taken_message, unique_constraints

Child = TypeVar("Child", bound=models.Model)
Parent = TypeVar("Parent", bound=models.Model)


class RowsFormSet(BaseInlineFormSet[Child, Parent, forms.ModelForm[Child]]):
    """Refuses rows of other objects and what is unique twice; exchanges it between two rows."""

    model: type[Child]

    @property
    def deleted_forms(self) -> list[forms.ModelForm[Child]]:
        """Forms whose rows are to be deleted, whatever errors other rows have.

        Django's are none as soon as a row has an error: what a deleted row has would be taken.
        """
        if not (self.is_bound and self.can_delete):
            return []
        self.is_valid()
        return [form for form in self.forms if form.cleaned_data.get(DELETION_FIELD_NAME)]

    def clean(self) -> None:
        if self._is_altered():
            raise ValidationError(
                _(
                    "These rows are not those that the page had: nothing is saved. Load the page "
                    "again, and put it in once more."
                )
            )
        super().clean()

    def _is_altered(self) -> bool:
        """Whether the hidden fields name rows of other objects, rows twice, or none."""
        hidden = {self.model._meta.pk.name, self.fk.name}
        stored = [form.instance.pk for form in self.initial_forms]
        return (
            any(hidden & form.errors.keys() for form in self.forms)
            or None in stored
            or len({*stored}) < len(stored)
            or any(form[self.model._meta.pk.name].value() for form in self.extra_forms)
        )

    def validate_unique(self) -> None:
        for constraint in self._constraints():
            self._require_unique(constraint)
        super().validate_unique()

    def _constraints(self) -> Iterator[models.UniqueConstraint]:
        for constraint in unique_constraints(self.model):
            if self.fk.name in constraint.fields and constraint.condition is None:
                yield constraint

    def _require_unique(self, constraint: models.UniqueConstraint) -> None:
        names = [name for name in constraint.fields if name != self.fk.name]
        for form in self._taken(names, self._other_rows(names)):
            form.add_error(names[-1], taken_message(self.model, self.fk.name, names[-1]))

    def _other_rows(self, names: list[str]) -> set[tuple[Any, ...]]:
        """What rows that are not in the form have in these columns."""
        if not self.instance.pk:
            return set()
        rows = self.model._default_manager.filter(**{self.fk.name: self.instance})
        rows = rows.exclude(pk__in=[form.instance.pk for form in self.initial_forms])
        return set(rows.values_list(*names))

    def _taken(
        self, names: list[str], taken: set[tuple[Any, ...]]
    ) -> Iterator[forms.ModelForm[Child]]:
        """Yield each form whose values in these columns another row has."""
        deleted = self.deleted_forms
        for form in self.forms:
            data = getattr(form, "cleaned_data", {})
            values = tuple(data.get(name) for name in names)
            if None in values or form in deleted:
                continue
            if values in taken:
                yield form
            taken.add(values)

    def save_existing_objects(self, commit: bool = True) -> list[Child]:
        if commit:
            for constraint in self._constraints():
                self._vacate(constraint.fields[-1])
        return super().save_existing_objects(commit)

    def _vacate(self, name: str) -> None:
        """Give rows that are changed a value that nobody has, so that two can exchange theirs.

        No others: nothing saves them, and so gives them their own value back.
        """
        changed = [
            form.instance.pk
            for form in self.initial_forms
            if form in self.deleted_forms
            or name in form.changed_data
            or (form.has_changed() and name not in form.fields)
        ]
        if len(changed) < 2:
            return
        rows = self.model._default_manager.filter(**{self.fk.name: self.instance})
        # Those to be saved too: one row is saved while the next still has its meanwhile.
        used = {*rows.values_list(name, flat=True)}
        used |= {form.cleaned_data.get(name) for form in self.forms}
        is_number = isinstance(self.model._meta.get_field(name), models.IntegerField)
        free = (each for each in count(1) if each not in used)
        for pk in changed:
            value = next(free) if is_number else f"~{pk}"
            rows.filter(pk=pk).update(**{name: value})
