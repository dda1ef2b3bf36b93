"""Forms that a reporter fills in at a count."""

import re
import uuid
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from results.arithmetic import BallotCounts, clean_text
from results.desk.errors import IdempotencyKeyReused, NightClosed, PollPostponed
from results.forms import (
    BallotPaperMixin,
    CountField,
    PercentageField,
    TimeOfNightField,
    ValidationMessagesMixin,
    VisibleTextField,
)
from results.live.candidate_names import told_apart
from results.live.seat import Seat
from results.reporter.declared import (
    DeclaredRow,
    declared_counts,
    declared_fields,
    declared_rows,
    errors_of_declared,
    vote_fields,
)
from results.reporter.last_time import last_time_texts
from results.words.ballot_papers import BallotPaperChange
from results.words.number_format import grouped

#: A phone's outbox holds nothing back for longer than a night.
LONGEST_WAIT = timedelta(hours=24)


class SubmissionForm(ValidationMessagesMixin, forms.Form):
    """Base of every form of a count: an idempotency key, and how long the phone held it back.

    `waited` is seconds, not a time of day: a phone's clock may be a day out.
    """

    #: Prefix of the ids in the page, which has several forms with fields of the same names.
    id_prefix = ""

    key = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    waited = forms.IntegerField(required=False, widget=forms.HiddenInput)
    #: Sent although the night is closed, for the desk to decide.
    knows_closed = forms.BooleanField(required=False, widget=forms.HiddenInput)
    #: Why nothing is published from the count any more.
    stopped: NightClosed | PollPostponed | None = None

    def __init__(self, data: Any = None, files: Any = None, **options: Any) -> None:
        options.setdefault("auto_id", f"id_{self.id_prefix}%s")
        super().__init__(data, files, **options)

    def clean_key(self) -> str:
        return self.cleaned_data["key"] or uuid.uuid4().hex

    @property
    def sent_at(self) -> datetime:
        """When the reporter pressed the button, by the server's clock."""
        longest = int(LONGEST_WAIT.total_seconds())
        # Bounded before it becomes a timedelta, which does not hold every integer.
        waited = min(max(self.cleaned_data.get("waited") or 0, 0), longest)
        return timezone.now() - timedelta(seconds=waited)

    def refuse_reused_key(self, refusal: IdempotencyKeyReused) -> None:
        """Show the error, and give the form that is shown again a key that can be sent."""
        self.add_error(None, str(refusal))
        data: Any = self.data
        data = data.copy()
        data["key"] = uuid.uuid4().hex
        self.data = data


class TakeBackForm(forms.Form):
    """The key of what the phone takes back: without one there is nothing to take back."""

    key = forms.CharField(max_length=64)


