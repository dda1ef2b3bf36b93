"""Inlines of a contest's form: the ballot paper and the sitting members.

A candidate with published votes or quotes cannot be deleted: revisions refer to the row.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Any, TypeVar

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.db.models import Model, Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from results.arithmetic import read_id
from results.desk.ballot_papers import why_candidate_stays
from results.editor.annotations import Attributes, ChoiceField, DbField, DbForeignKey, OptGroups
from results.editor.autocomplete import AutocompleteMixin, only_ids
from results.editor.base import without_related_links
from results.editor.fields import form_class_of
from results.editor.inline_rows import RowsFormSet
from results.models import Candidate, Contest, Party, Person, SittingMember
from results.models.party_alias import public_number

Child = TypeVar("Child", bound=Model)
Parent = TypeVar("Parent", bound=Model)


class ContestPersonSelect(AutocompleteSelect):
    """An autocomplete of people that reads the names of the contest's own people in one query."""

    names: Callable[[], dict[str, str]]

    def optgroups(
        self, name: str, value: Sequence[str], attr: Attributes | None = None
    ) -> OptGroups:
        selected = only_ids(value)
        names = self.names()
        if not all(pk in names for pk in selected):
            return super().optgroups(name, selected, attr)
        empty = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        options = [self.create_option(name, pk, names[pk], True, 1) for pk in selected]
        return [(None, [*empty, *options], 0)]


class BallotFormSet(RowsFormSet[Candidate, Contest]):
    """Refuses to delete a candidate who has published votes or quotes."""

    def clean(self) -> None:
        super().clean()
        reasons = [
            why_candidate_stays(form.instance) for form in self.deleted_forms if form.instance.pk
        ]
        words = _("%(reason)s They stay on the ballot paper.")
        errors = [
            ValidationError(words, params={"reason": reason}) for reason in filter(None, reasons)
        ]
        if errors:
            raise ValidationError(errors)


class PartyInline(AutocompleteMixin[Any], admin.TabularInline[Child, Parent]):
    """An inline that reads the parties and the people once, not once for each row."""

    formset = RowsFormSet[Any, Any]
    extra = 0
    autocomplete_fields = ("person",)

    def formfield_for_dbfield(
        self, db_field: DbField, request: HttpRequest, **kwargs: object
    ) -> forms.Field | None:
        options = form_class_of(db_field) | kwargs
        field = super().formfield_for_dbfield(db_field, request, **options)
        return without_related_links(field, add=db_field.name == "person")

    def formfield_for_foreignkey(
        self, db_field: DbForeignKey, request: HttpRequest, **kwargs: Any
    ) -> ChoiceField | None:
        if db_field.related_model is Person:
            widget = ContestPersonSelect(db_field, self.admin_site, using=kwargs.get("using"))
            widget.names = people_of(request)
            kwargs["widget"] = widget
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and db_field.related_model is Party:
            field.choices = list(_told_apart(field.iterator(field)))
        return field


def _told_apart(choices: Iterable[tuple[Any, str]]) -> Iterator[tuple[Any, str]]:
    """Add the number or address to the labels of parties with the same name."""
    listed = list(choices)
    often = Counter(label for _value, label in listed)
    for value, label in listed:
        if often[label] > 1:
            party = value.instance
            label = f"{label} ({public_number(party.electoral_commission_id) or party.slug})"
        yield value, label


class CandidateInline(PartyInline[Candidate, Contest]):
    model = Candidate
    formset = BallotFormSet
    verbose_name_plural = _("The ballot paper")
    fields = (
        "ballot_order",
        "list_position",
        "name",
        "standing_as",
        "party",
        "description",
        "person",
        "sitting_member",
        "times_elected",
        "elected_before",
        "gender",
    )

    def get_fields(self, request: HttpRequest, obj: Contest | None = None) -> list[Any]:
        """Leave out the place on a party's list where there are none: the table is wide enough."""
        fields = super().get_fields(request, obj)
        of_lists = obj is None or obj.elects_lists
        return [name for name in fields if of_lists or name != "list_position"]

    def has_add_permission(self, request: HttpRequest, obj: Contest | None = None) -> bool:
        return super().has_add_permission(request, obj) and not ballot_is_fixed(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Contest | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not ballot_is_fixed(obj)


class SittingMemberInline(PartyInline[SittingMember, Contest]):
    model = SittingMember
    verbose_name_plural = _("Sitting members, where that is the basis for hold and gain")
    fields = ("name", "standing_as", "party", "person")


def object_id_of(request: HttpRequest) -> int:
    """The id in the address of a change page, 0 on other pages."""
    return read_id(getattr(request.resolver_match, "kwargs", {}).get("object_id"))


def people_of(request: HttpRequest) -> Callable[[], dict[str, str]]:
    """Return a function that reads the names of the contest's people, by primary key, once."""
    contest_pk = object_id_of(request)

    @cache
    def names() -> dict[str, str]:
        if not contest_pk:
            return {}
        stand = Candidate.objects.filter(contest=contest_pk).values("person")
        sat = SittingMember.objects.filter(contest=contest_pk).values("person")
        people = Person.objects.filter(Q(pk__in=stand) | Q(pk__in=sat))
        return {str(person.pk): str(person) for person in people}

    return names


def ballot_is_fixed(contest: Contest | None) -> bool:
    """Whether a result or some totals are published, with these seats and candidates."""
    standing = getattr(contest, "standing", None)
    return standing is not None and standing.is_published
