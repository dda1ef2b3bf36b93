"""Admin of the log of bulletins: read-only. Names the changed fragments, not their HTML."""

from collections.abc import Iterator

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from results.editor.base import RecordAdmin, Tool, format_local_time
from results.models import Bulletin, ElectionCorrection


@admin.register(Bulletin)
class BulletinAdmin(RecordAdmin[Bulletin]):
    list_display = ("number", "published", "kind", "summary", "contest_link", "by", "election")
    list_filter = (("election", admin.RelatedOnlyFieldListFilter), "kind")
    list_select_related = ("election", "contest", "by")
    list_display_links = ("number", "summary")
    search_fields = ("=sequence", "summary", "contest__name")
    search_help_text = _("Number, words or contest")
    ordering = ("-published_at", "-sequence")
    fields = ("number", "election", "kind", "summary", "contest_link", "by", "published", "parts")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Bulletin]:
        # The fragments of one night are megabytes, and lists do not show them.
        return super().get_queryset(request).defer("fragments")

    def tools(self, request: HttpRequest, obj: Bulletin) -> Iterator[Tool]:
        if obj.declaration_id:
            address = reverse("admin:results_declaration_change", args=[obj.declaration_id])
            yield Tool(str(_("The declaration")), address)

    @admin.display(description=_("number"), ordering="sequence")
    def number(self, bulletin: Bulletin) -> int:
        return bulletin.sequence

    @admin.display(description=_("published at"), ordering="published_at")
    def published(self, bulletin: Bulletin) -> str:
        return format_local_time(bulletin.published_at, bulletin.election, "j M Y, H:i:s")

    @admin.display(description=_("contest"), ordering="contest__sort_key")
    def contest_link(self, bulletin: Bulletin) -> str:
        if bulletin.contest is None:
            return self.empty_value_display
        address = reverse("admin:results_contest_change", args=[bulletin.contest_id])
        return format_html('<a href="{}">{}</a>', address, bulletin.contest.full_name)

    @admin.display(description=_("parts of the pages it changed"))
    def parts(self, bulletin: Bulletin) -> str:
        return ", ".join(sorted(bulletin.fragments))


@admin.register(ElectionCorrection)
class ElectionCorrectionAdmin(RecordAdmin[ElectionCorrection]):
    """Corrections of what many contests share; those of one contest are its declarations."""

    list_display = ("number", "election", "changed", "reason", "blame", "by", "received")
    list_filter = (("election", admin.RelatedOnlyFieldListFilter), "blame")
    list_select_related = ("election", "by")
    search_fields = ("=sequence", "reason")
    search_help_text = _("Number of the bulletin or words of the reason")
    ordering = ("-created_at", "-sequence")
    fields = ("number", "election", "changed", "reason", "blame", "by", "received")
    readonly_fields = fields

    @admin.display(description=_("bulletin"), ordering="sequence")
    def number(self, correction: ElectionCorrection) -> int:
        return correction.sequence

    @admin.display(description=_("changes"))
    def changed(self, correction: ElectionCorrection) -> str:
        return "; ".join(f"{name}: {old} → {new}" for name, old, new in correction.changes)

    @admin.display(description=_("received at"), ordering="created_at")
    def received(self, correction: ElectionCorrection) -> str:
        return format_local_time(correction.created_at, correction.election)
