"""Forms of an election's bodies: their seats in all, and who held them before the poll."""

from dataclasses import replace
from functools import cached_property
from typing import Any, Unpack

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _, gettext_lazy
from django_stubs_ext import StrOrPromise

from results.editor.annotations import CleanedData, FormData, FormFiles, ModelFormOptions
from results.editor.inline_rows import RowsFormSet
from results.forms import VisibleTextField
from results.live.bodies import BodyFacts, body_facts, misfits
from results.models import Body, Election
from results.words.control_sentences import control_name
from results.words.party_names import PartyNames, load_party_names
from results.words.party_seats import (
    UnreadableSeats,
    party_seats_text,
    read_control,
    read_party_seats,
)

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


class ElectionBodies:
    """What the forms of an election's bodies share: each part is read once for all of them."""

    def __init__(self, election: Election) -> None:
        self._election = election

    @cached_property
    def party_names(self) -> PartyNames:
        return load_party_names(self._election.date if self._election.pk else None)

    @cached_property
    def facts(self) -> dict[int, BodyFacts]:
        """The facts of each stored body by key."""
        return body_facts(self._election)


class BodyForm(forms.ModelForm[Body]):
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
        *,
        bodies: ElectionBodies,
        **options: Unpack[ModelFormOptions[Body]],
    ) -> None:
        super().__init__(data, files, **options)
        self._bodies, party_names = bodies, bodies.party_names
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
            facts = self._bodies.facts[self.instance.pk]
            entered = Body(name=self.instance.name, **{name: data.get(name) for name in CHECKED})
            for error in misfits(replace(facts, body=entered), self._bodies.party_names):
                raise forms.ValidationError(_("%(error)s.") % {"error": capfirst(error)})
        return data


class PartsFormSet(RowsFormSet[Any, Election]):
    """Formset of an election's bodies or regions: the first bulletin fixes their addresses."""

    @cached_property
    def _fixes_addresses(self) -> bool:
        return bool(self.instance.pk) and self.instance.bulletins.exists()

    def add_fields(self, form: forms.ModelForm[Any], index: int | None) -> None:
        super().add_fields(form, index)
        if form.instance.pk and self._fixes_addresses:
            form.fields["slug"].disabled = True


class BodiesFormSet(PartsFormSet):
    @cached_property
    def _bodies(self) -> ElectionBodies:
        return ElectionBodies(self.instance)

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return super().get_form_kwargs(index) | {"bodies": self._bodies}
