"""Form fields of the admin: times to the minute, and text without invisible characters."""

from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from results.editor.annotations import Attributes, DbField
from results.forms import VisibleTextField, WholeSlugField, WholeURLField
from results.models import Election
from results.words.local_times import is_skipped, nearest_reading, skipped_text
from results.words.typed_times import (
    UnreadableTime,
    is_of_several_days,
    is_without_day,
    read_night_time,
)

#: Day first, 24-hour clock.
MOMENT = "%d/%m/%Y %H:%M"


class MomentInput(forms.DateTimeInput):
    """Text input for day and time: a browser's own picker may show “03:18 AM”."""

    def __init__(self, attrs: Attributes | None = None) -> None:
        own = {"placeholder": "13/12/2019 03:18", "autocomplete": "off", "size": "17"}
        super().__init__({**own, **(attrs or {})}, format=MOMENT)


class MomentField(forms.DateTimeField):
    """A time to the minute, in the current time zone."""

    widget = MomentInput
    input_formats = (MOMENT, "%d/%m/%Y %H.%M", "%d/%m/%y %H:%M", "%Y-%m-%d %H:%M")
    default_error_messages: ClassVar[dict[str, StrOrPromise]] = {
        "invalid": _("Enter the day and the time, as in 13/12/2019 03:18.")
    }

    #: Set by the form with `set_night`. The election in whose night a time without a day is, as
    #: “01:30”; whether the time is of something expected (False: that has happened); and the time
    #: that is stored, which an unchanged field means.
    election: Election | None = None
    expected: bool | None = None
    stored: datetime | None = None

    def to_python(self, value: Any) -> datetime | None:
        """As Django's; a time alone is of the election's night, by the election's clock."""
        try:
            return super().to_python(value)
        except ValidationError as exc:
            if exc.code == "ambiguous_timezone":
                return self._when_clocks_change(str(value))
            if self.election is None:
                raise
        try:
            moment = read_night_time(str(value), self.election)
        except UnreadableTime as exc:
            raise ValidationError(str(exc), code="invalid") from None
        has_passed = self.expected is False and is_without_day(str(value), self.election)
        if has_passed and is_of_several_days(moment, self.election, timezone.now()):
            text = _("It was “%(text)s” on several days since the poll: type the day as well.")
            raise ValidationError(text % {"text": value}, code="invalid")
        return self._reading(moment.astimezone(self.election.zone))

    def _when_clocks_change(self, text: str) -> datetime:
        """Read a time that the clocks show twice; raise for one that they skip."""
        moment = parse_datetime(text.strip()) or super(forms.DateTimeField, self).to_python(text)
        assert moment is not None
        if is_skipped(timezone.make_aware(moment)):
            raise ValidationError(skipped_text(text), code="invalid")
        return self._reading(moment)

    def _reading(self, moment: datetime) -> datetime:
        """The moment that a clock of the current time zone shows as this one."""
        here = timezone.make_aware(moment.replace(tzinfo=None))
        if self.stored is not None:
            shown = timezone.make_naive(self.stored).replace(second=0, microsecond=0, fold=0)
            if shown == here.replace(tzinfo=None):
                return nearest_reading(here, self.stored)
        return nearest_reading(here, timezone.now(), expected=self.expected)

    def has_changed(self, initial: object, data: object) -> bool:
        """Ignore seconds, which the page does not show."""
        if isinstance(initial, datetime):
            initial = initial.replace(second=0, microsecond=0)
        return super().has_changed(initial, data)


def set_night(
    field: forms.Field | None,
    election: Election | None,
    *,
    expected: bool,
    stored: datetime | None = None,
) -> None:
    """Let a field of a form take a time without its day, where it takes a time at all."""
    if isinstance(field, MomentField):
        field.election, field.expected, field.stored = election, expected, stored


#: Overrides for every DateTimeField in the admin.
MOMENTS: dict[str, type] = {"form_class": MomentField, "widget": MomentInput}


#: Fields of forms by the column's class. Subclasses have checks of their own.
FORM_CLASSES: dict[type, type[forms.Field]] = {
    models.CharField: VisibleTextField,
    models.TextField: VisibleTextField,
    models.SlugField: WholeSlugField,
    models.URLField: WholeURLField,
}


def form_class_of(db_field: DbField) -> dict[str, object]:
    """Options of `formfield_for_dbfield` for text columns, which browsers are not to cut off.

    Invisible characters are stripped from texts.
    """
    form_class = None if db_field.choices else FORM_CLASSES.get(type(db_field))
    return {"form_class": form_class} if form_class else {}
