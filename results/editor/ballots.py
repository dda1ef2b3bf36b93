"""The ballot paper and the sitting members, edited with their contest.

Once votes are published for a candidate their line stays: the record points at it.
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


class KnownPeople(AutocompleteSelect):
    """A choice of person that has the names of the contest's own people at hand, read once."""

    names: Callable[[], dict[str, str]]

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        chosen = [one for one in value if read_id(one)]
        names = self.names()
        if not all(one in names for one in chosen):
            return super().optgroups(name, chosen, attr)
        none = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        options = [self.create_option(name, one, names[one], True, 1) for one in chosen]
        return [(None, [*none, *options], 0)]


class BallotFormSet(BaseInlineFormSet):  # type: ignore[type-arg]
    """Refuses to take away a line that votes or words are published under."""

    def clean(self) -> None:
        super().clean()
        faults = [
            ValidationError(
                _("%(name)s stays on the ballot paper: votes or a quote are published."),
                params={"name": form.instance.name},
            )
            for form in self.deleted_forms
            if form.instance.pk and has_something_published(form.instance)
        ]
        if faults:
            raise ValidationError(faults)


class WithParties(AutocompleteMixin, admin.TabularInline):  # type: ignore[type-arg]
    """An inline that reads the parties and the people once, not once a row."""

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
            field.widget = KnownPeople(*parts, attrs=field.widget.attrs, using=kwargs.get("using"))
            field.widget.choices = choices
            field.widget.names = people_of(request)
        return field


class CandidateInline(WithParties):
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


class SittingMemberInline(WithParties):
    model = SittingMember
    verbose_name_plural = _("Sitting members, where that is the basis for hold and gain")
    fields = ("name", "standing_as", "party", "person")


def people_of(request: HttpRequest) -> Callable[[], dict[str, str]]:
    """The names of the people in the page's contest, by primary key, when they are asked for."""
    chosen = getattr(request.resolver_match, "kwargs", {}).get("object_id")

    @cache
    def names() -> dict[str, str]:
        if not read_id(chosen):
            return {}
        stand, sat = (
            model.objects.filter(contest=read_id(chosen)).values("person")
            for model in (Candidate, SittingMember)
        )
        people = Person.objects.filter(Q(pk__in=stand) | Q(pk__in=sat))
        return {str(person.pk): str(person) for person in people}

    return names


def ballot_is_fixed(contest: Contest | None) -> bool:
    """While a result stands, its seats and candidates are those it was declared for."""
    standing = getattr(contest, "standing", None)
    return standing is not None and standing.has_result


def has_something_published(candidate: Candidate) -> bool:
    return candidate.totals.exists() or candidate.quotes.exists()
