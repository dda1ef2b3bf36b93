"""Form fields of the reporters' pages."""

import re
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from results.arithmetic.declaration_times import CLOCK_TOLERANCE
from results.models import Election

TYPED_TIME = re.compile(r"(?P<hour>[0-9]{1,2})[:.·h ]?(?P<minute>[0-9]{2})")


class TimeOfNightField(forms.CharField):
    """A time of the night: on polling day from the close of poll, else the day after.

    Typed as “03:18”, “3.18” or “0318”: a phone's keyboard for numbers may have digits alone.

    With `in_future` it is the time of something expected, otherwise of something that happened.
    """

    def __init__(self, election: Election, *, in_future: bool = False, **options: Any) -> None:
        self.election = election
        self.in_future = in_future
        attrs = {
            "inputmode": "numeric",
            "autocomplete": "off",
            "spellcheck": "false",
            "placeholder": "03:18",
        }
        super().__init__(widget=forms.TextInput(attrs=attrs), required=False, **options)

    def clean(self, value: Any) -> datetime | None:
        text = str(value or "").strip()
        if not text:
            return None
        match = TYPED_TIME.fullmatch(text)
        try:
            if match is None:
                raise ValueError(text)
            time_of_day = time(int(match["hour"]), int(match["minute"]))
        except ValueError:
            raise ValidationError(_("Enter the time as 03:18 or 0318.")) from None
        closed = self.election.polls_close.astimezone(self.election.zone)
        moment = datetime.combine(closed.date(), time_of_day, self.election.zone)
        if moment < closed:
            next_day = closed.date() + timedelta(days=1)
            moment = datetime.combine(next_day, time_of_day, self.election.zone)
        if self.in_future and moment < timezone.now():
            raise ValidationError(_("That time has passed: when is it expected now?"))
        if not self.in_future and moment > timezone.now() + CLOCK_TOLERANCE:
            raise ValidationError(_("That time has not come yet: check it."))
        return moment
