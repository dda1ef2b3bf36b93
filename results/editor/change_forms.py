"""Forms of a correction and a withdrawal of a published result."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from django import forms
from django.contrib.auth.models import User
from django.http import QueryDict
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from results.arithmetic import BallotCounts, ValidationMessage
from results.desk import RevisionRequest
from results.desk.checks import check
from results.desk.reversals import CODES as REVERSALS
from results.editor.annotations import CleanedData
from results.editor.fields import MOMENT, MomentField, set_night
from results.editor.idempotency import KeyField, new_key
from results.editor.lots import LotBoxesMixin
from results.forms import (
    BallotPaperMixin,
    CountField,
    PercentageField,
    StageField,
    ValidationMessagesMixin,
    VisibleTextField,
)
from results.live.lists import list_name
from results.live.seat import Seat
from results.models import Candidate, Declaration
from results.models.text_limits import LONGEST_NOTE, LONGEST_REASON
from results.words.ballot_papers import names_to_text
from results.words.number_format import grouped
from results.words.validation_messages import message_text


@dataclass(frozen=True, slots=True)
class FormRow:
    """One row of the correction form: a number's name, its published value and its field."""

    name: str
    detail: str
    published: str
    field: forms.BoundField

    @property
    def changed(self) -> bool:
        return self.field.form.is_bound and self.field.name in self.field.form.changed_data


class ChangeForm(ValidationMessagesMixin, forms.Form):
    """Base of both forms: the reason, and the revision that the form was opened at."""

    reason = VisibleTextField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60}),
        help_text=_("Shown to readers beside what changes, and on the corrections page."),
        max_length=LONGEST_REASON,
        error_messages={"required": _("Say why: readers see it beside what changes.")},
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
        max_length=LONGEST_NOTE,
    )
    base_revision = forms.IntegerField(widget=forms.HiddenInput)
    key = KeyField()

    kind: ClassVar[Declaration.Kind]

    def __init__(self, seat: Seat, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"base_revision": seat.standing.revision}, label_suffix="")
        self.seat = seat
        self.warnings: list[str] = []

    @property
    def ballot_counts(self) -> BallotCounts | None:
        """The counts to publish; None for a withdrawal."""
        return None

    def request(
        self, *, by: User, idempotency_key: str, asked_by: User | None = None
    ) -> RevisionRequest:
        """The request of a valid form; `ballot_counts` are what it publishes."""
        data = self.cleaned_data
        return RevisionRequest(
            kind=self.kind,
            by=by,
            idempotency_key=idempotency_key,
            base_revision=data["base_revision"],
            declared_at=data.get("declared_at"),
            reason=data["reason"],
            blame=data["blame"],
            note=data["note"],
            warning_reason=data.get("warning_reason", ""),
            asked_by=asked_by,
        )

    @property
    def reasons(self) -> list[forms.BoundField]:
        return [self[name] for name in ("reason", "blame", "note")]

    def expect_reason(self) -> None:
        """Put the cursor where the reason is still missing, which is no error yet."""
        if not self["reason"].value():
            self.errors.pop("reason", None)
            self.fields["reason"].widget.attrs["autofocus"] = True

    def add_warnings(self, messages: Iterable[ValidationMessage]) -> None:
        """Show warnings, which the form accepts with a reason."""
        self.warnings += [message_text(message) for message in messages]
        self.add_error("warning_reason", _("Say why, or correct the figures."))

    def rebase(self) -> None:
        """Keep everything typed, as a new request that follows what is published now."""
        assert isinstance(self.data, QueryDict)
        data = self.data.copy()
        data["base_revision"], data["key"] = str(self.seat.standing.revision), new_key()
        self.data = data


class WithdrawalForm(ChangeForm):
    kind = Declaration.Kind.WITHDRAWAL


