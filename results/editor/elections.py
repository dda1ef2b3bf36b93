"""Admin of elections: rules, and links to the pages of each."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypedDict

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise, WithAnnotations

from results import desk
from results.arithmetic import ElectionKind
from results.editor import expected_times, print_out, stories, visibility
from results.editor.annotations import Fieldsets
from results.editor.base import DetailsAdmin, Tool, fieldsets_without
from results.editor.detail_corrections import DetailCorrections
from results.editor.election_form import ElectionForm, told_close_of_poll
from results.editor.election_parts import BodyInline, RegionInline
from results.editor.night import views as night
from results.editor.republish import changed_values, republish_elections
from results.live.bodies import claims_of_bodies
from results.models import WITH_RESULT, Body, Election, HouseStyle, Region, Standing
from results.models.body import rename_default
from results.models.contest_lookup import set_qualifiers
from results.models.election import KINDS
from results.words.party_seats import changed_claims

#: Columns that readers' pages show or are computed from.
VISIBLE_COLUMNS = (
    "slug",
    "name",
    "kind",
    "date",
    "timezone",
    "polls_close",
    "language",
    "second_language",
    "name_cy",
    "baseline",
    "house_seats",
    "deposits",
    "hex_layout",
    "rehearsal",
    "final",
)

#: Columns that readers were told as facts, or that results are computed from.
CLAIMED_COLUMNS = ("name", "kind", "date", "baseline", "house_seats", "deposits")


class ContestCounts(TypedDict):
    """Annotations of the elections in the list's query."""

    contest_count: int
    declared_count: int
    postponed_count: int


class KindFilter(admin.SimpleListFilter):
    """Filter by the kinds of the stored elections; hidden if there is only one."""

    title = _("kind")
    parameter_name = "kind"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Election]
    ) -> list[tuple[str, StrOrPromise]]:
        there = set(Election.objects.order_by().values_list("kind", flat=True).distinct())
        return [(kind, name) for kind, name in KINDS if kind in there] if len(there) > 1 else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Election]) -> QuerySet[Election]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Election)
