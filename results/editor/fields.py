"""Form fields of the admin: times to the minute, and text without invisible characters."""

from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from results.editor.annotations import Attributes, DbField
from results.forms import VisibleTextField
from results.models import Election
from results.words.typed_times import UnreadableTime, read_night_time

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

    #: The election in whose night a time without a day is, as “01:30”; set by the form.
    election: Election | None = None

    def to_python(self, value: Any) -> datetime | None:
        """As Django's; a time alone is of the election's night, by the election's clock."""
        try:
            return super().to_python(value)
        except ValidationError:
            if self.election is None:
                raise
        try:
            moment = read_night_time(str(value), self.election)
        except UnreadableTime as exc:
            raise ValidationError(str(exc), code="invalid") from None
        by_its_clock = moment.astimezone(self.election.zone).replace(tzinfo=None)
        return timezone.make_aware(by_its_clock)

    def has_changed(self, initial: object, data: object) -> bool:
        """Ignore seconds, which the page does not show."""
        if isinstance(initial, datetime):
            initial = initial.replace(second=0, microsecond=0)
        return super().has_changed(initial, data)


def set_night(field: forms.Field | None, election: Election | None) -> None:
    """Let a field of a form take a time without its day, where it takes a time at all."""
    if isinstance(field, MomentField):
        field.election = election


#: Overrides for every DateTimeField in the admin.
MOMENTS: dict[str, type] = {"form_class": MomentField, "widget": MomentInput}


def form_class_of(db_field: DbField) -> dict[str, object]:
    """Options of `formfield_for_dbfield` that strip invisible characters from text columns."""
    # Not subclasses such as SlugField, which have checks of their own.
    is_text = type(db_field) in (models.CharField, models.TextField) and not db_field.choices
    return {"form_class": VisibleTextField} if is_text else {}
