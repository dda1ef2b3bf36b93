"""Filters of the admin's list of contests."""

from collections import Counter
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.db.models.fields.related import RelatedField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _, pgettext_lazy
from django_stubs_ext import StrOrPromise

from results.arithmetic import read_id
from results.arithmetic.sorting import sort_key
from results.editor.contest_states import (
    STATE_GROUPS,
    STATE_LABELS,
    ContestWithState,
    results_that_wait,
)
from results.models import Body, Contest, Group, Region


def yes_or_no(value: bool) -> str:
    """The value of a filter that has two."""
    return "yes" if value else "no"


class StatusFilter(admin.SimpleListFilter):
    title = pgettext_lazy("of a count", "state")
    parameter_name = "state"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Contest]
    ) -> list[tuple[str, StrOrPromise]]:
        return [
            *((status.value, label) for status, label in STATE_LABELS.items()),
            *((value, label) for value, (label, _statuses) in STATE_GROUPS.items()),
        ]

    def queryset(
        self, request: HttpRequest, queryset: "QuerySet[ContestWithState]"
    ) -> "QuerySet[ContestWithState]":
        state = self.value()
        if not state:
            return queryset
        _label, statuses = STATE_GROUPS.get(state, ("", [state]))
        return queryset.filter(state__in=statuses)


class AreasFilter(admin.SimpleListFilter):
    """Tells contests from their counting areas; not offered where there are none."""

    title = _("counting areas")
    parameter_name = "areas"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Contest]
    ) -> list[tuple[str, StrOrPromise]]:
        areas = Contest.objects.exclude(part_of=None)
        if election := read_id(request.GET.get("election__id__exact", "")):
            areas = areas.filter(election=election)
        return [("no", _("Contests")), ("yes", _("Counting areas"))] if areas.exists() else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Contest]) -> QuerySet[Contest]:
        if not self.value():
            return queryset
        return queryset.filter(part_of__isnull=self.value() == "no")


class AtDeskFilter(admin.SimpleListFilter):
    title = _("result at the desk")
    parameter_name = "desk"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Contest]
    ) -> list[tuple[str, StrOrPromise]]:
        return [("yes", _("Waits for approval")), ("no", _("None waits"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Contest]) -> QuerySet[Contest]:
        if not self.value():
            return queryset
        waits = Q(pk__in=results_that_wait().values("contest"))
        return queryset.filter(waits if self.value() == "yes" else ~waits)


class AssignedFilter(admin.SimpleListFilter):
    title = _("reporter")
    parameter_name = "assigned"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Contest]
    ) -> list[tuple[str, StrOrPromise]]:
        return [("no", _("Nobody assigned")), ("yes", _("Somebody assigned"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Contest]) -> QuerySet[Contest]:
        if not self.value():
            return queryset
        return queryset.filter(assignments__isnull=self.value() == "no").distinct()


class BodyFilter(admin.RelatedOnlyFieldListFilter):
    """Offers the bodies of the election that is chosen: a council night has no House.

    Where none is chosen, those of the same name are told apart by their elections.
    """

    def field_choices(
        self,
        field: RelatedField[Any, Any],
        request: HttpRequest,
        model_admin: admin.ModelAdmin[Any],
    ) -> list[tuple[str, StrOrPromise]]:
        choices = super().field_choices(field, request, model_admin)
        election = read_id(request.GET.get("election__id__exact", ""))
        if election:
            bodies = Body.objects.filter(election=election)
            own = {str(pk) for pk in bodies.values_list("pk", flat=True)}
            return [(key, name) for key, name in choices if str(key) in own]
        times = Counter(str(name) for _key, name in choices)
        elections = dict(Body.objects.values_list("pk", "election__name"))
        return [
            (key, name if times[str(name)] == 1 else f"{name}, {elections[int(key)]}")
            for key, name in choices
        ]


class RegionFilter(admin.SimpleListFilter):
    """Filters by name, because each election has a region called London of its own."""

    title = _("region")
    parameter_name = "region"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Contest]
    ) -> list[tuple[str, StrOrPromise]]:
        regions = Region.objects.filter(contests__isnull=False)
        election = read_id(request.GET.get("election__id__exact", ""))
        if election:
            regions = regions.filter(election=election)
        names = set(regions.order_by().values_list("name", flat=True))
        return [(name, name) for name in sorted(names, key=sort_key)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Contest]) -> QuerySet[Contest]:
        return queryset.filter(region__name=self.value()) if self.value() else queryset


class GroupFilter(admin.SimpleListFilter):
    """Offers the groups of the election that is chosen."""

    title = _("group")
    parameter_name = "group"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Contest]
    ) -> list[tuple[str, str]]:
        election = read_id(request.GET.get("election__id__exact", ""))
        groups = Group.objects.filter(election=election or None)
        return [(str(pk), name) for pk, name in groups.values_list("pk", "name")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Contest]) -> QuerySet[Contest]:
        if not self.value():
            return queryset
        # A subquery: a join would list a contest once for each of its groups.
        contests = Group.contests.through.objects.filter(group=read_id(self.value() or "") or 0)
        return queryset.filter(pk__in=contests.values("contest"))
