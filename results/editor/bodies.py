"""Form of a body within its election: its seats in all, and who held them before the poll."""

from dataclasses import replace
from typing import TypeVar, Unpack

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _, gettext_lazy
from django_stubs_ext import StrOrPromise

from results.editor.annotations import CleanedData, FormData, FormFiles, ModelFormOptions
from results.forms import VisibleTextField
from results.live.bodies import body_facts, misfits
from results.models import Body, Region
from results.words.control_sentences import control_name
from results.words.party_names import load_party_names
from results.words.party_seats import (
    UnreadableSeats,
    party_seats_text,
    read_control,
    read_party_seats,
)

PartT = TypeVar("PartT", bound=Body | Region)

#: Fields that hold seats by party, typed as text.
SEATS = ("composition_before", "not_up")
#: Fields that are checked against the body's contests.
CHECKED = ("seats", *SEATS)


def _seats_field(label: StrOrPromise, help_text: StrOrPromise) -> VisibleTextField:
    return VisibleTextField(
        label=label,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 32}),
        help_text=help_text,
    )


class PartForm(forms.ModelForm[PartT]):
    """Form of an election's body or region; its address is fixed by the first bulletin."""

    def __init__(
        self,
        data: FormData | None = None,
        files: FormFiles | None = None,
        **options: Unpack[ModelFormOptions[PartT]],
    ) -> None:
        super().__init__(data, files, **options)
        part = self.instance
        if part.pk and part.election.bulletins.exists():
            self.fields["slug"].disabled = True


class BodyForm(PartForm[Body]):
    composition_before = _seats_field(
        gettext_lazy("seats before"),
        gettext_lazy(
            "“Labour 48, Green 3”: all seats, those not up included. Empty where all are up: the "
            "last results say it."
        ),
    )
    not_up = _seats_field(
        gettext_lazy("seats not up"),
        gettext_lazy("Empty: the seats before less those that are up, by the last results."),
    )
    control_before = VisibleTextField(
        label=gettext_lazy("control before"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("A party or “no overall control”; empty: as the seats before say."),
    )

    class Meta:
        model = Body
        fields = ("name", "name_cy", "slug", "areas", "seats", *SEATS, "control_before")

    def __init__(
        self,
        data: FormData | None = None,
        files: FormFiles | None = None,
        **options: Unpack[ModelFormOptions[Body]],
    ) -> None:
        super().__init__(data, files, **options)
        party_names = load_party_names(self.instance.election.date if self.instance.pk else None)
        for name in SEATS:
            self.initial[name] = party_seats_text(getattr(self.instance, name), party_names)
        before = self.instance.control_before
        self.initial["control_before"] = control_name(before or None, party_names)

    def clean_composition_before(self) -> dict[str, int]:
        return self._read_seats("composition_before")

    def clean_not_up(self) -> dict[str, int]:
        return self._read_seats("not_up")

    def clean_control_before(self) -> str:
        try:
            return read_control(self.cleaned_data["control_before"])
        except UnreadableSeats as exc:
            raise forms.ValidationError(str(exc)) from None

    def _read_seats(self, name: str) -> dict[str, int]:
        try:
            return read_party_seats(self.cleaned_data[name])
        except UnreadableSeats as exc:
            raise forms.ValidationError(list(exc.errors)) from None

    def clean(self) -> CleanedData:
        data = super().clean() or {}
        if not self.errors and self.instance.pk:
            facts = body_facts(self.instance.election, [self.instance.pk])[self.instance.pk]
            entered = Body(name=self.instance.name, **{name: data.get(name) for name in CHECKED})
            party_names = load_party_names(self.instance.election.date)
            for error in misfits(replace(facts, body=entered), party_names):
                raise forms.ValidationError(_("%(error)s.") % {"error": capfirst(error)})
        return data
