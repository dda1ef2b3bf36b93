"""Admin of last results, the baseline of changes of share, holds and gains."""

from collections.abc import Iterator

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from results.editor.ballots import PartyInline
from results.editor.base import DetailsAdmin, Tool
from results.editor.detail_corrections import DetailCorrections
from results.editor.republish import VisibleContest, republish_contest, visible_contest
from results.models import LastResult, LastVotes


class LastVotesInline(PartyInline[LastVotes, LastResult]):
    model = LastVotes
    fields = ("name", "standing_as", "party", "votes", "share", "elected", "person")


@admin.register(LastResult)
class LastResultAdmin(DetailsAdmin[LastResult, VisibleContest]):
    list_display = ("contest", "election", "date", "notional", "electorate", "valid", "source")
    list_filter = (("contest__election", admin.RelatedOnlyFieldListFilter), "notional")
    search_fields = ("contest__name",)
    autocomplete_fields = ("contest",)
    inlines = (LastVotesInline,)
    fieldsets = (
        (None, {"fields": ("contest", "date", "notional", "source")}),
        (_("Figures"), {"fields": ("seats", "electorate", "valid", "rejected")}),
    )

    @admin.display(description=_("election"), ordering="contest__election")
    def election(self, result: LastResult) -> str:
        return str(result.contest.election)

    def get_queryset(self, request: HttpRequest) -> QuerySet[LastResult]:
        return super().get_queryset(request).select_related("contest__election")

    def get_readonly_fields(self, request: HttpRequest, obj: LastResult | None = None) -> list[str]:
        return ["contest"] if obj else []

    def tools(self, request: HttpRequest, obj: LastResult) -> Iterator[Tool]:
        yield Tool(
            obj.contest.full_name, reverse("admin:results_contest_change", args=[obj.contest_id])
        )

    def visible_of(self, obj: LastResult) -> VisibleContest | None:
        return visible_contest(obj.contest_id)

    def republish(
        self, obj: LastResult, before: VisibleContest | None, corrections: DetailCorrections
    ) -> str:
        return republish_contest(obj.contest, before, corrections)
