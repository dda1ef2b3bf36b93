"""Form fields that several apps share."""

from typing import Any

from django import forms

from results.arithmetic import clean_text


class VisibleTextField(forms.CharField):
    """Text for people: empty where nothing in it can be seen, and without changes of direction."""

    def to_python(self, value: Any) -> str | None:
        return super().to_python(clean_text(value) if isinstance(value, str) else value)
