"""Forms that a reporter fills in at a count."""

import uuid
from datetime import datetime, timedelta
from typing import Any, ClassVar, NamedTuple

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from results.arithmetic import BallotCounts
from results.desk.errors import IdempotencyKeyReused, NightClosed, PollPostponed
from results.desk.ties import tied_candidates
from results.forms import (
    BallotPaperMixin,
    CountField,
    LotMixin,
    PercentageField,
    TimeOfNightField,
    ValidationMessagesMixin,
    VisibleTextField,
)
from results.live.candidate_names import told_apart
from results.live.seat import Seat
from results.models.text_limits import LONGEST_NAME, LONGEST_REASON
from results.reporter.declared import (
    DeclaredRow,
    declared_counts,
    declared_fields,
    declared_rows,
    errors_of_declared,
    vote_fields,
)
from results.reporter.last_time import last_time_texts
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
    #: Whether to send it although the night is closed, for the desk to decide.
    knows_closed = forms.BooleanField(required=False, widget=forms.HiddenInput)
    #: Why nothing is published from the count any more.
    stopped: NightClosed | PollPostponed | None = None

    def __init__(self, data: Any = None, files: Any = None, **options: Any) -> None:
        options.setdefault("auto_id", f"id_{self.id_prefix}%s")
        super().__init__(data, files, **options)
        for field in self.fields.values():
            if isinstance(field, VisibleTextField) and isinstance(field.widget, forms.Textarea):
                field.widget.attrs |= field.phone_attrs

    def clean_key(self) -> str:
        return self.cleaned_data["key"] or uuid.uuid4().hex

    @property
    def sent_at(self) -> datetime:
        """The time at which the reporter pressed the button, by the server's clock."""
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
    """The idempotency key of the submission that the phone takes back."""

    key = forms.CharField(max_length=64)


class RevisionForm(SubmissionForm):
    """Base of the forms about a result, with the revision that the form was opened at."""

    base_revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class ResultForm(BallotPaperMixin, LotMixin, RevisionForm):
    """Votes of each candidate in ballot-paper order, and what else was read out.

    Where the votes take back what is published, `reason` is what readers are told, and the tick
    `takes_back` confirms it; without the tick, the reason is ignored. With `incomplete` some votes
    may be left empty: they are sent as incomplete, and elect nobody.
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
    source = VisibleTextField(
        label=_("Where you have it from"), required=False, max_length=LONGEST_NAME
    )
    warning_reason = VisibleTextField(
        label=_("Why is it right all the same?"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    #: Codes of the warnings that the reason is given for, as `seen_codes` has them.
    seen_warnings = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)
    reason = VisibleTextField(required=False, max_length=LONGEST_REASON)
    takes_back = forms.BooleanField(required=False)
    #: Whether the reporter was shown another person's result, and sends this to follow it.
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
                seat.contest.election,
                typed_at=lambda: self.sent_at,
                label=_("Read out at"),
                help_text=_("Empty: just now."),
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
        """Whether to show the box for a lot."""
        return bool(_values(self.data, "lot") or self.initial.get("lot") or "lot" in self.errors)

    @property
    def lot_boxes(self) -> forms.BoundField:
        votes = BallotCounts(votes=self.votes_in_fields())
        return self.lot_between(tied_candidates(self.seat, votes))

    @property
    def seen_codes(self) -> frozenset[str] | None:
        """The warnings that were shown when the reason was given; None where the page has none."""
        seen = self.cleaned_data["seen_warnings"]
        return frozenset(seen.split(",")) if seen else None

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
    def as_typed(self) -> list["Typed"]:
        """The text of each field as it was typed, for hidden inputs of the next page."""
        hidden = {"key", "waited", "knows_closed", "reason", "takes_back"}
        hidden |= {"warning_reason", "seen_warnings"}
        names = [name for name in self.fields if name not in hidden and name in self.data]
        return [self._typed(name, value) for name in names for value in _values(self.data, name)]

    def _typed(self, name: str, value: str) -> "Typed":
        field = self.fields[name]
        if not value or name not in _NOT_IN_STATEMENT:
            return Typed(name, value)
        if isinstance(field, forms.BooleanField):
            return Typed(name, value, text=str(field.label))
        drawn = self.fields.get(f"votes-{value}") if name == "lot" else None
        return Typed(name, value, str(field.label), str(drawn.label) if drawn else value)


#: Fields that a statement shows nowhere, or only as part of a sum.
_NOT_IN_STATEMENT = {*ResultForm.other, *ResultForm.further, "recount", "lot", "quota"}


class Typed(NamedTuple):
    """What was typed into a field, and as people read it where no statement shows it."""

    name: str
    value: str
    label: str = ""
    text: str = ""


def candidate_choices(seat: Seat) -> list[tuple[str, str]]:
    """The ballot paper as choices of a field: `(value, name)`."""
    return [(str(pk), name) for pk, name in told_apart(seat.candidates).items()]


def _values(data: Any, name: str) -> list[str]:
    """Values sent under a name; empty for the data of an unbound form."""
    return list(data.getlist(name)) if hasattr(data, "getlist") else []


class WinnerOnlyForm(BallotPaperMixin, RevisionForm):
    """Form of who is elected, before the votes are known."""

    id_prefix = "winner_"

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
        field.choices = candidate_choices(seat)
        self.add_ballot_paper(seat.candidate_names)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self.require_same_candidates()
        return data

    @property
    def seats(self) -> int:
        """The number of candidates to choose."""
        return min(self.seat.contest.seats, len(self.seat.candidates))

    @property
    def chosen(self) -> list[str]:
        """The values that were ticked, to be ticked again."""
        return _values(self.data, "winners")

    @property
    def wrong_number(self) -> str:
        """The error message for another number of candidates."""
        return gettext("%(seats)s to be elected here: choose %(seats)s.") % {"seats": self.seats}

    def clean_winners(self) -> list[int]:
        winners = [int(candidate) for candidate in self.cleaned_data["winners"]]
        if len(winners) != self.seats:
            raise forms.ValidationError(self.wrong_number)
        return winners


class VerificationForm(SubmissionForm):
    """Form of what was announced at verification, and of the expected time of the declaration."""

    id_prefix = "count_"

    papers = CountField(label=_("Ballot papers verified"), required=False)
    electorate = CountField(label=_("Electorate"), required=False)
    turnout = PercentageField(label=_("Turnout as announced"), required=False)

    def __init__(self, seat: Seat, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["expected_at"] = TimeOfNightField(
            seat.contest.election,
            in_future=True,
            typed_at=lambda: self.sent_at,
            label=_("Declaration expected about"),
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

    It shows every figure, because a figure left out would mean a request to remove it.
    """

    id_prefix = "ask_"
    other = (*ResultForm.other, "valid_announced", "papers")
    further = ()

    reason = VisibleTextField(
        label=_("What is wrong, and how do you know?"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say how you know: the desk answers for it.")},
    )
