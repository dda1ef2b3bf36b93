"""What a reporter fills in at the count: the result, the winner alone, a quote."""

import re
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from results.arithmetic import BallotCounts, ValidationMessage, clean_text
from results.forms import VisibleTextField
from results.live.seat import Seat
from results.reporter.fields import CountField, PercentageField, TimeOfNightField
from results.words.validation_messages import messages_by_field

#: Field by field: where each finding of the checks is shown.
WHOLE = {"", "winners"}


#: Longer than a night no phone holds anything back.
LONGEST_WAIT = timedelta(hours=24)


class Filed(forms.Form):
    """What everything sent from a count carries: its key, and how long the phone held it back.

    A wait in seconds, not a time: the phone's clock may be a day out, and its seconds are not.
    """

    #: Several forms share a page: each has ids of its own.
    called = ""

    key = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    waited = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, files: Any = None, **options: Any) -> None:
        options.setdefault("auto_id", f"id_{self.called}%s")
        super().__init__(data, files, **options)

    def clean_key(self) -> str:
        return self.cleaned_data["key"] or uuid.uuid4().hex

    @property
    def sent_at(self) -> datetime:
        """When the reporter pressed the button, by our own clock."""
        longest = int(LONGEST_WAIT.total_seconds())
        # Bounded as a number: no span of time holds what may be sent as one.
        waited = min(max(self.cleaned_data.get("waited") or 0, 0), longest)
        return timezone.now() - timedelta(seconds=waited)