class RevisionForm(SubmissionForm):
    """Base of the forms about a result, with the revision that the form was opened at."""

    base_revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class ResultForm(BallotPaperMixin, RevisionForm):
    """Every candidate's votes in ballot-paper order, and what else was read out.

    Where the votes take back what is published, `reason` is what readers are told, and
    `takes_back` the tick without which it counts for nothing. With `incomplete` some votes may be
    left empty: they are sent as incomplete, and elect nobody.
    """

    #: Names of the fields that follow the votes, and of those that are folded away below them.
    other: ClassVar[tuple[str, ...]] = (
        "rejected",
        "electorate",
        "turnout_announced",
        "declared_at",
    )
    further: ClassVar[tuple[str, ...]] = ("valid_announced", "papers", "source")

    rejected = CountField(label=_("Rejected ballots"), required=False)
    electorate = CountField(label=_("Electorate"), required=False)
    turnout_announced = PercentageField(label=_("Turnout as announced"), required=False)
    valid_announced = CountField(label=_("Total valid votes as announced"), required=False)
    papers = CountField(label=_("Ballot papers at verification"), required=False)
    recount = forms.BooleanField(label=_("After a recount"), required=False)
    source = VisibleTextField(label=_("Where you have it from"), required=False, max_length=200)
    warning_reason = VisibleTextField(
        label=_("Why is it right all the same?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    reason = VisibleTextField(required=False, max_length=1000)
    takes_back = forms.BooleanField(required=False)
    #: Whether they were shown what somebody else published, and send theirs to follow it.
    follows = forms.BooleanField(required=False)
    incomplete = forms.BooleanField(required=False)

    def __init__(self, seat: Seat, data: Any = None, **options: Any) -> None:
        self.seat = seat
        super().__init__(data, **options)
        voted_for = {candidacy.id for candidacy in seat.voted_for}
        everybody = [candidate for candidate, _party_name in seat.candidates]
        self.candidates = [candidate for candidate in everybody if candidate.pk in voted_for]
        self.fields = vote_fields(seat, self.candidates) | self.fields
        for candidate_id, text in last_time_texts(seat).items():
            self.fields[f"votes-{candidate_id}"].widget.attrs["last_time"] = text
        if "incomplete" in self.data and self.may_be_incomplete:
            for candidate in self.candidates:
                self.fields[f"votes-{candidate.pk}"].required = False
        if seat.as_declared:
            self.fields |= declared_fields(seat)
        if not seat.has_result:
            self.fields["declared_at"] = TimeOfNightField(
                seat.contest.election, label=_("Read out at"), help_text=_("Empty: just now.")
            )
        record = seat.contest.electorate
        if record and not seat.standing.verified_electorate:
            on_record = gettext("On record: %(electorate)s.") % {"electorate": grouped(record)}
            self.fields["electorate"].help_text = on_record
        self.fields["lot"] = forms.MultipleChoiceField(
            label=_("Drawn by lot"),
            required=False,
            choices=[(str(pk), self.fields[f"votes-{pk}"].label) for pk in sorted(voted_for)],
            widget=forms.CheckboxSelectMultiple,
        )
        self.add_ballot_paper(seat.candidate_names)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self.require_same_candidates()
        if self.seat.as_declared:
            for field, error in errors_of_declared(self.seat, data):
                self.add_error(field, error)
        return data

    # --- Some totals ------------------------------------------------------------------------

    @property
    def may_be_incomplete(self) -> bool:
        """Whether some totals can be published here, before there is a result."""
        return not (self.seat.has_result or self.seat.as_declared)

    @property
    def missing(self) -> list[str]:
        """The candidates, or lists, whose votes are left empty."""
        return [str(field.label) for field in self.votes_fields if not field.value()]

    @property
    def offers_incomplete(self) -> bool:
        """Whether nothing is wrong but that some votes, and not all, are left empty."""
        votes = {f"votes-{candidate.pk}" for candidate in self.candidates}
        blank = len(self.missing)
        return (
            self.may_be_incomplete
            and 0 < blank < len(votes)
            and len(self.errors) == blank
            and set(self.errors) <= votes
        )

    @property
    def is_incomplete(self) -> bool:
        """Whether a valid form is sent as some totals, of which some are missing."""
        data = self.cleaned_data
        return self.may_be_incomplete and data["incomplete"] and bool(self.missing)

    @property
    def declared_rows(self) -> list[DeclaredRow]:
        """A row for each candidate who may be declared elected."""
        return declared_rows(self, self.candidates)

    @property
    def first_preferences_open(self) -> bool:
        """Whether a first preference is known, or has an error."""
        return any(field.value() or field.errors for field in self.votes_fields)

    @property
    def votes_fields(self) -> list[forms.BoundField]:
        return [self[f"votes-{candidate.pk}"] for candidate in self.candidates]

    @property
    def other_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.other if name in self.fields]

    @property
    def further_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.further]

    @property
    def further_is_open(self) -> bool:
        """Whether a field that is folded away has an error."""
        return any(name in self.errors for name in (*self.further, "recount"))

    @property
    def ties(self) -> bool:
        """Whether the box for a lot should be shown."""
        return bool(_values(self.data, "lot") or self.initial.get("lot") or "lot" in self.errors)

    def ballot_counts(self) -> BallotCounts:
        """Return the counts of a valid form."""
        data = self.cleaned_data
        return BallotCounts(
            votes={candidate.pk: data[f"votes-{candidate.pk}"] for candidate in self.candidates},
            rejected=data["rejected"],
            electorate=data["electorate"],
            turnout_announced=data["turnout_announced"],
            valid_announced=data["valid_announced"],
            papers=data["papers"],
            lot=tuple(int(candidate) for candidate in data["lot"]),
            **(declared_counts(data) if self.seat.as_declared else {}),
        )

    @property
    def as_typed(self) -> list[tuple[str, str]]:
        """Every field's text as it was typed, for hidden inputs of the next page."""
        hidden = {"key", "waited", "knows_closed", "warning_reason", "reason", "takes_back"}
        names = [name for name in self.fields if name not in hidden and name in self.data]
        return [(name, value) for name in names for value in _values(self.data, name)]