class ElectionAdmin(DetailsAdmin[Election, object]):
    form = ElectionForm
    list_display = (
        *("name", "date", "visibility", "counts", "bulletins_so_far", "rehearsal", "final"),
        "pages",
    )
    list_filter = (KindFilter, "visibility", "rehearsal", "final")
    search_fields = ("name", "slug")
    date_hierarchy = "date"
    prepopulated_fields = {"slug": ("name",)}
    inlines = (BodyInline, RegionInline)
    fieldsets = (
        (
            None,
            {"fields": ("name", "slug", "kind", "date", "final", "close_anyway", "rehearsal")},
        ),
        (
            _("Languages"),
            {
                "fields": ("language", "second_language", "name_cy"),
                "description": _(
                    "Of readers’ pages. A reporter chooses a language on the phone; the desk is in "
                    "English. A Welsh speaker has still to read our Welsh."
                ),
            },
        ),
        (
            _("Rules"),
            {
                "fields": ("baseline", "house_seats", "deposits"),
                "description": _(
                    "How holds, gains and the rest are worked out. The basis is printed at the "
                    "foot of every page, since publishers differ. Changing a rule works the whole "
                    "night out again."
                ),
            },
        ),
        (
            _("Second person"),
            {
                "fields": ("second_person",),
                "description": _(
                    "What one person enters at a count waits until another has confirmed it or "
                    "entered the same. A check asks for a second look where it asks for a reason, "
                    "as at an odd turnout. A small majority is only noted."
                ),
            },
        ),
        (
            _("Times"),
            {
                "fields": ("polls_close", "move_anyway", "timezone"),
                "description": _(
                    "Every time on the pages and in this desk is shown in the election’s own zone. "
                    "Another zone moves nothing: pages show the same moments at its hours."
                ),
            },
        ),
    )

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, str | list[str]]:
        return {
            "timezone": HouseStyle.load().timezone,
            "language": HouseStyle.load().language,
            **super().get_changeform_initial_data(request),
        }

    def get_fieldsets(self, request: HttpRequest, obj: Election | None = None) -> Fieldsets:
        """Leave out the rules that do not apply to the election's kind."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None:
            return fieldsets_without(fieldsets, {"final", "close_anyway", "move_anyway"})
        without = set() if not obj.final else {"close_anyway"}
        if told_close_of_poll(obj) is None:
            without.add("move_anyway")
        if obj.rules.deposit_threshold is None:
            without.add("deposits")
        if obj.kind != ElectionKind.UK_PARLIAMENT:
            without.add("house_seats")
        return fieldsets_without(fieldsets, without)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Election]:
        wholes = Q(contests__isnull=False, contests__part_of=None)
        declared = Q(contests__standing__status__in=WITH_RESULT)
        postponed = Q(contests__standing__status=Standing.Status.POSTPONED)
        return (
            super()
            .get_queryset(request)
            .select_related("night")
            .annotate(
                contest_count=Count("contests", filter=wholes),
                declared_count=Count("contests", filter=wholes & declared),
                postponed_count=Count("contests", filter=wholes & postponed),
            )
        )

    @admin.display(description=_("counts"))
    def counts(self, election: "WithAnnotations[Election, ContestCounts]") -> str:
        params = {"declared": election.declared_count, "all": election.contest_count}
        label = _("%(declared)d of %(all)d declared") % params
        if election.postponed_count:
            label += _(", %(postponed)d postponed") % {"postponed": election.postponed_count}
        # The filter is not applied where there are no counting areas.
        address = f"{contest_list_address(election)}&areas=no"
        return format_html('<a href="{}">{}</a>', address, label)

    @admin.display(description=_("bulletins"), ordering="night__sequence")
    def bulletins_so_far(self, election: Election) -> int:
        return election.night.sequence

    @admin.display(description=_("pages"))
    def pages(self, election: Election) -> str:
        return format_html(
            '<a href="{}">{}</a> · <a href="{}">{}</a> · <a href="{}">{}</a>',
            reverse("admin:results_election_night", args=[election.pk]),
            _("the night"),
            live_page_of(election),
            _("live page") if election.is_published else _("preview"),
            reverse("corrections_page", args=[election.slug]),
            _("corrections"),
        )

    def get_urls(self) -> list[URLPattern]:
        archive = path(
            "<int:election_pk>/stories.zip",
            self.admin_site.admin_view(stories.all_stories),
            name="results_election_stories",
        )
        printed = path(
            "<int:election_pk>/print/",
            self.admin_site.admin_view(self.print_view),
            name="results_election_print",
        )
        times = path(
            "<int:election_pk>/times/",
            self.admin_site.admin_view(self.times_view),
            name="results_election_times",
        )
        council = path(
            "councils/<int:body_pk>/story/",
            self.admin_site.admin_view(self.council_story_view),
            name="results_election_council_story",
        )
        return [
            archive,
            *night.urls(self),
            times,
            printed,
            council,
            *visibility.addresses(self),
            *super().get_urls(),
        ]

    def council_story_view(self, request: HttpRequest, body_pk: int) -> HttpResponse:
        return stories.council_story_view(request, body_pk, model_admin=self)

    def print_view(self, request: HttpRequest, election_pk: int) -> HttpResponse:
        return print_out.print_view(request, election_pk, model_admin=self)

    def times_view(self, request: HttpRequest, election_pk: int) -> HttpResponse:
        return expected_times.expected_times_view(request, election_pk, model_admin=self)

    def view_on_site(self, election: Election) -> str:
        return live_page_of(election)

    def tools(self, request: HttpRequest, obj: Election) -> Iterator[Tool]:
        yield Tool(str(_("The night")), reverse("admin:results_election_night", args=[obj.pk]))
        yield Tool(str(_("Contests")), contest_list_address(obj))
        if request.user.has_perm("results.change_contest"):
            times = reverse("admin:results_election_times", args=[obj.pk])
            yield Tool(str(_("Expected times and venues")), times)
        archive = reverse("admin:results_election_stories", args=[obj.pk])
        yield Tool(str(_("Draft stories")), archive)
        yield Tool(str(_("Print-out")), reverse("admin:results_election_print", args=[obj.pk]))
        if obj.is_published:
            yield Tool(str(_("Corrections page")), reverse("corrections_page", args=[obj.slug]))
        yield from self._visibility_tools(request, obj)

    def _visibility_tools(self, request: HttpRequest, obj: Election) -> Iterator[Tool]:
        """Yield links to the pages that set up, publish, withdraw or delete the election."""
        labels = (
            ("publish", _("Publish…"), not obj.is_published),
            ("front", _("Front page…"), obj.is_published),
            ("withdraw", _("Withdraw…"), obj.is_published),
            ("delete_draft", _("Delete…"), obj.is_draft),
        )
        if request.user.has_perm("results.add_election"):
            yield Tool(str(_("Set up")), reverse("set_up_election", args=[obj.pk]))
        for action, label, fits in labels:
            if fits and visibility.may(request, action):
                yield Tool(str(label), reverse(f"admin:results_election_{action}", args=[obj.pk]))

    def has_delete_permission(self, request: HttpRequest, obj: Election | None = None) -> bool:
        """Refuse deletion here: drafts are deleted, as a whole, on a page of their own."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Election | None = None) -> list[str]:
        """Fix the public address, and whether it is a rehearsal, with the first bulletin."""
        return ["slug", "rehearsal"] if obj and self.is_published(obj) else []

    def is_published(self, obj: Election) -> bool:
        return obj.bulletins.exists()

    def save_model(
        self, request: HttpRequest, obj: Election, form: ElectionForm, change: bool
    ) -> None:
        before = Election.objects.filter(pk=obj.pk).values("kind", "name").first()
        if not change:
            obj.visibility = Election.Visibility.DRAFT
        super().save_model(request, obj, form, change)
        if change and "polls_close" in form.changed_data:
            desk.close_of_poll_was_moved(obj)
        if before is not None:
            rename_default(obj, **before)

    def visible_of(self, obj: Election) -> object:
        if not obj.pk:
            return None
        columns = Election.objects.filter(pk=obj.pk).values_list(*VISIBLE_COLUMNS).first()
        parts = [
            tuple(
                model._default_manager.filter(election=obj).values_list(
                    "pk", "name", "slug", "name_cy"
                )
            )
            for model in (Region, Body)
        ]
        stated = desk.stated_election(Election.objects.get(pk=obj.pk))
        return columns, *parts, claims_of_bodies(obj), stated

    def republish(self, obj: Election, before: object, corrections: DetailCorrections) -> str:
        if before is None or not obj.pk:
            return ""
        # A body's name stands beside those of its contests that others have as well.
        set_qualifiers(obj)
        after = self.visible_of(obj)
        assert isinstance(before, tuple)
        assert isinstance(after, tuple)
        changes = [
            *changed_values(Election, CLAIMED_COLUMNS, before[0], after[0], VISIBLE_COLUMNS),
            *_renamed(str(_("Region")), before[1], after[1]),
            *_renamed(str(_("Body")), before[2], after[2]),
            *_changed_bodies(before[3], after[3]),
        ]
        elections = [Election.objects.get(pk=obj.pk)] if after != before else []
        was_final = bool(before[0][VISIBLE_COLUMNS.index("final")])
        return republish_elections(elections, changes, corrections, was_final=was_final)


def _renamed(
    label: str, before: Iterable[tuple[Any, ...]], after: Iterable[tuple[Any, ...]]
) -> Iterator[tuple[str, str, str]]:
    names = {pk: name for pk, name, *_others in before}
    for pk, name, *_others in after:
        if pk in names and names[pk] != name:
            yield label, names[pk], name


def _changed_bodies(
    before: Mapping[int, Mapping[str, str]], after: Mapping[int, Mapping[str, str]]
) -> Iterator[tuple[str, str, str]]:
    """Yield the claims about each body's seats that have changed: label, before, after."""
    for pk, claims in after.items():
        if pk in before:
            yield from changed_claims(before[pk], claims)


def live_page_of(election: Election) -> str:
    """Address of the live page, or of its preview if readers cannot see it."""
    if election.is_published:
        return election.get_absolute_url()
    return reverse("set_up_preview", args=[election.pk, f"{election.slug}/"])


def contest_list_address(election: Election) -> str:
    """The address of the admin's list of the election's contests."""
    address = reverse("admin:results_contest_changelist")
    return f"{address}?election__id__exact={election.pk}"
