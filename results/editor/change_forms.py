"""The forms of a correction and a withdrawal: figures as typed, and why they change."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from results.arithmetic import BallotCounts, ValidationMessage
from results.editor.fields import MOMENT, MomentField
from results.editor.idempotency import KeyField, new_key
from results.forms import CountField, PercentageField, VisibleTextField
from results.live.seat import Seat
from results.models import Candidate, Declaration
from results.words.number_format import grouped
from results.words.validation_messages import message_text


@dataclass(frozen=True, slots=True)
class FormRow:
    """One figure: its name, as it is published, and the field to type it in."""

    name: str
    detail: str
    published: str
    field: forms.BoundField

    @property
    def changed(self) -> bool:
        return self.field.form.is_bound and self.field.name in self.field.form.changed_data


class ChangeForm(forms.Form):
    """Why a published result changes, and what it was when the form was opened."""

    reason = VisibleTextField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60}),
        help_text=_("Shown to readers beside what changes, and on the corrections page."),
        max_length=1000,
    )
    blame = forms.ChoiceField(
        label=_("Whose mistake"),
        choices=Declaration.Blame.choices,
        initial=Declaration.Blame.OURS,
        widget=forms.RadioSelect,
    )
    note = VisibleTextField(
        label=_("Note for the desk"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60}),
        help_text=_("Never shown to readers."),
        max_length=2000,
    )
    base_revision = forms.IntegerField(widget=forms.HiddenInput)
    key = KeyField()

    why = ("reason", "blame", "note")

    kind: ClassVar[Declaration.Kind]

    def __init__(self, seat: Seat, data: Any = None) -> None:
        initial = {"base_revision": seat.standing.revision}
        super().__init__(data, initial=initial, label_suffix="")
        self.seat = seat
        self.warnings: list[str] = []

    @property
    def ballot_counts(self) -> BallotCounts | None:
        """The counts to publish; None for a withdrawal."""
        return None

    @property
    def reasons(self) -> list[forms.BoundField]:
        return [self[name] for name in self.why if name in self.fields]

    def show(self, messages: tuple[ValidationMessage, ...], *, as_warnings: bool) -> None:
        """Put each finding where it belongs: beside its field, or with what needs a reason."""
        for message in messages:
            if as_warnings:
                self.warnings.append(message_text(message))
            else:
                field = message.field if message.field in self.fields else None
                self.add_error(field, message_text(message))
        if as_warnings:
            self.add_error("warning_reason", _("Say why, or correct the figures."))

    def rebase(self) -> None:
        """Go on from what is published now, with everything typed kept and nothing answered yet."""
        data: Any = self.data
        data = data.copy()
        data["base_revision"], data["key"] = str(self.seat.standing.revision), new_key()
        self.data = data


class WithdrawalForm(ChangeForm):
    kind = Declaration.Kind.WITHDRAWAL


class CorrectionForm(ChangeForm):
    """Every published figure in a field of its own, in the order of the ballot paper."""

    kind = Declaration.Kind.CORRECTION

    rejected = CountField(label=_("Rejected ballots"), required=False)
    electorate = CountField(label=_("Electorate"), required=False)
    turnout_announced = PercentageField(label=_("Turnout as announced, %"), required=False)
    declared_at = MomentField(label=_("Declared at"), required=False)
    valid_announced = CountField(label=_("Valid votes as announced"), required=False)
    papers = CountField(label=_("Ballot papers at verification"), required=False)
    warning_reason = VisibleTextField(
        label=_("Why these figures are right"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60}),
        help_text=_("For the record, not for readers."),
        max_length=1000,
    )

    usual = ("rejected", "electorate", "turnout_announced", "declared_at")
    rare = ("papers", "valid_announced")

    def __init__(self, seat: Seat, data: Any = None) -> None:
        super().__init__(seat, data)
        assert seat.declaration is not None
        self.declaration: Declaration = seat.declaration
        self.published = self.declaration.ballot_counts
        self.candidates = list(seat.contest.candidates.all())
        for candidate in self.candidates:
            self._add_votes(candidate)
        choices = [(one.pk, one.name) for one in self.candidates]
        self.fields["lot"] = self._choice(_("Drawn by lot after a tie"), choices)
        self.initial["lot"] = list(self.published.lot)
        if not self.published.complete:
            self.fields["winners"] = self._choice(_("Announced as elected"), choices)
            self.initial["winners"] = list(self.published.winners)
        self._prefill()

    def _add_votes(self, candidate: Candidate) -> None:
        name = f"votes-{candidate.pk}"
        # Where only a winner was published, what is not known yet stays empty.
        self.fields[name] = CountField(label=candidate.name, required=self.published.complete)
        self.initial[name] = _printed(self.published.votes.get(candidate.pk))

    def _choice(self, label: Any, choices: list[tuple[int, str]]) -> forms.Field:
        return forms.TypedMultipleChoiceField(
            label=label,
            choices=choices,
            coerce=int,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )

    def _prefill(self) -> None:
        for name in ("rejected", "electorate", "valid_announced", "papers"):
            self.initial[name] = _printed(getattr(self.published, name))
        announced = self.published.turnout_announced
        self.initial["turnout_announced"] = (
            "" if announced is None else f"{announced.normalize():f}"
        )
        self.initial["declared_at"] = self.declaration.declared_at

    def with_ballot_counts(self, ballot_counts: BallotCounts, reason: str) -> QueryDict:
        """What the browser would send of other figures: asked for, or an earlier revision's."""
        data = QueryDict(mutable=True)
        for candidate, votes in ballot_counts.votes.items():
            data[f"votes-{candidate}"] = _printed(votes)
        for name in ("rejected", "electorate", "valid_announced", "papers"):
            data[name] = _printed(getattr(ballot_counts, name))
        announced = ballot_counts.turnout_announced
        data["turnout_announced"] = "" if announced is None else f"{announced.normalize():f}"
        data.setlist("lot", [str(one) for one in ballot_counts.lot])
        at = self.declaration.declared_at
        data["declared_at"] = localtime(at).strftime(MOMENT) if at else ""
        data["reason"], data["blame"] = reason, str(Declaration.Blame.OURS)
        data["base_revision"], data["key"] = str(self.seat.standing.revision), new_key()
        return data

    # --- What the page shows ------------------------------------------------------------------

    @property
    def vote_lines(self) -> list[FormRow]:
        return [
            FormRow(
                candidate.name,
                candidate.description or self.seat.party_names[candidate.label].name,
                _printed(self.published.votes.get(candidate.pk)),
                self[f"votes-{candidate.pk}"],
            )
            for candidate in self.candidates
        ]

    @property
    def usual_lines(self) -> list[FormRow]:
        return list(self._lines(self.usual))

    @property
    def rare_lines(self) -> list[FormRow]:
        return list(self._lines(self.rare))

    def _lines(self, names: tuple[str, ...]) -> Iterator[FormRow]:
        for name in names:
            published = self.initial[name]
            if isinstance(published, datetime):
                published = localtime(published).strftime(MOMENT)
            elif published and name == "turnout_announced":
                published = f"{published}%"
            yield FormRow(str(self.fields[name].label), "", published or "", self[name])

    @property
    def published_sum(self) -> int:
        return sum(votes or 0 for votes in self.published.votes.values())

    @property
    def rare_is_open(self) -> bool:
        """Whether anything in the folded part is filled in or faulty."""
        return any(self.initial.get(name) or self.errors.get(name) for name in self.rare)

    @property
    def lot_is_needed(self) -> bool:
        """Only where a tie is published, or the figures typed make one."""
        return bool(self["lot"].value() or self["lot"].errors)

    # --- What was typed -----------------------------------------------------------------------

    def clean_declared_at(self) -> datetime | None:
        typed: datetime | None = self.cleaned_data["declared_at"]
        if typed is None and self.declaration.declared_at is not None:
            raise forms.ValidationError(_("Give the time at which it was read out."))
        return typed if "declared_at" in self.changed_data else None

    @property
    def ballot_counts(self) -> BallotCounts:
        typed = self.cleaned_data
        votes = {one.pk: typed[f"votes-{one.pk}"] for one in self.candidates}
        ballot_counts = BallotCounts(
            votes=votes,
            rejected=typed["rejected"],
            electorate=typed["electorate"],
            turnout_announced=typed["turnout_announced"],
            valid_announced=typed["valid_announced"],
            papers=typed["papers"],
            lot=tuple(typed["lot"]),
            winners=tuple(typed.get("winners", ())),
        )
        # Once every vote is known, the votes say who has won.
        return ballot_counts if not ballot_counts.complete else _without_winners(ballot_counts)


def _printed(count: int | None) -> str:
    return "" if count is None else grouped(count)


def _without_winners(ballot_counts: BallotCounts) -> BallotCounts:
    return replace(ballot_counts, winners=())