def _choices(seat: Seat) -> list[tuple[str, str]]:
    return [(str(pk), name) for pk, name in told_apart(seat.candidates).items()]


def _values(data: Any, name: str) -> list[str]:
    """Every value sent under a name, of a QueryDict or of an unbound form's empty dict."""
    return list(data.getlist(name)) if hasattr(data, "getlist") else []


class WinnerOnlyForm(BallotPaperMixin, RevisionForm):
    """Who is elected, before the votes are known."""

    id_prefix = "flash_"

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
        field.choices = _choices(seat)
        self.add_ballot_paper(seat.candidate_names)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self.require_same_candidates()
        return data

    @property
    def seats(self) -> int:
        """How many are to be chosen."""
        return min(self.seat.contest.seats, len(self.seat.candidates))

    @property
    def chosen(self) -> list[str]:
        """The values that were ticked, to be ticked again."""
        return _values(self.data, "winners")

    @property
    def wrong_number(self) -> str:
        """What is said where another number is chosen."""
        return gettext("%(seats)s to be elected here: choose %(seats)s.") % {"seats": self.seats}

    def clean_winners(self) -> list[int]:
        winners = [int(candidate) for candidate in self.cleaned_data["winners"]]
        if len(winners) != self.seats:
            raise forms.ValidationError(self.wrong_number)
        return winners


#: An omission in a quote, however it is typed. A full stop before it is the speaker's own.
OMISSION = re.compile(r"\s*[\[(]\s*(?:\.{2,}|…)\s*[\])]\s*|\s*(?:\.{3,}|…)\s*")


class QuoteForm(BallotPaperMixin, SubmissionForm):
    """A quote. Typed quotation marks are removed: pages set their own."""

    id_prefix = "quote_"

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
        field.choices = [("", _("Someone else")), *_choices(seat)]
        self.add_ballot_paper(seat.candidate_names)

    def clean_words(self) -> str:
        words: str = self.cleaned_data["words"]
        ends = words[:1] + words[-1:]
        if len(words) > 1 and ends in ("“”", '""', "‘’", "''"):
            words = clean_text(words[1:-1])
        if not words:
            raise forms.ValidationError(self.fields["words"].error_messages["required"])
        return OMISSION.sub(" […] ", words).strip()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("candidate") and not data.get("speaker"):
            self.add_error("speaker", _("Say who said it."))
        if "candidate" in self.errors:
            self.follow_ballot_paper()
        return data

    @property
    def speaker_change(self) -> BallotPaperChange:
        """How the chosen candidate's name has changed since the form was opened."""
        chosen, shown = self.cleaned_data.get("candidate"), self.shown_names or {}
        names = {pk: name for pk, name in shown.items() if str(pk) == chosen}
        current = {pk: name for pk, name in self.current_names.items() if pk in names}
        return BallotPaperChange.between(names, current)


class VerificationForm(SubmissionForm):
    """What was announced at verification, and when the declaration is expected."""

    id_prefix = "count_"

    papers = CountField(label=_("Ballot papers verified"), required=False)
    electorate = CountField(label=_("Electorate"), required=False)
    turnout = PercentageField(label=_("Turnout as announced"), required=False)

    def __init__(self, seat: Seat, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["expected_at"] = TimeOfNightField(
            seat.contest.election, in_future=True, label=_("Declaration expected about")
        )

    @property
    def number_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("papers", "electorate", "turnout", "expected_at")]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and all(data.get(field.name) is None for field in self.number_fields):
            raise forms.ValidationError(_("Fill in what has been announced."))
        return data


class CorrectionRequestForm(ResultForm):
    """A request to the editors to correct a published result, which reporters cannot change.

    It shows every figure: one that was left out would be asked to be removed.
    """

    id_prefix = "ask_"
    other = (*ResultForm.other, "valid_announced", "papers")
    further = ()

    reason = VisibleTextField(
        label=_("What is wrong, and how do you know?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say how you know: the desk answers for it.")},
    )
