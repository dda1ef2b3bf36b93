"""Bodies and regions in the form of their election."""

from typing import TypeVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from results.editor.annotations import DbField, FieldGroups
from results.editor.bodies import BodiesFormSet, BodyForm, PartsFormSet
from results.editor.fields import form_class_of
from results.models import Body, Election, Region
from results.words import nouns
from results.words.kinds import words_of_kind

Child = TypeVar("Child", Body, Region)


class _Inline(admin.TabularInline[Child, Election]):
    formset = PartsFormSet
    prepopulated_fields = {"slug": ("name",)}
    extra = 0

    def formfield_for_dbfield(
        self, db_field: DbField, request: HttpRequest, **kwargs: object
    ) -> forms.Field | None:
        options = form_class_of(db_field) | kwargs
        return super().formfield_for_dbfield(db_field, request, **options)


class BodyInline(_Inline[Body]):
    model = Body
    form = BodyForm
    formset = BodiesFormSet
    fields = (
        *("name", "name_cy", "slug", "areas", "seats", "composition_before", "not_up"),
        *("control_before", "draft_story"),
    )
    readonly_fields = ("draft_story",)

    @admin.display(description=_("draft story"))
    def draft_story(self, body: Body) -> str:
        if not body.pk:
            return ""
        address = reverse("admin:results_election_council_story", args=[body.pk])
        return format_html('<a href="{}">{}</a>', address, _("Draft story"))

    def get_fields(self, request: HttpRequest, obj: Election | None = None) -> FieldGroups:
        """Leave out the fields that only councils have: areas of several kinds, and control."""
        is_council = obj is None or words_of_kind(obj.kind).body is nouns.COUNCIL
        own = () if is_council else ("areas", "control_before", "draft_story")
        return [name for name in self.fields if name not in own]


class RegionInline(_Inline[Region]):
    model = Region
    fields = ("name", "name_cy", "slug", "nation")
