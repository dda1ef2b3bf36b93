"""Admin of parties, which all elections share."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from typing import Unpack

from django import forms
from django.contrib import admin, messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from results.editor import party_merge
from results.editor.annotations import (
    CleanedData,
    Context,
    DbField,
    Fieldsets,
    FormData,
    FormFiles,
    ModelFormOptions,
)
from results.editor.base import DetailsAdmin, Tool, fieldsets_without
from results.editor.detail_corrections import DetailCorrections
from results.editor.fields import form_class_of
from results.editor.form_preview import FormPreviewMixin
from results.editor.inline_rows import RowsFormSet
from results.editor.merging import may_merge
from results.editor.party_preview import colour_view, party_document
from results.editor.republish import changed_values, nothing_published, republish_elections
from results.models import Candidate, Election, LastVotes, Party, PartyAlias, SittingMember
from results.models.party_alias import key_of, number_key, party_with, public_number
from results.words.party_labels import questionable_parties
from results.words.party_names import PartyNames, load_party_names

#: How many questions about parties the list shows at once.
LISTED = 10
#: Columns that readers' pages show or are computed from.
VISIBLE_COLUMNS = (
    *("slug", "name", "collective", "abbreviation", "colour", "tallied_with__name"),
    *("name_cy", "collective_cy", "abbreviation_cy"),
)


class PartyForm(forms.ModelForm[Party]):
    """Form of a party; refuses a name, an abbreviation or a number that another party has.

    A new name counts from one poll on: earlier nights keep the name that they were held under.
    """

    since = forms.DateField(
        label=_("New name from the poll of"),
        required=False,
        help_text=_(
            "Earlier nights keep the old name, and are not published again. To correct the name on "
            "every night, give the day of the first."
        ),
    )

    def __init__(
        self,
        data: FormData | None = None,
        files: FormFiles | None = None,
        **options: Unpack[ModelFormOptions[Party]],
    ) -> None:
        super().__init__(data, files, **options)
        if self.instance.pk:
            days = [election.date for election in elections_with(self.instance)]
            self.fields["since"].initial = max(days, default=None)

    def clean(self) -> CleanedData:
        data = super().clean() or {}
        others = Party.objects.exclude(pk=self.instance.pk)
        for name in ("name", "abbreviation"):
            # What is stored already may stay: it is reported on the list of parties.
            if name in self.changed_data and data.get(name):
                other = others.filter(**{f"{name}__iexact": data[name]}).first()
                if other is not None:
                    words = {"text": data[name], "party": f"{other.name} ({other.slug})"}
                    self.add_error(
                        name, _("“%(text)s” is that of %(party)s: choose another.") % words
                    )
        number = data.get("electoral_commission_id")
        owner = party_with(PartyAlias.Kind.NUMBER, number_key(number)) if number else None
        if owner is not None and owner.pk != self.instance.pk:
            self.add_error(
                "electoral_commission_id",
                _("That is the number of %(party)s.") % {"party": owner.name},
            )
        return data


class PartyAliasFormSet(RowsFormSet[PartyAlias, Party]):
    """Refuses the same spelling, number or address twice."""

    def clean(self) -> None:
        super().clean()
        seen: set[tuple[str, str]] = set()
        for form in self.forms:
            data = getattr(form, "cleaned_data", {})
            kind, text = data.get("kind"), data.get("text")
            # A kind that there is not has an error of its own.
            if data.get("DELETE") or not (kind and text):
                continue
            key = (kind, key_of(kind, text))
            if key in seen:
                form.add_error("text", _("This is listed twice."))
            seen.add(key)


class PartyAliasInline(admin.TabularInline[PartyAlias, Party]):
    model = PartyAlias
    formset = PartyAliasFormSet
    fields = ("kind", "text", "until", "abbreviation")
    extra = 0
    verbose_name_plural = _("Other spellings, numbers and earlier addresses")

    def formfield_for_dbfield(
        self, db_field: DbField, request: HttpRequest, **kwargs: object
    ) -> forms.Field | None:
        options = form_class_of(db_field) | kwargs
        return super().formfield_for_dbfield(db_field, request, **options)


@admin.register(Party)
class PartyAdmin(FormPreviewMixin[Party], DetailsAdmin[Party, object]):
    form = PartyForm
    inlines = (PartyAliasInline,)
    deleted_parts = (PartyAlias,)
    instead_of_deleting = _(
        "If it is a party that is listed twice, open its page and merge it into the other one."
    )
    list_display = ("name", "abbreviation", "collective", "number", "tallied_with", "colour")
    list_filter = (("tallied_with", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("tallied_with",)
    search_fields = (
        *("name", "abbreviation", "collective", "electoral_commission_id"),
        "aliases__text",
    )
    prepopulated_fields = {"slug": ("abbreviation",)}
    fieldsets = (
        (None, {"fields": ("name", "collective", "abbreviation", "since", "slug", "colour")}),
        (_("In Welsh"), {"fields": ("name_cy", "collective_cy", "abbreviation_cy")}),
        (_("In the tallies"), {"fields": ("tallied_with", "electoral_commission_id")}),
    )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.merge_view)
        colour = self.admin_site.admin_view(colour_view)
        own = [
            path("<int:party_pk>/merge/", view, name="results_party_merge"),
            path("colour.css", colour, name="results_party_colour"),
        ]
        return [*own, *super().get_urls()]

    def merge_view(self, request: HttpRequest, party_pk: int) -> HttpResponse:
        return party_merge.merge_view(request, party_pk, model_admin=self)

    def preview_document(
        self, request: HttpRequest, obj: Party, form: forms.ModelForm[Party]
    ) -> str:
        since = form.cleaned_data.get("since")
        shown = [each for each in elections_with(obj) if since is None or each.date >= since]
        return party_document(obj, shown)

    def tools(self, request: HttpRequest, obj: Party) -> Iterator[Tool]:
        if may_merge(request, self):
            address = reverse("admin:results_party_merge", args=[obj.pk])
            yield Tool(str(_("Merge into another party")), address)

    @admin.display(description=_("number"), ordering="electoral_commission_id")
    def number(self, party: Party) -> str:
        return public_number(party.electoral_commission_id)

    def changelist_view(
        self, request: HttpRequest, extra_context: Context | None = None
    ) -> HttpResponse:
        if request.method == "GET":
            for sentence in islice(questionable_parties(), LISTED):
                messages.warning(request, sentence)
        return super().changelist_view(request, extra_context)

    def get_fieldsets(self, request: HttpRequest, obj: Party | None = None) -> Fieldsets:
        fieldsets = super().get_fieldsets(request, obj)
        return fieldsets if obj else fieldsets_without(fieldsets, {"since"})

    def save_model(
        self, request: HttpRequest, obj: Party, form: forms.ModelForm[Party], change: bool
    ) -> None:
        before = Party.objects.filter(pk=obj.pk).first()
        super().save_model(request, obj, form, change)
        if before is None:
            return
        if before.slug != obj.slug:
            PartyAlias.objects.filter(kind=PartyAlias.Kind.ADDRESS, key=obj.slug).delete()
            PartyAlias.objects.create(party=obj, kind=PartyAlias.Kind.ADDRESS, text=before.slug)
        _keep_name(before, obj, form.cleaned_data.get("since"))

    def visible_of(self, obj: Party) -> object:
        rows = Party.objects.filter(pk=obj.pk)
        stored = rows.values_list(*VISIBLE_COLUMNS, "electoral_commission_id").first()
        earlier = PartyAlias.objects.filter(party=obj.pk, until__isnull=False)
        names = list(earlier.values_list("text", "until", "abbreviation"))
        return (stored, names, shown_in_elections(obj)) if stored else None

    def republish(self, obj: Party, before: object, corrections: DetailCorrections) -> str:
        # No page shows a new party yet, and a party can be deleted only if no page shows it.
        if before is None or not obj.pk:
            return ""
        after = self.visible_of(obj)
        if after == before:
            return nothing_published()
        assert isinstance(before, tuple)
        assert isinstance(after, tuple)
        columns = (*VISIBLE_COLUMNS, "electoral_commission_id")
        moved = changed_values(Party, ("tallied_with__name",), before[0], after[0], columns)
        # What every page shows of it, whichever name it had on the day.
        everywhere = _without_names(before[0]) != _without_names(after[0])
        sentences = []
        for election in elections_with(obj):
            shown, now = (each[2].get(election.pk, {}) for each in (before, after))
            changes = moved or [
                (name, value, now[name]) for name, value in shown.items() if value != now[name]
            ]
            if not (changes or everywhere):
                continue
            sentences.append(republish_elections([election], changes, corrections))
        return " ".join(dict.fromkeys(sentences)) or nothing_published()


def _without_names(columns: Sequence[object]) -> list[object]:
    """Stored columns without the names, which `shown_in_elections` has for each election."""
    names = ("name", "collective", "abbreviation")
    return [
        value
        for column, value in zip((*VISIBLE_COLUMNS, ""), columns, strict=True)
        if column not in names
    ]


def _keep_name(before: Party, party: Party, since: date | None) -> None:
    """Keep the previous name and abbreviation for nights before `since`."""
    same = (before.name, before.abbreviation) == (party.name, party.abbreviation)
    earlier = since and any(election.date < since for election in elections_with(party))
    if same or since is None or not earlier:
        return
    # An alias that ended earlier still applies to the nights before that.
    PartyAlias.objects.update_or_create(
        party=party,
        kind=PartyAlias.Kind.SPELLING,
        key=key_of(PartyAlias.Kind.SPELLING, before.name),
        defaults={
            "text": before.name,
            "until": since - timedelta(days=1),
            "abbreviation": before.abbreviation,
        },
    )


def shown_in_elections(party: Party) -> dict[int, dict[str, str]]:
    """The party's names by election, as its pages print them: names change from day to day."""
    shown: dict[int, dict[str, str]] = {}
    by_day: dict[date, PartyNames] = {}
    for election in elections_with(party):
        on = election.date
        by_day[on] = by_day.get(on) or load_party_names(on)
        names = by_day[on][party.label]
        shown[election.pk] = {
            str(_("Name")): names.name,
            str(_("Collective name")): names.collective,
            str(_("Abbreviation")): names.abbreviation,
        }
    return shown


def elections_with(party: Party) -> list[Election]:
    """Elections with a page that names the party, or one that is tallied with it."""
    named = Q(party=party) | Q(party__tallied_with=party)
    last = LastVotes.objects.filter(named).values("last_result__contest__election")
    now = Candidate.objects.filter(named).values("contest__election")
    sitting = SittingMember.objects.filter(named).values("contest__election")
    return list(Election.objects.filter(Q(pk__in=now) | Q(pk__in=last) | Q(pk__in=sitting)))
