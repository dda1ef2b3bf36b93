"""Form fields that reporters and editors share."""

import re
from collections.abc import Callable, Collection, Iterable
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from results.arithmetic import (
    InvalidNumber,
    ValidationMessage,
    clean_text,
    read_count,
    read_percentage,
)
from results.arithmetic.declaration_times import CLOCK_TOLERANCE
from results.models import Election
from results.words.ballot_papers import BallotPaperChange, Names, names_from_text, names_to_text
from results.words.local_times import is_skipped, nearest_reading, skipped_text
from results.words.typed_times import LATEST, is_of_several_days
from results.words.validation_messages import message_text, number_error

TYPED_TIME = re.compile(r"(?P<hour>[0-9]{1,2})[:.·h ]?(?P<minute>[0-9]{2})")

#: More stages than any count has: each elects or excludes somebody or transfers a surplus.
MOST_STAGES = 999


class WholeTextMixin:
    """Field mixin without `maxlength`: browsers cut off what is pasted beyond it unasked.

    The field's own check says what is too long.
    """

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs: dict[str, Any] = super().widget_attrs(widget)  # type: ignore[misc]  # of the field
        if not widget.is_hidden:
            attrs.pop("maxlength", None)
        return attrs


class WholeTextField(WholeTextMixin, forms.CharField):
    """A text field whose input takes all that is pasted."""


class WholeSlugField(WholeTextMixin, forms.SlugField):
    """A field for an address's last part whose input takes all that is pasted."""


class WholeURLField(WholeTextMixin, forms.URLField):
    """A field for a web address whose input takes all that is pasted."""