class Sent(Filed):
    """What every form about a result carries besides: the revision that it was opened at."""

    base_revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class ResultForm(Sent):
    """Every candidate's votes in ballot-paper order, and what else was read out."""

    rejected = CountField(label=_("Rejected ballots"), required=False)
    electorate = CountField(label=_("Electorate"), required=False)
    turnout_announced = PercentageField(label=_("Turnout as announced"))
    valid_announced = CountField(label=_("Total valid votes as announced"), required=False)
    papers = CountField(label=_("Ballot papers at verification"), required=False)
    recount = forms.BooleanField(label=_("After a recount"), required=False)
    source = VisibleTextField(label=_("Where you have it from"), required=False, max_length=200)
    warning_reason = VisibleTextField(
        label=_("Why is it right all the same?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, seat: Seat, data: Any = None, **options: Any) -> None:
        self.seat = seat
        super().__init__(data, **options)
        self.candidates = [candidate for candidate, _party_name in seat.candidates]
        votes = {
            f"votes-{one.pk}": CountField(
                label=one.name, help_text=seat.party_names[one.label].name
            )
            for one in self.candidates
        }
        self.fields = votes | self.fields
        if not seat.has_result:
            self.fields["declared_at"] = TimeOfNightField(
                seat.contest.election, label=_("Read out at"), help_text=_("Empty: just now.")
            )
        self.fields["lot"] = forms.MultipleChoiceField(
            label=_("Drawn by lot"),
            required=False,
            choices=[(str(one.pk), one.name) for one in self.candidates],
            widget=forms.CheckboxSelectMultiple,
        )

    @property
    def votes_fields(self) -> list[forms.BoundField]:
        return [self[f"votes-{one.pk}"] for one in self.candidates]

    @property
    def other_fields(self) -> list[forms.BoundField]:
        names = ["rejected", "electorate", "turnout_announced", "declared_at"]
        return [self[name] for name in names if name in self.fields]

    @property
    def further_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("valid_announced", "papers", "source")]

    @property
    def ties(self) -> bool:
        """Whether the box for a lot should be shown."""
        drawn = _values(self.data, "lot") or self.initial.get("lot")
        return bool(drawn) or "lot" in self.errors

    def ballot_counts(self) -> BallotCounts:
        """Of a valid form."""
        said = self.cleaned_data
        return BallotCounts(
            votes={one.pk: said[f"votes-{one.pk}"] for one in self.candidates},
            rejected=said["rejected"],
            electorate=said["electorate"],
            turnout_announced=said["turnout_announced"],
            valid_announced=said["valid_announced"],
            papers=said["papers"],
            lot=tuple(int(one) for one in said["lot"]),
        )

    def add_findings(self, findings: Iterable[ValidationMessage]) -> None:
        """Each beside its field; those about the whole on top."""
        for field, sentences in messages_by_field(findings).items():
            for sentence in sentences:
                self.add_error(field if field in self.fields else None, sentence)

    @property
    def as_typed(self) -> list[tuple[str, str]]:
        """Everything as it was typed, to be carried through the check page."""
        hidden = {"key", "waited", "warning_reason"}
        names = [name for name in self.fields if name not in hidden and name in self.data]
        return [(name, value) for name in names for value in _values(self.data, name)]


def _values(data: Any, name: str) -> list[str]:
    """Every value sent under a name: forms are given a QueryDict, or nothing."""
    return list(data.getlist(name)) if hasattr(data, "getlist") else []


class WinnerOnlyForm(Sent):
    """The winner alone, before the figures."""

    called = "flash_"

    winners = forms.MultipleChoiceField(
        label=_("Who is elected?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose who is elected.")},
    )

    def __init__(self, seat: Seat, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.seat = seat
        field = self.fields["winners"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(str(one.pk), one.name) for one, _party_name in seat.candidates]

    def clean_winners(self) -> list[int]:
        chosen = [int(one) for one in self.cleaned_data["winners"]]
        seats = min(self.seat.contest.seats, len(self.seat.candidates))
        if len(chosen) != seats:
            raise forms.ValidationError(
                _("%(seats)s to be elected here: choose %(seats)s.") % {"seats": seats}
            )
        return chosen


#: What was left out of a quote, however it is typed: a full stop of the speaker's own stays.
OMISSION = re.compile(r"\s*[\[(]\s*(?:\.{2,}|…)\s*[\])]\s*|\s*(?:\.{3,}|…)\s*")


class QuoteForm(Filed):
    """What someone said. Marks around direct speech are ours to set: typed ones are taken off."""

    called = "quote_"

    candidate = forms.ChoiceField(label=_("Who said it?"), required=False)
    speaker = VisibleTextField(label=_("Someone else: name"), required=False, max_length=200)
    role = VisibleTextField(label=_("As what?"), required=False, max_length=200)
    reported = forms.ChoiceField(
        label=_("How"),
        choices=[("", _("Their own words")), ("1", _("Reported speech, in ours"))],
        required=False,
        widget=forms.RadioSelect,
    )
    words = VisibleTextField(
        label=_("What was said"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write what was said.")},
    )

    def __init__(self, seat: Seat, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        field = self.fields["candidate"]
        assert isinstance(field, forms.ChoiceField)
        named = [(str(one.pk), one.name) for one, _party_name in seat.candidates]
        field.choices = [("", _("Someone else")), *named]

    def clean_words(self) -> str:
        words: str = self.cleaned_data["words"]
        marked = words[:1] + words[-1:]
        if len(words) > 1 and marked in ("“”", '""', "‘’", "''"):
            words = clean_text(words[1:-1])
        if not words:
            raise forms.ValidationError(self.fields["words"].error_messages["required"])
        return OMISSION.sub(" […] ", words).strip()

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if not said.get("candidate") and not said.get("speaker"):
            self.add_error("speaker", _("Say who said it."))
        return said


class CountForm(Filed):
    """What is known before the result: what was verified, and when it is expected."""

    called = "count_"

    papers = CountField(label=_("Ballot papers verified"), required=False)
    electorate = CountField(label=_("Electorate"), required=False)
    turnout = PercentageField(label=_("Turnout as announced"))

    def __init__(self, seat: Seat, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["expected_at"] = TimeOfNightField(
            seat.contest.election, ahead=True, label=_("Declaration expected about")
        )

    @property
    def shown(self) -> list[forms.BoundField]:
        return [self[name] for name in ("papers", "electorate", "turnout", "expected_at")]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        names = ("papers", "electorate", "turnout", "expected_at")
        if not self.errors and all(said.get(name) is None for name in names):
            raise forms.ValidationError(_("Fill in what has been announced."))
        return said


class AskForm(ResultForm):
    """The right figures, asked of the desk: what is published is the desk's to change."""

    called = "ask_"

    reason = VisibleTextField(
        label=_("What is wrong, and how do you know?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say how you know: the desk answers for it.")},
    )

    @property
    def other_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("rejected", "electorate", "turnout_announced")]


class PhotoForm(Filed):
    """A picture, and the words without which none is published."""

    called = "photo_"

    picture = forms.FileField(
        label=_("Photo"), error_messages={"required": _("Take or choose a photo.")}
    )
    caption = VisibleTextField(
        label=_("Caption"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say who and what is in the photo.")},
    )
    alt = VisibleTextField(
        label=_("What it shows"),
        help_text=_("for those who cannot see it"),
        max_length=400,
        error_messages={"required": _("Describe it for those who cannot see it.")},
    )
    credit = VisibleTextField(
        label=_("Credit"),
        max_length=120,
        error_messages={"required": _("Name who took it.")},
    )


class NoticeForm(Filed):
    """The returning officer's notice, for the desk alone."""

    called = "notice_"

    picture = forms.FileField(
        label=_("Photo of the notice"), error_messages={"required": _("Take or choose a photo.")}
    )
