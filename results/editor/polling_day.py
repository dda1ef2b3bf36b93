"""The polling days that a form takes: typing slips in the year are refused."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.utils import dateformat, timezone
from django.utils.translation import gettext as _

#: The first general election after the Great Reform Act.
FIRST = dt.date(1832, 12, 10)
#: Nobody sets up a night before its day is known.
YEARS_AHEAD = 10


def validate_polling_day(day: dt.date) -> None:
    """Raise ValidationError for a day whose year is most likely a slip, such as 0206 or 9999."""
    if not FIRST <= day <= timezone.localdate() + dt.timedelta(days=366 * YEARS_AHEAD):
        words = {"day": dateformat.format(day, "j F Y"), "n": YEARS_AHEAD}
        raise ValidationError(
            _(
                "Look at the year: this is %(day)s. A polling day is from 1832 on, and at most "
                "%(n)d years ahead."
            )
            % words
        )