class VisibleTextField(WholeTextField):
    """A text field that drops control characters and direction changes.

    Text without a visible character counts as empty.
    """

    @property
    def phone_attrs(self) -> dict[str, Any]:
        """Attributes for the phone's own check (`static/reporter/checks.js`)."""
        if self.max_length is None:
            return {}
        too_long = _("At most {longest} characters: this has {length}. Make it shorter.")
        attrs = {"data-longest": self.max_length, "data-too-long": too_long}
        if self.required:
            attrs["data-required"] = self.error_messages["required"]
        return attrs

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Show whoever types Arabic or Hebrew their text from right to left, as readers will."""
        attrs = super().widget_attrs(widget)
        if not widget.is_hidden:
            attrs["dir"] = "auto"
        return attrs

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
    """Field for a whole number of votes, papers or people: “34603”, “34,603” or “34 603”."""

    parse = staticmethod(read_count)
    #: The most that can be typed, for the phone's own check: `MAX_DIGITS` of the parser.
    most = 999_999_999


class StageField(NumberField):
    """Field for the stage of a count at which a candidate is elected."""

    most = MOST_STAGES

    @staticmethod
    def parse(text: str) -> int:
        stage = read_count(text)
        if stage > MOST_STAGES:
            raise InvalidNumber("too_long", text)
        return stage


class PercentageField(NumberField):
    """Field for a percentage as it was announced: “71.8” or “71.8%”, as a Decimal."""

    #: For the phone's own check.
    is_percentage = True
    parse = staticmethod(read_percentage)
    inputmode = "decimal"


class TimeOfNightField(forms.CharField):
    """Field for a time of the night: on polling day from the close of poll, else the day after.

    Of something expected a day or more after the close of poll, it is in the 24 hours begun since.

    It is typed as “03:18”, “3.18” or “0318”, as a phone's number keyboard may have digits only.

    With `in_future` it is the time of something expected, otherwise of something that happened.
    `typed_at` returns when it was typed, for a form that may have waited since.
    """

    is_time = True

    def __init__(
        self,
        election: Election,
        *,
        in_future: bool = False,
        typed_at: Callable[[], datetime] = timezone.now,
        **options: Any,
    ) -> None:
        self.election = election
        self.in_future = in_future
        self.typed_at = typed_at
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
        typed_at = self.typed_at()
        closed = self.election.polls_close.astimezone(self.election.zone)
        day = closed.date() + timedelta(days=self._days_later(typed_at))
        if time_of_day < closed.time():
            day += timedelta(days=1)
        moment = datetime.combine(day, time_of_day, self.election.zone)
        if is_skipped(moment):
            raise ValidationError(skipped_text(text))
        moment = nearest_reading(moment, typed_at, expected=self.in_future)
        if self.in_future and moment < timezone.now():
            raise ValidationError(_("That time has passed: when is it expected now?"))
        if not self.in_future and moment > timezone.now() + CLOCK_TOLERANCE:
            raise ValidationError(_("That time has not come yet: check it."))
        if not self.in_future and is_of_several_days(moment, self.election, typed_at):
            words = _(
                "It was “%(text)s” on several days since the poll. Leave this empty if it was read "
                "out just now, or ring the desk with the day."
            )
            raise ValidationError(words % {"text": text})
        return moment

    def _days_later(self, typed_at: datetime) -> int:
        """Whole days since the close of poll, for what is expected while a count still goes on."""
        passed = typed_at - self.election.polls_close
        goes_on = self.in_future and timedelta(0) <= passed <= LATEST
        return passed.days if goes_on else 0


#: More digits than any primary key has.
MAX_DIGITS = 20


class BallotPaperMixin:
    """Form mixin that sends the ballot paper back as the user saw it, to detect changes.

    A form that was open while a candidate was renamed, added or removed is shown again with every
    figure and with what has changed. Pages of an earlier release do not send it.
    """

    #: Name of the hidden field.
    shown = "ballot"

    def add_ballot_paper(self: Any, current: Names) -> None:
        """Add the hidden field with the present names; call it from `__init__`."""
        self.current_names = current
        self.fields[self.shown] = forms.CharField(
            required=False, widget=forms.HiddenInput, initial=names_to_text(current)
        )

    @property
    def ballot_paper(self: Any) -> forms.BoundField:
        bound: forms.BoundField = self[self.shown]
        return bound

    @property
    def shown_names(self: Any) -> dict[int, str] | None:
        """The names that the form was sent with, by id; None where it sent none."""
        return names_from_text(self.data.get(self.shown) or "")

    def typed_votes(self: Any) -> dict[int, str]:
        """Return the votes as typed by candidate id, removed candidates included."""
        typed = (name.partition("votes-") for name in self.data)
        return {
            int(pk): str(self.data[f"votes-{pk}"]).strip()
            for before, _votes, pk in typed
            if not before and pk.isascii() and pk.isdigit() and len(pk) < MAX_DIGITS
        }

    @property
    def ballot_paper_change(self: Any) -> BallotPaperChange:
        """The changes of the ballot paper since the form was opened."""
        current = self.current_names
        shown = self.shown_names
        if shown is None:
            # Only the names of the votes' fields show who was on the ballot paper.
            typed = self.typed_votes()
            gone = {pk: _("A candidate") for pk in typed if pk not in current}
            return BallotPaperChange.between({**current, **gone}, current)
        return BallotPaperChange.between(shown, current)

    def require_same_candidates(self: Any) -> None:
        """Add errors if candidates were added or removed since the form was opened.

        A change of names only is left to the publishing API, which answers a repeated request
        first.
        """
        change = self.ballot_paper_change
        if change.added or change.removed:
            self.follow_ballot_paper()

    def follow_ballot_paper(self: Any) -> bool:
        """Add an error for each change and take the current ballot paper; return if it changed."""
        change = self.ballot_paper_change
        if not change:
            return False
        for sentence in change.sentences(self.typed_votes()):
            self.add_error(None, sentence)
        self.add_error(None, _("Nothing was published. Check every figure against its name."))
        data = self.data.copy()
        data[self.shown] = names_to_text(self.current_names)
        self.data = data
        return True


class LotMixin:
    """Form mixin with boxes for who was drawn by lot, between those who tie only."""

    def votes_in_fields(self: Any) -> dict[int, int | None]:
        """The votes in the form's fields by candidate; None for those that are no number."""
        return {each.pk: self._number_in(f"votes-{each.pk}") for each in self.candidates}

    def _number_in(self: Any, name: str) -> int | None:
        try:
            number: int | None = self.fields[name].clean(self[name].value())
        except ValidationError:
            return None
        return number

    def lot_between(self: Any, tied: Collection[int]) -> forms.BoundField:
        """The boxes of the tied candidates, and of any other who is ticked, to be unticked."""
        field, ticked = self.fields["lot"], {str(value) for value in self["lot"].value() or ()}
        shown = {*map(str, tied), *ticked}
        field.widget.choices = [each for each in field.choices if str(each[0]) in shown]
        bound: forms.BoundField = self["lot"]
        return bound


class ValidationMessagesMixin:
    """Form mixin that adds the messages of the checks to the fields that they belong to."""

    def add_messages(self: Any, messages: Iterable[ValidationMessage]) -> None:
        for message in messages:
            field = message.field if message.field in self.fields else None
            self.add_error(field, message_text(message))
