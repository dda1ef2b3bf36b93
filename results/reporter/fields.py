"""Form fields that read figures and times as people type them, and say what is wrong."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from results.arithmetic import InvalidNumber, read_count, read_percentage
from results.models import Election
from results.words.validation_messages import number_error

#: How far ahead of ours another clock may be.
FAST_CLOCK = timedelta(minutes=5)


def _digits(**more: str) -> forms.TextInput:
    """A text box with a number pad. Not type=number: it rounds, scrolls away and hides errors."""
    attributes = {"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"}
    return forms.TextInput(attrs=attributes | more)


class CountField(forms.CharField):
    """A whole number of votes or people; empty is None where it may be."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=_digits(**{"data-count": "1"}), strip=True, **options)

    def clean(self, value: Any) -> int | None:
        text = str(value or "")
        if not text.strip() and not self.required:
            return None
        try:
            return read_count(text)
        except InvalidNumber as exc:
            raise ValidationError(number_error(exc), code=exc.code) from None


class PercentageField(forms.CharField):
    """A percentage as announced: “71.8” or “71.8%”."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=_digits(inputmode="decimal"), required=False, **options)

    def clean(self, value: Any) -> Decimal | None:
        text = str(value or "")
        if not text.strip():
            return None
        try:
            return read_percentage(text)
        except InvalidNumber as exc:
            raise ValidationError(number_error(exc), code=exc.code) from None


class TimeOfNightField(forms.CharField):
    """A time of the night, “03:18”: on polling day from the close of poll, else the day after.

    Of something that has happened, or (``ahead``) of something that is still expected.
    """

    def __init__(self, election: Election, *, ahead: bool = False, **options: Any) -> None:
        self.election = election
        self.ahead = ahead
        super().__init__(widget=_digits(placeholder="03:18"), required=False, **options)

    def clean(self, value: Any) -> datetime | None:
        text = str(value or "").strip().replace(".", ":")
        if not text:
            return None
        try:
            hour, minute = text.split(":")
            said = time(int(hour), int(minute))
        except (ValueError, OverflowError):
            raise ValidationError(_("Enter the time as 03:18.")) from None
        closed = self.election.polls_close.astimezone(self.election.zone)
        moment = datetime.combine(closed.date(), said, self.election.zone)
        if moment < closed:
            moment = datetime.combine(closed.date() + timedelta(days=1), said, self.election.zone)
        if self.ahead and moment < timezone.now():
            raise ValidationError(_("That time has passed: when is it expected now?"))
        if not self.ahead and moment > timezone.now() + FAST_CLOCK:
            raise ValidationError(_("That time has not come yet: check it."))
        return moment
