"""Admin of people, who link candidacies of one person; each ballot paper has its own names."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from results.editor.base import DeskAdmin
from results.editor.inline_rows import RowsFormSet
from results.models import Candidate, Person


class CandidacyInline(admin.TabularInline[Candidate, Person]):
    """A read-only list of candidacies, which are changed on the contest's own page."""

    model = Candidate
    formset = RowsFormSet[Any, Any]
    fields = readonly_fields = ("contest", "name", "party", "standing_as")
    can_delete = False
    show_change_link = False
    extra = 0
    verbose_name_plural = _("Stands in")

    def has_add_permission(self, request: HttpRequest, obj: Person | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Person | None = None) -> bool:
        return False


@admin.register(Person)
class PersonAdmin(DeskAdmin[Person]):
    list_display = ("name", "democracy_club_id", "times_standing")
    search_fields = ("name", "democracy_club_id")
    inlines = (CandidacyInline,)
    instead_of_deleting = _(
        "Take this person from these ballot papers first, on the page of each contest."
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Person]:
        return super().get_queryset(request).annotate(standing_count=Count("candidacies"))

    @admin.display(description=_("stands in"), ordering="standing_count")
    def times_standing(self, person: Person) -> int:
        return getattr(person, "standing_count", 0)
