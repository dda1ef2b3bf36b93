"""The ballot paper and the sitting members, edited with their contest.

Once votes are published for a candidate their line stays: the record points at it.
"""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import ForeignKey
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from results.editor.base import without_side_doors
from results.models import Candidate, Contest, Party, SittingMember, Standing


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


class WithParties(admin.TabularInline):  # type: ignore[type-arg]
    """An inline that reads the parties once, not once a row."""

    extra = 0
    autocomplete_fields = ("person",)

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        return without_side_doors(field, add=db_field.name == "person")

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        field: Any = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.related_model is Party:
            field.choices = list(field.choices)
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


def ballot_is_fixed(contest: Contest | None) -> bool:
    """While a result stands, its seats and candidates are those it was declared for."""
    if contest is None or contest.pk is None:
        return False
    standing = Standing.objects.filter(contest=contest).first()
    return standing is not None and standing.has_result


def has_something_published(candidate: Candidate) -> bool:
    return candidate.totals.exists() or candidate.quotes.exists()
