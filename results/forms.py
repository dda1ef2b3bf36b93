"""Form fields that reporters and editors share."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from results.arithmetic import (
    InvalidNumber,
    ValidationMessage,
    clean_text,
    read_count,
    read_percentage,
)
from results.words.validation_messages import message_text, number_error


class VisibleTextField(forms.CharField):
    """A text field that drops control characters and direction changes.

    Text without a visible character counts as empty.
    """

    def to_python(self, value: Any) -> str | None:
        return super().to_python(clean_text(value) if isinstance(value, str) else value)


class NumberField(forms.CharField):
    """A text field with a number pad, read by `parse`; empty is None unless it is required.

    Not `type=number`: browsers round its value, scroll it away and hide what was mistyped.
    """

    parse: Callable[[str], int | Decimal]
    inputmode = "numeric"

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        more = {"inputmode": self.inputmode, "autocomplete": "off", "spellcheck": "false"}
        return {**super().widget_attrs(widget), **more}

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare numbers, not text: “34,603” is 34603."""
        try:
            return self._parsed(initial) != self._parsed(data)
        except InvalidNumber:
            return True

    def clean(self, value: Any) -> Any:
        text = str(value or "")
        try:
            number = self._parsed(text)
            if number is None and self.required:
                raise InvalidNumber("blank", text)
        except InvalidNumber as exc:
            raise ValidationError(number_error(exc), code=exc.code) from None
        return number

    def _parsed(self, value: Any) -> int | Decimal | None:
        text = str(value or "").strip()
        return type(self).parse(text) if text else None


class CountField(NumberField):
    """A whole number of votes, papers or people: “34603”, “34,603” or “34 603”."""

    parse = staticmethod(read_count)


class PercentageField(NumberField):
    """A percentage as it was announced: “71.8” or “71.8%”, as a Decimal."""

    parse = staticmethod(read_percentage)
    inputmode = "decimal"


class ValidationMessagesMixin:
    """Puts the messages of the checks beside the fields that they belong to."""

    def add_messages(self: Any, messages: Iterable[ValidationMessage]) -> None:
        for message in messages:
            field = message.field if message.field in self.fields else None
            self.add_error(field, message_text(message))
