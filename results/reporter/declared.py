"""Form fields for what a ballot paper has besides votes of candidates: lists, and stages.

By single transferable vote a reporter ticks who is elected, one at a time as the stages are read
out. The form is sent again with each: it starts with those who are published already.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _, gettext_lazy

from results.arithmetic import BallotCounts
from results.forms import CountField, StageField
from results.live.candidate_names import told_apart
from results.live.lists import list_name
from results.live.seat import Seat
from results.models import Candidate


@dataclass(frozen=True, slots=True)
class DeclaredRow:
    """Form row of one candidate: whether elected, at which stage, and the first preferences."""

    candidate: Candidate
    name: str
    party: str
    elected: bool
    stage: forms.BoundField
    votes: forms.BoundField


def vote_fields(seat: Seat, candidates: Sequence[Candidate]) -> dict[str, forms.Field]:
    """A field for the votes of each candidate, or of each list with the names under it."""
    if not seat.has_lists:
        shown = told_apart(seat.candidates)
        return {
            f"votes-{candidate.pk}": CountField(
                label=shown[candidate.pk],
                help_text=seat.party_names[candidate.label].name,
                required=not seat.as_declared,
            )
            for candidate in candidates
        }
    names = {each[0].pk: each for _name, _party, each in seat.lists.ballot}
    return {
        f"votes-{candidate.pk}": CountField(
            label=list_name(seat, candidate),
            help_text=", ".join(each.name for each in names[candidate.pk])
            if list_name(seat, candidate) != candidate.name
            else seat.party_names[candidate.label].name,
        )
        for candidate in candidates
    }


def declared_fields(seat: Seat) -> dict[str, forms.Field]:
    """Fields for who is elected, at which stage, and the quota."""
    stages = {
        f"stage-{candidate.pk}": StageField(label=_("Stage"), required=False)
        for candidate, _party_name in seat.candidates
    }
    winners = forms.MultipleChoiceField(
        label=gettext_lazy("Elected so far"),
        required=False,
        choices=[(str(pk), name) for pk, name in told_apart(seat.candidates).items()],
        widget=forms.CheckboxSelectMultiple,
    )
    quota = CountField(label=gettext_lazy("Quota"), required=False)
    return {"winners": winners, **stages, "quota": quota}


def declared_rows(form: forms.Form, candidates: Sequence[Candidate]) -> list[DeclaredRow]:
    """Rows of a form with these fields; empty for any other form."""
    if "winners" not in form.fields:
        return []
    chosen = {str(value) for value in form["winners"].value() or ()}
    return [
        DeclaredRow(
            candidate=candidate,
            name=str(form[f"votes-{candidate.pk}"].label),
            party=str(form[f"votes-{candidate.pk}"].help_text),
            elected=str(candidate.pk) in chosen,
            stage=form[f"stage-{candidate.pk}"],
            votes=form[f"votes-{candidate.pk}"],
        )
        for candidate in candidates
    ]


def declared_counts(data: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments of `BallotCounts` from the values of these fields."""
    stages = {
        int(name.removeprefix("stage-")): stage
        for name, stage in data.items()
        if name.startswith("stage-") and stage
    }
    winners = tuple(dict.fromkeys(int(candidate) for candidate in data["winners"]))
    return {"winners": winners, "stages": stages or None, "quota": data["quota"]}


def errors_of_declared(seat: Seat, data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (field, error) for a stage of a candidate not elected, and for too many elected."""
    winners = data.get("winners")
    if winners is None:
        return
    seats, names = min(seat.contest.seats, len(seat.candidates)), told_apart(seat.candidates)
    if len(winners) > seats:
        yield "winners", _("%(seats)s to be elected here: choose no more.") % {"seats": seats}
    for candidate, _party_name in seat.candidates:
        if data.get(f"stage-{candidate.pk}") and str(candidate.pk) not in winners:
            words = _("Tick %(name)s as elected, or leave the stage empty.")
            yield f"stage-{candidate.pk}", words % {"name": names[candidate.pk]}


def initial_of_declared(ballot_counts: BallotCounts) -> dict[str, Any]:
    """Start the form with what is published: who is elected so far, and all figures."""
    stages = ballot_counts.stages or {}
    return {
        "winners": [str(candidate) for candidate in ballot_counts.winners],
        "quota": ballot_counts.quota,
        **{f"stage-{candidate}": stage for candidate, stage in stages.items()},
    }
