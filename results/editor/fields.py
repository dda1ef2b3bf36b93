"""Form fields that read figures and times as people type them."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from results.arithmetic import InvalidNumber, read_count, read_percentage
from results.editor.annotations import DbField
from results.forms import VisibleTextField
from results.words.validation_messages import number_error


class _TypedField(forms.CharField):
    """A text field whose words are read by the arithmetic, so that a fault is named as it is."""

    read: Callable[[str], int | Decimal]

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "inputmode": "numeric", "autocomplete": "off"}

    def has_changed(self, initial: Any, data: Any) -> bool:
        """“34,603” and “34603” are one figure."""
        try:
            return self._figure(initial) != self._figure(data)
        except InvalidNumber:
            return True

    def _figure(self, value: Any) -> int | Decimal | None:
        typed = str(value or "").strip()
        return type(self).read(typed) if typed else None

    def clean(self, value: Any) -> Any:
        typed = str(value or "")
        try:
            figure = self._figure(typed)
            if figure is None and self.required:
                raise InvalidNumber("blank", typed)
        except InvalidNumber as exc:
            raise ValidationError(number_error(exc), code=exc.code) from None
        return figure


class CountField(_TypedField):
    """“34603”, “34,603” or “34 603” as an int; None where nothing is typed and nothing needed."""

    read = staticmethod(read_count)


class PercentageField(_TypedField):
    """“71.8” or “71.8%” as a Decimal."""

    read = staticmethod(read_percentage)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "inputmode": "decimal"}


#: Day first, and the hour of 24.
MOMENT = "%d/%m/%Y %H:%M"


class MomentInput(forms.DateTimeInput):
    """Day and time to the minute, typed: a browser's own picker may say “03:18 AM”."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        own = {"placeholder": "13/12/2019 03:18", "autocomplete": "off", "size": "17"}
        super().__init__({**own, **(attrs or {})}, format=MOMENT)


class MomentField(forms.DateTimeField):
    """A time to the minute, in whatever zone the page is in."""

    widget = MomentInput
    input_formats = (MOMENT, "%d/%m/%Y %H.%M", "%d/%m/%y %H:%M", "%Y-%m-%d %H:%M")
    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid": _("Enter the day and the time, as in 13/12/2019 03:18.")
    }

    def has_changed(self, initial: Any, data: Any) -> bool:
        """The page shows no seconds, so leaving them as they are is no change."""
        if hasattr(initial, "replace"):
            initial = initial.replace(second=0, microsecond=0)
        return super().has_changed(initial, data)


#: How the admin asks for any stored time.
MOMENTS: dict[str, Any] = {"form_class": MomentField, "widget": MomentInput}


def form_class_of(db_field: DbField) -> dict[str, object]:
    """The form field of a column of text, as an option of `formfield_for_dbfield`."""
    # Not its subclasses: an address is a SlugField, and checks more.
    is_text = type(db_field) in (models.CharField, models.TextField) and not db_field.choices
    return {"form_class": VisibleTextField} if is_text else {}
