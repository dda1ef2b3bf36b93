"""Admin of the audit trail: read-only, with an export as CSV."""

import csv

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ERROR_FLAG
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from results.editor.annotations import Context
from results.editor.base import RecordAdmin
from results.live.cells import plain_cell
from results.live.data import BYTE_ORDER_MARK
from results.models import EARLIER_WORDS, AuditEntry

COLUMNS = ("at", "user", "network", "what", "election", "contest", "about", "before", "after")


class ActionFilter(admin.SimpleListFilter):
    """Filter by the action, in the words of today for entries of earlier releases as well."""

    title = gettext_lazy("what")
    parameter_name = "what"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[AuditEntry]
    ) -> list[tuple[str, str]]:
        stored = AuditEntry.objects.order_by().values_list("what", flat=True).distinct()
        words = {EARLIER_WORDS.get(what, what) for what in stored}
        return [(what, what) for what in sorted(words)]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[AuditEntry]
    ) -> QuerySet[AuditEntry]:
        what = self.value()
        if not what:
            return queryset
        earlier = [old for old, new in EARLIER_WORDS.items() if new == what]
        return queryset.filter(what__in=[what, *earlier])


class ElectionFilter(admin.SimpleListFilter):
    """Filter by the stored slug, because entries outlive their election."""

    title = gettext_lazy("election")
    parameter_name = "election"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[AuditEntry]
    ) -> list[tuple[str, str]]:
        slugs = AuditEntry.objects.exclude(election="").values_list("election", flat=True)
        return [(slug, slug) for slug in sorted(set(slugs.order_by().distinct()))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[AuditEntry]
    ) -> QuerySet[AuditEntry]:
        return queryset.filter(election=self.value()) if self.value() else queryset


@admin.register(AuditEntry)
class AuditEntryAdmin(RecordAdmin[AuditEntry]):
    list_title = gettext_lazy("Who did what")
    rows_name = gettext_lazy("actions")
    list_display = ("moment", "user", "network", "action", "contest", "about")
    list_display_links = ("moment", "about")
    list_filter = (ActionFilter, ElectionFilter)
    search_fields = ("user", "contest", "about", "before", "after")
    search_help_text = gettext_lazy("Person, contest, or anything that was written")
    date_hierarchy = "at"
    ordering = ("-at", "-pk")
    fields = tuple("action" if name == "what" else name for name in COLUMNS)
    readonly_fields = ("action",)

    @admin.display(description=gettext_lazy("what"), ordering="what")
    def action(self, entry: AuditEntry) -> str:
        return entry.what_in_words

    @admin.display(description=gettext_lazy("at"), ordering="at")
    def moment(self, entry: AuditEntry) -> str:
        return timezone.localtime(entry.at).strftime("%d/%m/%Y %H:%M:%S")

    def get_urls(self) -> list[URLPattern]:
        export = path(
            "export.csv",
            self.admin_site.admin_view(self.export_view),
            name="results_auditentry_export",
        )
        return [export, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: Context | None = None
    ) -> HttpResponse:
        address = f"{reverse('admin:results_auditentry_export')}?{request.GET.urlencode()}"
        extra = {"export_address": address, **(extra_context or {})}
        return super().changelist_view(request, extra)

    def export_view(self, request: HttpRequest) -> HttpResponse:
        """The whole list as CSV, with the same filters."""
        if not self.has_view_permission(request):
            return HttpResponse(status=403)
        try:
            entries = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            # Django's own list does the same, and then shows that the filters are invalid.
            address = reverse("admin:results_auditentry_changelist")
            return HttpResponseRedirect(f"{address}?{ERROR_FLAG}=1")
        response = HttpResponse(
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="who-did-what.csv"'},
        )
        response.write(BYTE_ORDER_MARK)
        rows = csv.writer(response)
        rows.writerow(COLUMNS)
        rows.writerows(
            [plain_cell(_cell(entry, name)) for name in COLUMNS] for entry in entries.iterator()
        )
        return response


def _cell(entry: AuditEntry, name: str) -> str:
    if name == "what":
        return entry.what_in_words
    value = getattr(entry, name)
    return value.isoformat() if name == "at" else str(value or "")
