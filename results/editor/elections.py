"""Elections: the rules of a night, its regions, and the ways to its pages."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from results.editor import night_dashboard, stories
from results.editor.base import DetailsAdmin, Tool
from results.editor.fields import form_class_of
from results.editor.republish import start_new_epochs
from results.models import WITH_RESULT, Bulletin, Election, Region

#: What pages show of an election, or are worked out by.
SEEN = (
    "slug",
    "name",
    "timezone",
    "language",
    "baseline",
    "house_seats",
    "deposits",
    "rehearsal",
    "final",
)


class RegionInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Region
    fields = ("name", "slug", "nation")
    prepopulated_fields = {"slug": ("name",)}
    extra = 0

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        options = form_class_of(db_field) | kwargs
        return super().formfield_for_dbfield(db_field, request, **options)


@admin.register(Election)
class ElectionAdmin(DetailsAdmin):
    """A night's rules are explained where they are set, since readers are told of them too."""

    list_display = ("name", "date", "counts", "bulletins_so_far", "rehearsal", "final", "pages")
    list_filter = ("rehearsal", "final")
    search_fields = ("name", "slug")
    date_hierarchy = "date"
    prepopulated_fields = {"slug": ("name",)}
    inlines = (RegionInline,)
    fieldsets = (
        (None, {"fields": ("name", "slug", "date", "final", "rehearsal")}),
        (
            _("Rules"),
            {
                "fields": ("baseline", "house_seats", "deposits"),
                "description": _(
                    "How holds, gains, majorities and deposits are worked out. The basis is "
                    "printed at the foot of every page, since publishers differ. Changing a rule "
                    "works the whole night out again."
                ),
            },
        ),
        (
            _("Second person"),
            {
                "fields": ("second_person",),
                "description": _(
                    "What one person enters at a count waits until another has confirmed it or "
                    "entered the same. A check asks for a second look at a small majority, an odd "
                    "turnout, or any warning that was overridden."
                ),
            },
        ),
        (
            _("Times and language"),
            {
                "fields": ("polls_close", "timezone", "language"),
                "description": _(
                    "Every time on the pages and in this desk is shown in the election’s own zone."
                ),
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        declared = Count("contests", filter=Q(contests__standing__status__in=WITH_RESULT))
        counted = super().get_queryset(request).select_related("night")
        return counted.annotate(contest_count=Count("contests"), declared_count=declared)

    def election_of(self, obj: Election) -> Election:
        return obj

    @admin.display(description=_("counts"))
    def counts(self, election: Any) -> str:
        return format_html(
            '<a href="{}">{}</a>',
            overview_address(election),
            _("%(declared)d of %(all)d declared")
            % {"declared": election.declared_count, "all": election.contest_count},
        )

    @admin.display(description=_("bulletins"), ordering="night__sequence")
    def bulletins_so_far(self, election: Election) -> int:
        return election.night.sequence

    @admin.display(description=_("pages"))
    def pages(self, election: Election) -> str:
        return format_html(
            '<a href="{}">{}</a> · <a href="{}">{}</a> · <a href="{}">{}</a>',
            reverse("admin:results_election_night", args=[election.pk]),
            _("the night"),
            election.get_absolute_url(),
            _("live page"),
            reverse("corrections_page", args=[election.slug]),
            _("corrections"),
        )

    def get_urls(self) -> list[URLPattern]:
        ours = path(
            "<int:election_pk>/stories.zip",
            self.admin_site.admin_view(stories.all_stories),
            name="results_election_stories",
        )
        screen = path(
            "<int:election_pk>/night/",
            self.admin_site.admin_view(self.night_view),
            name="results_election_night",
        )
        return [ours, screen, *super().get_urls()]

    def night_view(self, request: HttpRequest, election_pk: int) -> HttpResponse:
        return night_dashboard.night_view(request, election_pk, model_admin=self)

    def view_on_site(self, election: Election) -> str:
        return election.get_absolute_url()

    def tools(self, request: HttpRequest, obj: Election) -> Iterator[Tool]:
        yield Tool(str(_("The night")), reverse("admin:results_election_night", args=[obj.pk]))
        yield Tool(str(_("Counts")), overview_address(obj))
        yield Tool(
            str(_("Draft stories")), reverse("admin:results_election_stories", args=[obj.pk])
        )
        yield Tool(str(_("Corrections page")), reverse("corrections_page", args=[obj.slug]))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """An address is a promise once something stands at it, and a rehearsal stays one."""
        return ["slug", "rehearsal"] if obj and is_published(obj) else []

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: Any = None
    ) -> dict[str, Sequence[str]]:
        return {} if obj and is_published(obj) else {"slug": ("name",)}

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_delete_permission(request, obj)
        return allowed and not (obj and is_published(obj))

    def look(self, obj: Any) -> Any:
        if obj.pk is None:
            return None
        rules = Election.objects.filter(pk=obj.pk).values_list(*SEEN).first()
        regions = Region.objects.filter(election=obj).values_list("pk", "name", "slug")
        return rules, tuple(regions)

    def republish(self, obj: Any, before: Any, by: User) -> str:
        if before is None or obj.pk is None:
            return ""
        changed = self.look(obj) != before
        return start_new_epochs([Election.objects.get(pk=obj.pk)] if changed else [])


def is_published(election: Election) -> bool:
    return Bulletin.objects.filter(election=election).exists()


def overview_address(election: Election) -> str:
    """The list of an election's counts."""
    address = reverse("admin:results_contest_changelist")
    return f"{address}?election__id__exact={election.pk}"
