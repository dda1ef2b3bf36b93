"""The box for an exit poll or a wire's figures: typed as lines, put up and ended by the door."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from results import desk
from results.arithmetic import BLOCK, InvalidNumber, ValidationMessage, read_count
from results.editor.base import DeskAdmin, editor_of, stamp
from results.editor.idempotency import KeyField, with_key
from results.live.election_snapshot import ElectionSnapshot
from results.models import OTHERS, Election, ExternalFigures, Party
from results.words.party_names import load_party_names
from results.words.validation_messages import message_text, number_error


class ExternalFiguresForm(forms.ModelForm):  # type: ignore[type-arg]
    """What the door would refuse stands beside its field here."""

    key = KeyField()
    figures = forms.CharField(
        label=gettext_lazy("figures"),
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

    def clean_figures(self) -> dict[str, int]:
        known = _labels()
        seats: dict[str, int] = {}
        for line in self.cleaned_data["figures"].splitlines():
            if not line.strip():
                continue
            name, _space, number = line.strip().replace("\t", " ").rpartition(" ")
            label = known.get(name.strip(" :,–-").casefold())
            if label is None:
                raise forms.ValidationError(
                    _("“%(line)s”: no party here is called that.") % {"line": line.strip()}
                )
            try:
                seats[label] = seats.get(label, 0) + read_count(number)
            except InvalidNumber as exc:
                words = {"line": line.strip(), "fault": number_error(exc)}
                raise forms.ValidationError(_("“%(line)s”: %(fault)s") % words) from None
        return seats

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("as_of") and values.get("election"):
            typed = timezone.localtime(values["as_of"]).replace(tzinfo=None)
            values["as_of"] = timezone.make_aware(typed, values["election"].zone)
        if values.get("figures") and not values.get("source"):
            self.add_error("source", _("Name the source: readers see it beside the figures."))
        if values.get("election") and values.get("figures"):
            self._check_the_house(values["election"], values["figures"])
        return values

    def _check_the_house(self, election: Election, figures: dict[str, int]) -> None:
        if timezone.now() < election.polls_close:
            self.add_error(
                "election", _("The polls are still open: nothing of this may be public yet.")
            )
        most = election.house_seats or ElectionSnapshot(election).seats
        if sum(figures.values()) > most:
            told = ValidationMessage("too_many_seats", BLOCK, "figures", {"seats": most})
            self.add_error("figures", message_text(told))


def _labels() -> dict[str, str]:
    """Everything a line may begin with, by the label of the tally it stands for."""
    known: dict[str, str] = {}
    for party_name in load_party_names().values():
        for word in (
            party_name.label,
            party_name.name,
            party_name.collective,
            party_name.abbreviation,
        ):
            known[word.casefold()] = party_name.label
    for party in Party.objects.filter(tallied_with__isnull=False):
        for word in (party.slug, party.name, party.abbreviation):
            known.setdefault(word.casefold(), party.label)
    return known | {OTHERS: OTHERS, "other": OTHERS, "other parties": OTHERS}


@admin.register(ExternalFigures)
class ExternalFiguresAdmin(DeskAdmin):
    """Adding one replaces the one before; nothing of it is ever counted."""

    form = ExternalFiguresForm
    list_display = ("__str__", "election", "at", "sequence", "by")
    list_filter = (("election", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("election", "by")
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

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return super().get_fieldsets(request, obj)
        return ((None, {"fields": ("election", "kind", "source", "at", "told", "by")}),)

    def election_of(self, obj: ExternalFigures) -> Any:
        return obj.election

    @admin.display(description=gettext_lazy("as of"), ordering="as_of")
    def at(self, entered: ExternalFigures) -> str:
        return stamp(entered.as_of, entered.election)

    @admin.display(description=gettext_lazy("figures"))
    def told(self, entered: ExternalFigures) -> str:
        party_names = load_party_names()
        return ", ".join(f"{party_names[one['label']].name} {one['seats']}" for one in entered.rows)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: ExternalFigures, form: Any, change: bool
    ) -> None:
        told = form.cleaned_data
        answer = with_key(
            told["key"],
            lambda key: desk.external_figures(
                told["election"],
                told["figures"],
                kind=told["kind"],
                source=told["source"],
                as_of=told["as_of"],
                by=editor_of(request),
                idempotency_key=key,
            ),
        )
        published = answer.bulletin.external_figures
        assert published is not None
        obj.pk, obj.by = published.pk, published.by
        said = _("Published as bulletin %(number)d.") % {"number": answer.sequence}
        if answer.unchanged:
            said = _("That stands already: nothing was published.")
        self.message_user(request, said, messages.SUCCESS)

    def response_add(
        self, request: HttpRequest, obj: ExternalFigures, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self.response_post_save_add(request, obj)
