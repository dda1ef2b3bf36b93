"""Inline admins of a contest: its candidates and its sitting members.

A candidate with published votes or quotes cannot be deleted: the record refers to the row.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.db.models import ForeignKey, Q
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from results.arithmetic import read_id
from results.editor.autocomplete import AutocompleteMixin
from results.editor.base import without_side_doors
from results.editor.fields import form_class_of
from results.models import Candidate, Contest, Party, Person, SittingMember


class ContestPersonSelect(AutocompleteSelect):
    """A person autocomplete that reads the names of the contest's people once for all rows."""

    names: Callable[[], dict[str, str]]

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        selected = [pk for pk in value if read_id(pk)]
        names = self.names()
        if not all(pk in names for pk in selected):
            return super().optgroups(name, selected, attr)
        empty = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        options = [self.create_option(name, pk, names[pk], True, 1) for pk in selected]
        return [(None, [*empty, *options], 0)]


class BallotFormSet(BaseInlineFormSet):  # type: ignore[type-arg]
    """Refuses to delete a candidate with published votes or quotes."""

    def clean(self) -> None:
        super().clean()
        errors = [
            ValidationError(
                _("%(name)s stays on the ballot paper: votes or a quote are published."),
                params={"name": form.instance.name},
            )
            for form in self.deleted_forms
            if form.instance.pk and has_something_published(form.instance)
        ]
        if errors:
            raise ValidationError(errors)


class PartyInline(AutocompleteMixin, admin.TabularInline):  # type: ignore[type-arg]
    """An inline that reads parties and people once, not once for each row."""

    extra = 0
    autocomplete_fields = ("person",)

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        options = form_class_of(db_field) | kwargs
        field = super().formfield_for_dbfield(db_field, request, **options)
        return without_side_doors(field, add=db_field.name == "person")

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        field: Any = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.related_model is Party:
            field.choices = list(field.choices)
        if db_field.related_model is Person:
            choices, parts = field.widget.choices, (db_field, self.admin_site)
            field.widget = ContestPersonSelect(
                *parts, attrs=field.widget.attrs, using=kwargs.get("using")
            )
            field.widget.choices = choices
            field.widget.names = people_of(request)
        return field


class CandidateInline(PartyInline):
    model = Candidate
    formset = BallotFormSet
    verbose_name_plural = _("The ballot paper")
    fields = (
        "ballot_order",
        "name",
        "standing_as",
        "party",
        "description",
        "person",
        "sitting_member",
        "times_elected",
    )

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_add_permission(request, obj) and not ballot_is_fixed(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and not ballot_is_fixed(obj)


class SittingMemberInline(PartyInline):
    model = SittingMember
    verbose_name_plural = _("Sitting members, where that is the basis for hold and gain")
    fields = ("name", "standing_as", "party", "person")


def people_of(request: HttpRequest) -> Callable[[], dict[str, str]]:
    """Return a function that reads the names of the page's contest's people by id, once."""
    contest = read_id(getattr(request.resolver_match, "kwargs", {}).get("object_id"))

    @cache
    def names() -> dict[str, str]:
        if not contest:
            return {}
        candidates, members = (
            model.objects.filter(contest=contest).values("person")
            for model in (Candidate, SittingMember)
        )
        people = Person.objects.filter(Q(pk__in=candidates) | Q(pk__in=members))
        return {str(person.pk): str(person) for person in people}

    return names


def ballot_is_fixed(contest: Contest | None) -> bool:
    """Whether a published result rules out adding and deleting candidates."""
    standing = getattr(contest, "standing", None)
    return standing is not None and standing.has_result


def has_something_published(candidate: Candidate) -> bool:
    return candidate.totals.exists() or candidate.quotes.exists()