class CorrectionForm(BallotPaperMixin, LotBoxesMixin, ChangeForm):
    """Form of a correction: every published number in a field of its own, votes in ballot order."""

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
        max_length=LONGEST_REASON,
    )

    usual: tuple[str, ...] = ("rejected", "electorate", "turnout_announced", "declared_at")
    rare = ("papers", "valid_announced")
    #: Of a single transferable vote.
    stages: tuple[str, ...] = ()

    def __init__(self, seat: Seat, data: QueryDict | None = None) -> None:
        super().__init__(seat, data)
        assert seat.declaration is not None
        self.declaration: Declaration = seat.declaration
        field, stored = self.fields["declared_at"], self.declaration.declared_at
        set_night(field, seat.contest.election, expected=False, stored=stored)
        self.published = self.declaration.ballot_counts
        everybody = list(seat.contest.candidates.all())
        voted_for = {candidacy.id for candidacy in seat.voted_for}
        self.candidates = [candidate for candidate in everybody if candidate.pk in voted_for]
        for candidate in self.candidates:
            # Votes may stay unknown where only the winner is published.
            self.fields[f"votes-{candidate.pk}"] = CountField(
                label=self._name(candidate),
                required=self.published.complete and not seat.as_declared,
            )
        choices = [(candidate.pk, self._name(candidate)) for candidate in self.candidates]
        self.fields["lot"] = self._choice(_("Drawn by lot after a tie"), choices)
        self.initial["lot"] = list(self.published.lot)
        if seat.as_declared:
            self._add_stages(everybody)
        if seat.as_declared or not self.published.complete:
            choices = [(candidate.pk, candidate.name) for candidate in everybody]
            self.fields["winners"] = self._choice(_("Announced as elected"), choices)
            self.initial["winners"] = list(self.published.winners)
        self.initial.update(_printed_counts(self.published))
        self.initial["declared_at"] = self.declaration.declared_at
        self.add_ballot_paper(seat.candidate_names)

    def _name(self, candidate: Candidate) -> str:
        """The name of the candidate, or of the list, that the votes are for."""
        return list_name(self.seat, candidate) if self.seat.has_lists else candidate.name

    def _add_stages(self, candidates: Iterable[Candidate]) -> None:
        """Add a field for the stage of each candidate's election, and one for the quota."""
        self.fields["quota"] = CountField(label=_("Quota"), required=False)
        self.initial["quota"] = _printed(self.published.quota)
        self.usual = (*self.usual, "quota")
        stages = self.published.stages or {}
        for candidate in candidates:
            name = f"stage-{candidate.pk}"
            label = _("%(name)s elected at stage") % {"name": candidate.name}
            self.fields[name] = StageField(label=label, required=False)
            self.initial[name] = _printed(stages.get(candidate.pk))
            self.stages = (*self.stages, name)

    def clean(self) -> CleanedData:
        data = super().clean() or self.cleaned_data
        self.require_same_candidates()
        return data

    def request(
        self, *, by: User, idempotency_key: str, asked_by: User | None = None
    ) -> RevisionRequest:
        request = super().request(by=by, idempotency_key=idempotency_key, asked_by=asked_by)
        return replace(request, names=self.shown_names)

    def _choice(self, label: StrOrPromise, choices: list[tuple[int, str]]) -> forms.Field:
        return forms.TypedMultipleChoiceField(
            label=label,
            choices=choices,
            coerce=int,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )

    def with_ballot_counts(
        self, ballot_counts: BallotCounts, reason: str, declared_at: datetime | None = None
    ) -> QueryDict:
        """Return the form's data as a browser would send it, with these counts filled in.

        Without `declared_at` it has the published time.
        """
        data = QueryDict(mutable=True)
        data.update(_printed_counts(ballot_counts))
        data.setlist("lot", [str(candidate) for candidate in ballot_counts.lot])
        if self.seat.as_declared:
            data.setlist("winners", [str(candidate) for candidate in ballot_counts.winners])
            data["quota"] = _printed(ballot_counts.quota)
            for candidate, stage in (ballot_counts.stages or {}).items():
                data[f"stage-{candidate}"] = _printed(stage)
        at = declared_at or self.declaration.declared_at
        data["declared_at"] = localtime(at).strftime(MOMENT) if at else ""
        data[self.shown] = names_to_text(self.current_names)
        data["reason"], data["blame"] = reason, str(Declaration.Blame.OURS)
        data["base_revision"], data["key"] = str(self.seat.standing.revision), new_key()
        data["warning_reason"] = self._reason_given(ballot_counts)
        return data

    def _reason_given(self, ballot_counts: BallotCounts) -> str:
        """Return the published result's reason if it answers every warning about these counts."""
        answered = {(warning["code"], warning["field"]) for warning in self.declaration.warnings}
        asked = {
            (message.code, message.field)
            for message in check(self.seat, ballot_counts)
            if message.asks and message.code not in REVERSALS
        }
        return self.declaration.warning_reason if asked and asked <= answered else ""

    # --- For the template ---------------------------------------------------------------------

    @property
    def vote_rows(self) -> list[FormRow]:
        return [
            FormRow(
                self._name(candidate),
                candidate.description or self.seat.party_names[candidate.label].name,
                _printed(self.published.votes.get(candidate.pk)),
                self[f"votes-{candidate.pk}"],
            )
            for candidate in self.candidates
        ]

    @property
    def usual_rows(self) -> list[FormRow]:
        return list(self._rows(self.usual))

    @property
    def stage_rows(self) -> list[FormRow]:
        return list(self._rows(self.stages))

    @property
    def rare_rows(self) -> list[FormRow]:
        return list(self._rows(self.rare))

    def _rows(self, names: tuple[str, ...]) -> Iterator[FormRow]:
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
        """Whether a field of the collapsed part has a value or an error."""
        return any(self.initial.get(name) or self.errors.get(name) for name in self.rare)

    # --- Cleaned values -----------------------------------------------------------------------

    def clean_declared_at(self) -> datetime | None:
        at: datetime | None = self.cleaned_data["declared_at"]
        if at is None and self.declaration.declared_at is not None:
            raise forms.ValidationError(_("Give the time at which it was read out."))
        # Against the revision that the form was opened at: a repeated form asks for the same.
        typed = self["declared_at"].data
        retimed = self.fields["declared_at"].has_changed(self._opened_at().declared_at, typed)
        return at if retimed else None

    def _opened_at(self) -> Declaration:
        """The revision that the form was opened at."""
        revision = self.cleaned_data.get("base_revision", 0)
        if revision == self.declaration.revision:
            return self.declaration
        revisions = Declaration.objects.filter(contest=self.seat.contest, revision=revision)
        return revisions.first() or self.declaration

    @property
    def ballot_counts(self) -> BallotCounts:
        data = self.cleaned_data
        votes = {candidate.pk: data[f"votes-{candidate.pk}"] for candidate in self.candidates}
        # Once every candidate's votes are known, they say who won.
        complete = all(total is not None for total in votes.values())
        declared = self.seat.as_declared
        stages = {int(name.removeprefix("stage-")): data[name] for name in self.stages}
        return BallotCounts(
            votes=votes,
            rejected=data["rejected"],
            electorate=data["electorate"],
            turnout_announced=data["turnout_announced"],
            valid_announced=data["valid_announced"],
            papers=data["papers"],
            lot=tuple(data["lot"]),
            winners=() if complete and not declared else tuple(data.get("winners", ())),
            stages={pk: stage for pk, stage in stages.items() if stage} or None,
            quota=data.get("quota"),
        )


def _printed_counts(ballot_counts: BallotCounts) -> dict[str, str]:
    """Return numbers by field name, as the form shows them."""
    votes = {f"votes-{pk}": _printed(total) for pk, total in ballot_counts.votes.items()}
    names = ("rejected", "electorate", "valid_announced", "papers")
    others = {name: _printed(getattr(ballot_counts, name)) for name in names}
    announced = ballot_counts.turnout_announced
    turnout = "" if announced is None else f"{announced.normalize():f}"
    return {**votes, **others, "turnout_announced": turnout}


def _printed(count: int | None) -> str:
    return "" if count is None else grouped(count)
