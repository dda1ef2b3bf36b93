"""The form in which an editor declares a result by telephone.

It asks for the same figures as a reporter's phone, with the same checks.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from django import forms
from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy
from django_stubs_ext import StrOrPromise

from results.arithmetic import BallotCounts
from results.desk import RevisionRequest
from results.editor.annotations import CleanedData, FormData
from results.editor.lots import LotBoxesMixin
from results.forms import (
    BallotPaperMixin,
    CountField,
    PercentageField,
    StageField,
    TimeOfNightField,
    ValidationMessagesMixin,
    VisibleTextField,
)
from results.live.candidate_names import told_apart
from results.live.lists import list_name
from results.live.seat import Seat
from results.models import Declaration
from results.models.text_limits import LONGEST_NAME, LONGEST_REASON


@dataclass(frozen=True, slots=True)
class NumberRow:
    """One row of the form: a name and the field of its number; for a candidate, also the tick."""

    name: str
    detail: str
    field: forms.BoundField
    candidate: int = 0
    elected: bool = False
    stage: forms.BoundField | None = None


class DeclarationForm(BallotPaperMixin, LotBoxesMixin, ValidationMessagesMixin, forms.Form):
    """Votes of each candidate, or only who is elected, and what else was read out.

    Where a winner is published already, the votes complete it: what takes that back needs a
    `reason` for readers and the tick of `takes_back`.
    """

    others: ClassVar[tuple[str, ...]] = ("rejected", "electorate", "turnout_announced")
    further: ClassVar[tuple[str, ...]] = ("valid_announced", "papers")

    rejected = CountField(label=gettext_lazy("Rejected ballots"), required=False)
    electorate = CountField(label=gettext_lazy("Electorate"), required=False)
    turnout_announced = PercentageField(
        label=gettext_lazy("Turnout as announced, %"), required=False
    )
    valid_announced = CountField(label=gettext_lazy("Valid votes as announced"), required=False)
    papers = CountField(label=gettext_lazy("Ballot papers at verification"), required=False)
    incomplete = forms.BooleanField(
        label=gettext_lazy("Some totals only: publish them as incomplete, nobody is elected"),
        required=False,
    )
    recount = forms.BooleanField(label=gettext_lazy("After a recount"), required=False)
    source = VisibleTextField(
        label=gettext_lazy("Where you have it from"),
        required=False,
        max_length=LONGEST_NAME,
        help_text=gettext_lazy("As in “Ann Smith by telephone, from the hall”."),
    )
    warning_reason = VisibleTextField(
        label=gettext_lazy("Why these figures are right"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60}),
        help_text=gettext_lazy("For the record, not for readers."),
    )
    reason = VisibleTextField(
        label=gettext_lazy("Reason, as readers see it"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60}),
    )
    takes_back = forms.BooleanField(
        label=gettext_lazy("Yes: this takes back what is published."), required=False
    )
    base_revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    key = forms.CharField(max_length=80, required=False, widget=forms.HiddenInput)

    def __init__(self, seat: Seat, data: FormData | None = None) -> None:
        super().__init__(data, initial=_initial(seat), label_suffix="")
        self.seat = seat
        voted_for = {candidacy.id for candidacy in seat.voted_for}
        everybody = [candidate for candidate, _party_name in seat.candidates]
        self.candidates = [each for each in everybody if each.pk in voted_for]
        shown = told_apart(seat.candidates)
        names = {
            each.pk: list_name(seat, each) if seat.has_lists else shown[each.pk]
            for each in self.candidates
        }
        for candidate in self.candidates:
            field = CountField(label=names[candidate.pk], required=False)
            self.fields[f"votes-{candidate.pk}"] = field
        self.fields["lot"] = _ticks(gettext_lazy("Drawn by lot after a tie"), names)
        if self.may_name_winners:
            self.fields["winners"] = _ticks(gettext_lazy("Elected"), shown)
        if seat.as_declared:
            self.fields["quota"] = CountField(label=gettext_lazy("Quota"), required=False)
            for candidate in everybody:
                stage = StageField(label=gettext_lazy("Stage"), required=False)
                self.fields[f"stage-{candidate.pk}"] = stage
        if not seat.has_result:
            self.fields["declared_at"] = TimeOfNightField(
                seat.contest.election,
                label=gettext_lazy("Read out at"),
                help_text=gettext_lazy("Empty: just now."),
            )
        self.add_ballot_paper(seat.candidate_names)

    @property
    def may_name_winners(self) -> bool:
        """Whether who is elected may be known before the votes are."""
        seat = self.seat
        if seat.as_declared:
            return True
        counts = seat.contest.is_counting_area or seat.is_referendum or seat.has_lists
        return not (counts or seat.has_result)

    def clean_key(self) -> str:
        return self.cleaned_data["key"] or uuid.uuid4().hex

    def clean(self) -> CleanedData:
        data = super().clean() or self.cleaned_data
        self.require_same_candidates()
        if self.seat.as_declared:
            self._check_declared(data)
        elif self.is_winner_only:
            self._check_winners(data)
        elif not self.is_incomplete:
            for candidate in self.candidates:
                name = f"votes-{candidate.pk}"
                if data.get(name) is None and name not in self.errors:
                    self.add_error(name, _("Enter the votes, 0 if there are none."))
        return data

    @property
    def is_winner_only(self) -> bool:
        """Whether somebody is ticked as elected and no votes are known."""
        if self.seat.as_declared or "winners" not in self.fields:
            return False
        votes = [self.cleaned_data.get(f"votes-{each.pk}") for each in self.candidates]
        return bool(self.cleaned_data.get("winners")) and all(each is None for each in votes)

    @property
    def may_be_incomplete(self) -> bool:
        """Whether some totals can be published here, before there is a result."""
        return not (self.seat.has_result or self.seat.as_declared)

    @property
    def is_incomplete(self) -> bool:
        """Whether the form is sent as incomplete: some totals are known, and some are not."""
        votes = [self.cleaned_data.get(f"votes-{each.pk}") for each in self.candidates]
        is_ticked = self.may_be_incomplete and self.cleaned_data.get("incomplete")
        return bool(is_ticked) and None in votes and any(each is not None for each in votes)

    @property
    def _seats(self) -> int:
        return min(self.seat.contest.seats, len(self.seat.candidates))

    def _check_winners(self, data: CleanedData) -> None:
        if len(data["winners"]) != self._seats:
            words = _("%(seats)s to be elected here: choose %(seats)s.")
            self.add_error("winners", words % {"seats": self._seats})

    def _check_declared(self, data: CleanedData) -> None:
        winners = data.get("winners") or []
        if len(winners) > self._seats:
            words = _("%(seats)s to be elected here: choose no more.") % {"seats": self._seats}
            self.add_error("winners", words)
        for candidate, _party_name in self.seat.candidates:
            if data.get(f"stage-{candidate.pk}") and candidate.pk not in winners:
                words = _("Tick %(name)s as elected, or leave the stage empty.")
                self.add_error(f"stage-{candidate.pk}", words % {"name": candidate.name})

    # --- What it asks for ---------------------------------------------------------------------

    @property
    def ballot_counts(self) -> BallotCounts:
        data = self.cleaned_data
        if self.is_winner_only:
            return BallotCounts.of_winners([each.pk for each in self.candidates], data["winners"])
        stages = {
            int(name.removeprefix("stage-")): stage
            for name, stage in data.items()
            if name.startswith("stage-") and stage
        }
        return BallotCounts(
            votes={each.pk: data[f"votes-{each.pk}"] for each in self.candidates},
            rejected=data["rejected"],
            electorate=data["electorate"],
            turnout_announced=data["turnout_announced"],
            valid_announced=data["valid_announced"],
            papers=data["papers"],
            lot=tuple(data["lot"]),
            winners=tuple(data["winners"]) if self.seat.as_declared else (),
            stages=stages or None,
            quota=data.get("quota"),
        )

    def request(self, *, by: User, idempotency_key: str) -> RevisionRequest:
        data = self.cleaned_data
        kind = Declaration.Kind.WINNER_ONLY if self.is_winner_only else Declaration.Kind.DECLARATION
        if self.is_incomplete:
            kind = Declaration.Kind.INCOMPLETE
        if self.seat.has_result:
            kind = Declaration.Kind.UPDATE
        return RevisionRequest(
            kind=kind,
            by=by,
            idempotency_key=idempotency_key,
            base_revision=data["base_revision"],
            declared_at=data.get("declared_at"),
            sent_at=None if self.seat.has_result else timezone.now(),
            recount=data["recount"],
            source=data["source"],
            reason=data["reason"] if data["takes_back"] else "",
            warning_reason=data["warning_reason"],
            names=self.shown_names,
        )

    # --- For the template ---------------------------------------------------------------------

    @property
    def vote_rows(self) -> list[NumberRow]:
        ticked = {str(value) for value in self["winners"].value() or ()} if self.has_ticks else ()
        return [
            NumberRow(
                str(self.fields[f"votes-{each.pk}"].label),
                self.seat.party_names[each.label].name,
                self[f"votes-{each.pk}"],
                each.pk,
                str(each.pk) in ticked,
                self[f"stage-{each.pk}"] if self.seat.as_declared else None,
            )
            for each in self.candidates
        ]

    @property
    def has_ticks(self) -> bool:
        return "winners" in self.fields

    @property
    def offers_part(self) -> bool:
        """Whether a part of the result can be published: its winner, or some totals."""
        return self.may_be_incomplete or (self.has_ticks and not self.seat.as_declared)

    @property
    def part_is_open(self) -> bool:
        """Whether one of these is chosen, or has an error."""
        winners = "winners" in self.fields and (self["winners"].value() or self["winners"].errors)
        return bool(winners or self["incomplete"].value())

    @property
    def other_rows(self) -> list[NumberRow]:
        return list(self._rows((*self.others, *(["quota"] if self.seat.as_declared else []))))

    @property
    def further_rows(self) -> list[NumberRow]:
        return list(self._rows(self.further))

    def _rows(self, names: tuple[str, ...]) -> Iterator[NumberRow]:
        for name in names:
            yield NumberRow(str(self.fields[name].label), "", self[name])


def _ticks(label: StrOrPromise, names: dict[int, str]) -> forms.Field:
    return forms.TypedMultipleChoiceField(
        label=label,
        choices=list(names.items()),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


def _initial(seat: Seat) -> dict[str, object]:
    """Start with what was announced at verification, or the sums of all counting areas.

    By single transferable vote, with everything that is published as well.
    """
    standing = seat.standing
    initial: dict[str, object] = {
        "base_revision": standing.revision,
        "electorate": standing.verified_electorate or seat.areas.subtotals.electorate,
        "papers": standing.verified_papers,
        "turnout_announced": _plain(standing.verified_turnout),
        "key": uuid.uuid4().hex,
    }
    subtotals = seat.areas.subtotals
    if subtotals.all_in and not seat.has_result:
        initial |= {f"votes-{pk}": votes for pk, votes in subtotals.votes.items()}
        initial["rejected"] = subtotals.rejected
    if seat.as_declared and seat.declaration is not None and seat.has_result:
        initial |= _published(seat.declaration.ballot_counts)
    return initial


def _published(counts: BallotCounts) -> dict[str, object]:
    stages = counts.stages or {}
    return {
        **{f"votes-{pk}": votes for pk, votes in counts.votes.items()},
        **{f"stage-{pk}": stage for pk, stage in stages.items()},
        "rejected": counts.rejected,
        "electorate": counts.electorate,
        "papers": counts.papers,
        "valid_announced": counts.valid_announced,
        "turnout_announced": _plain(counts.turnout_announced),
        "quota": counts.quota,
        "lot": list(counts.lot),
        "winners": list(counts.winners),
    }


def _plain(percentage: Decimal | None) -> str:
    return "" if percentage is None else f"{percentage.normalize():f}"
