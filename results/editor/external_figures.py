"""Admin of external figures: an exit poll or a wire service's seats, one party on each line."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from results import desk
from results.arithmetic import BLOCK, InvalidNumber, ValidationMessage, read_count, read_id
from results.arithmetic.declaration_times import CLOCK_TOLERANCE
from results.desk.contents import NO_SEATS_ADDED_UP
from results.editor.annotations import CleanedData
from results.editor.base import format_local_time
from results.editor.fields import set_night
from results.editor.publication_admin import PublicationAdmin
from results.editor.publication_forms import PublicationForm, in_zone
from results.live.election_snapshot import ElectionSnapshot
from results.models import Election, ExternalFigures
from results.models.party_alias import spelling_key
from results.words.party_labels import labels_by_name, names_of
from results.words.party_names import load_party_names
from results.words.validation_messages import message_text, number_error


class ExternalFiguresForm(PublicationForm[ExternalFigures]):
    """Form that repeats the checks of `desk`, to show their errors beside the fields."""

    content_class = desk.ExternalFiguresContent

    figures = forms.CharField(
        label=gettext_lazy("Figures"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy(
            "One party a line, its name or abbreviation and its seats: “Conservative 368”. "
            "Without any, the box is taken down."
        ),
    )

    class Meta:
        model = ExternalFigures
        fields = ("election", "kind", "source", "as_of")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = read_id(self.data.get(self.add_prefix("election"), ""))
        election = Election.objects.filter(pk=chosen).first()
        stored = self.instance.as_of if self.instance.pk else None
        set_night(self.fields.get("as_of"), election, expected=False, stored=stored)

    def clean_figures(self) -> dict[str, int]:
        labels = labels_by_name()
        seats: dict[str, int] = {}
        errors: list[str] = []
        lines = enumerate(self.cleaned_data["figures"].splitlines(), 1)
        for place, line in ((place, line.strip()) for place, line in lines if line.strip()):
            try:
                label, number = _read_line(line, labels)
                seats[label] = seats.get(label, 0) + number
            except forms.ValidationError as exc:
                words = [{"place": place, "error": error} for error in exc.messages]
                errors += [_("Line %(place)d: %(error)s") % each for each in words]
        if errors:
            raise forms.ValidationError(errors)
        return seats

    def clean(self) -> CleanedData:
        data = super().clean()
        election, seats = data.get("election"), data.get("figures")
        if election and data.get("as_of"):
            data["as_of"] = in_zone(data["as_of"], election)
        as_of = data.get("as_of")
        if seats and as_of and as_of > timezone.now() + CLOCK_TOLERANCE and not self.was_answered:
            self.add_error("as_of", _("That time has not come yet: check it."))
        if seats and not data.get("source"):
            self.add_error("source", _("Name the source: readers see it beside the figures."))
        if election and seats and not self.was_answered:
            self._check_election(election, seats)
        return data

    def _check_election(self, election: Election, seats: dict[str, int]) -> None:
        if timezone.now() < election.polls_close:
            self.add_error(
                "election", _("The polls are still open: nothing of this may be public yet.")
            )
        snapshot = ElectionSnapshot(election)
        if snapshot.has_separate_results:
            self.add_error("election", NO_SEATS_ADDED_UP)
            return
        most = election.house_seats or snapshot.seats
        if sum(seats.values()) > most:
            message = ValidationMessage("too_many_seats", BLOCK, "figures", {"seats": most})
            self.add_error("figures", message_text(message))

    @property
    def withdraws(self) -> bool:
        return not self.cleaned_data.get("figures")

    def content(self) -> desk.Content:
        data = self.cleaned_data
        return desk.ExternalFiguresContent(
            kind=data["kind"], source=data["source"], as_of=data["as_of"], seats=data["figures"]
        )


def _read_line(line: str, labels: Mapping[str, set[str]]) -> tuple[str, int]:
    """Return a line's label and seats. Raises ValidationError."""
    name, _space, number = line.replace("\t", " ").rpartition(" ")
    label = _only_label(line, labels.get(spelling_key(name), set()))
    try:
        return label, read_count(number)
    except InvalidNumber as exc:
        words = {"line": line, "error": number_error(exc)}
        raise forms.ValidationError(_("“%(line)s”: %(error)s") % words) from None


def _only_label(line: str, labels: set[str]) -> str:
    """Return the one label; raise ValidationError for none and for several."""
    if not labels:
        raise forms.ValidationError(_("“%(line)s”: no party here is called that.") % {"line": line})
    if len(labels) > 1:
        # By the longest of its names, since a short one may be another party's abbreviation.
        full = sorted(max(names_of(label), key=len) for label in labels)
        parties = _(" or ").join(f"“{name}”" for name in full)
        words = {"line": line, "parties": parties}
        raise forms.ValidationError(_("“%(line)s”: which party? Write %(parties)s.") % words)
    return next(iter(labels))


@admin.register(ExternalFigures)
class ExternalFiguresAdmin(PublicationAdmin[ExternalFigures]):
    form = ExternalFiguresForm
    can_reword = False
    shown = ("election", "kind", "source", "at", "seats", "by")
    list_display = ("__str__", "election", "at", "is_current", "sequence", "by")
    fieldsets = (
        (
            None,
            {
                "fields": ("election", "kind", "source", "as_of", "figures", "key"),
                "description": gettext_lazy(
                    "Stands on the live page in a box of its own, labelled as not a result, with "
                    "its source and time. It cannot be put up before the close of poll."
                ),
            },
        ),
    )

    @admin.display(description=gettext_lazy("as of"), ordering="as_of")
    def at(self, figures: ExternalFigures) -> str:
        return format_local_time(figures.as_of, figures.election)

    @admin.display(description=gettext_lazy("figures"))
    def seats(self, figures: ExternalFigures) -> str:
        party_names = load_party_names(figures.election.date)
        return ", ".join(f"{party_names[row['label']].name} {row['seats']}" for row in figures.rows)
