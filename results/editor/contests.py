"""Admin of contests: the list of counts, and the details and ballot paper of each."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db.models import F, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from results import desk
from results.arithmetic import ElectionKind, Method
from results.arithmetic.kinds import RULES
from results.desk.counting_areas import follow_ballot_paper
from results.editor import (
    change_views,
    contest_filters,
    contest_list,
    contest_merge,
    contest_states,
    declaring,
    polls,
    restore,
    stories,
)
from results.editor.annotations import ChoiceField, CleanedData, DbField, DbForeignKey, Fieldsets
from results.editor.ballots import (
    CandidateInline,
    SittingMemberInline,
    ballot_is_fixed,
    object_id_of,
)
from results.editor.base import DetailsAdmin, RecordAdmin, Tool, fieldsets_without
from results.editor.change_forms import CorrectionForm, WithdrawalForm
from results.editor.detail_corrections import DetailCorrections
from results.editor.fields import set_night
from results.editor.merging import may_merge
from results.editor.republish import (
    VisibleContest,
    republish_contest,
    start_new_epochs,
    visible_contest,
)
from results.editor.several_elections import lists_several_elections
from results.models import (
    WITH_RESULT,
    Assignment,
    Body,
    Candidate,
    Contest,
    Election,
    LastResult,
    MergedContest,
    Region,
    SittingMember,
    Standing,
    keep_address,
)
from results.models.contest_lookup import set_qualifiers

#: Kinds whose regions count the seats of their constituencies.
KINDS_WITH_REGIONS = [ElectionKind.SCOTTISH_PARLIAMENT.value, ElectionKind.LONDON_ASSEMBLY.value]
KINDS_WITH_AREAS = [kind.value for kind, rules in RULES.items() if rules.counting_areas]


class ContestForm(forms.ModelForm[Contest]):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        election = self.instance.election if self.instance.election_id else None
        field, stored = self.fields.get("expected_at"), self.instance.expected_at
        set_night(field, election, expected=True, stored=stored)

    def clean(self) -> CleanedData:
        data = super().clean() or {}
        self._require_free_address(data)
        region, election = data.get("region"), data.get("election")
        election_pk = election.pk if election else self.instance.election_id
        if region and election_pk and region.election_id != election_pk:
            self.add_error("region", _("Choose a region of this election."))
        lists = data.get("region_contest")
        if lists and election_pk and lists.election_id != election_pk:
            self.add_error("region_contest", _("Choose a ballot of this election."))
        whole = data.get("part_of")
        if whole and (whole.election_id != election_pk or whole.pk == self.instance.pk):
            self.add_error("part_of", _("Choose another contest of this election."))
        elif whole and (whole.is_counting_area or not whole.election.rules.counting_areas):
            self.add_error("part_of", _("This contest is not counted in areas."))
        elif "part_of" in self.changed_data and self._has_votes():
            self.add_error("part_of", _("This contest has published votes of its own."))
        body = data.get("body")
        if body and election_pk and body.election_id != election_pk:
            self.add_error("body", _("Choose a body of this election."))
        if body is None and Body.objects.filter(election=election_pk).count() > 1:
            self.add_error("body", _("This election has several bodies: choose one."))
        return data

    def _has_votes(self) -> bool:
        return bool(self.instance.pk) and self.instance.declarations.exists()

    def _require_free_address(self, data: CleanedData) -> None:
        """Refuse an address that leads to another contest since a merge."""
        election = data.get("election") or self.instance.election_id
        taken = MergedContest.objects.filter(election=election, slug=data.get("slug", ""))
        if merged := taken.exclude(contest=self.instance.pk).select_related("contest").first():
            words = {"contest": merged.contest.full_name}
            self.add_error("slug", _("This address leads to %(contest)s.") % words)


class PartOfElectionField(forms.ModelChoiceField[Body | Region | Contest]):
    """Field that adds the election to the name of each body or region, to distinguish them."""

    def label_from_instance(self, obj: Body | Region | Contest) -> str:
        return f"{obj.name} ({obj.election})"


@admin.register(Contest)
class ContestAdmin(DetailsAdmin[Contest, VisibleContest]):
    form = ContestForm
    list_display = ("full_name", "state", "result", "majority", "expected", "assigned", "revision")
    list_filter = (
        ("election", admin.RelatedOnlyFieldListFilter),
        ("body", contest_filters.BodyFilter),
        contest_filters.StatusFilter,
        contest_filters.AreasFilter,
        contest_filters.AtDeskFilter,
        contest_filters.AssignedFilter,
        contest_filters.RegionFilter,
        contest_filters.GroupFilter,
    )
    list_per_page = 100
    # By the time at which the declaration is expected.
    ordering = (F("expected_at").asc(nulls_last=True), "sort_key", "pk")
    search_fields = ("name", "code", "body__name", "ballot_paper_id", "venue", "candidates__name")
    search_help_text = _("Contest, candidate, count venue or official code")
    prepopulated_fields = {"slug": ("name",)}
    inlines = (CandidateInline, SittingMemberInline)
    deleted_parts = (Candidate, SittingMember)
    change_list_template = "admin/results/contest/change_list.html"
    fieldsets = (
        (
            None,
            {"fields": ("standing_now", "election", "name", "name_cy", "slug", "body", "region")},
        ),
        (_("Identity"), {"fields": ("code", "ballot_paper_id", "by_election", "part_of")}),
        (_("The count"), {"fields": ("venue", "expected_at", "seats", "electorate")}),
        (_("How the seats are filled"), {"fields": ("method", "region_contest")}),
        (_("Background"), {"fields": ("note",)}),
    )

    # --- The list -----------------------------------------------------------------------------

    full_name = staticmethod(contest_list.full_name)
    state = staticmethod(contest_list.state)
    result = staticmethod(contest_list.result)
    majority = staticmethod(contest_list.majority)
    expected = staticmethod(contest_list.expected)
    assigned = staticmethod(contest_list.assigned)
    revision = staticmethod(contest_list.revision)

    def get_list_display(self, request: HttpRequest) -> list[str | Callable[[Contest], str | bool]]:
        """Name the elections where there are several: nights have seats of the same names."""
        shown = [*super().get_list_display(request)]
        if lists_several_elections(request):
            shown.insert(1, "election")
        return shown

    def get_changelist(self, request: HttpRequest, **kwargs: object) -> type[ChangeList]:
        return contest_list.ContestList

    def get_queryset(self, request: HttpRequest) -> QuerySet[Contest]:
        assignments = Prefetch("assignments", Assignment.objects.select_related("reporter"))
        contests = super().get_queryset(request).select_related("election", "standing")
        return contest_states.with_state(contests).prefetch_related(assignments)

    # --- One contest --------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        views = {
            "declare": self.declare_view,
            "correct": self.correct_view,
            "withdraw": self.withdraw_view,
            "story": self.story_view,
            "poll": self.poll_view,
            "restore": self.restore_view,
            "merge": self.merge_view,
        }
        own = [
            path(
                f"<int:contest_pk>/{name}/",
                self.admin_site.admin_view(view),
                name=f"results_contest_{name}",
            )
            for name, view in views.items()
        ]
        return [*own, *super().get_urls()]

    def declare_view(self, request: HttpRequest, contest_pk: int) -> HttpResponse:
        return declaring.declare_view(request, contest_pk, model_admin=self)

    def correct_view(self, request: HttpRequest, contest_pk: int) -> HttpResponse:
        return change_views.change_view(request, contest_pk, form=CorrectionForm, model_admin=self)

    def withdraw_view(self, request: HttpRequest, contest_pk: int) -> HttpResponse:
        return change_views.change_view(request, contest_pk, form=WithdrawalForm, model_admin=self)

    def story_view(self, request: HttpRequest, contest_pk: int) -> HttpResponse:
        return stories.story_view(request, contest_pk, model_admin=self)

    def poll_view(self, request: HttpRequest, contest_pk: int) -> HttpResponse:
        return polls.poll_view(request, contest_pk, model_admin=self)

    def restore_view(self, request: HttpRequest, contest_pk: int) -> HttpResponse:
        return restore.restore_view(request, contest_pk, model_admin=self)

    def merge_view(self, request: HttpRequest, contest_pk: int) -> HttpResponse:
        return contest_merge.merge_view(request, contest_pk, model_admin=self)

    def view_on_site(self, contest: Contest) -> str:
        return contest.get_absolute_url()

    def tools(self, request: HttpRequest, obj: Contest) -> Iterator[Tool]:
        yield from change_tools(request, obj)
        may = request.user.has_perm
        if Standing.objects.filter(contest=obj, status__in=WITH_RESULT).exists():
            yield Tool(str(_("Draft story")), reverse("admin:results_contest_story", args=[obj.pk]))
        last = LastResult.objects.filter(contest=obj).first()
        if last and may("results.view_lastresult"):
            address = reverse("admin:results_lastresult_change", args=[last.pk])
            yield Tool(str(_("Last result")), address)
        elif not last and may("results.add_lastresult"):
            address = reverse("admin:results_lastresult_add")
            yield Tool(str(_("Add last result")), f"{address}?contest={obj.pk}")
        if may_merge(request, self):
            address = reverse("admin:results_contest_merge", args=[obj.pk])
            yield Tool(str(_("Merge into another contest…")), address)
        if may("results.add_quote"):
            address = reverse("admin:results_quote_add")
            yield Tool(str(_("Add a quote")), f"{address}?contest={obj.pk}")

    @admin.display(description=_("where it stands"))
    def standing_now(self, contest: Contest) -> str:
        sentence = contest_list.standing_sentence(contest)
        waiting = contest_states.waiting_sentence(contest)
        if not waiting:
            return sentence
        if not getattr(contest, "links_to_queue", False):
            return f"{sentence}. {waiting}."
        queue = reverse("admin:results_reviewitem_changelist")
        address = f"{queue}?contest__election__id__exact={contest.election_id}"
        return format_html('{}. <a href="{}">{}</a>.', sentence, address, waiting)

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Contest | None:
        contest: Any = super().get_object(request, object_id, from_field)
        if contest is not None:
            # `standing_now` is not given the request.
            contest.links_to_queue = request.user.has_perm("results.view_reviewitem")
        return contest  # type: ignore[no-any-return]

    def get_fieldsets(self, request: HttpRequest, obj: Contest | None = None) -> Fieldsets:
        """Leave out fields that do not apply yet, or not to the election's kind."""
        without = set()
        if obj is None:
            without.add("standing_now")
        elif obj.election.kind not in KINDS_WITH_REGIONS:
            without.add("region_contest")
        if obj is not None and not obj.election.rules.counting_areas:
            without.add("part_of")
        return fieldsets_without(super().get_fieldsets(request, obj), without)

    def get_readonly_fields(self, request: HttpRequest, obj: Contest | None = None) -> list[str]:
        """Fix the slug once bulletins hold it, and the number of seats while a result stands."""
        if obj is None:
            return []
        fixed = ["standing_now", "election"]
        if self.is_published(obj):
            fixed.append("slug")
        if ballot_is_fixed(obj):
            fixed += ["seats", "method", *(["region_contest"] if obj.region_contest_id else [])]
        return fixed

    def formfield_for_dbfield(
        self, db_field: DbField, request: HttpRequest, **kwargs: object
    ) -> forms.Field | None:
        if db_field.name == "note":
            kwargs["widget"] = AdminTextareaWidget(attrs={"rows": 4})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def formfield_for_foreignkey(
        self, db_field: DbForeignKey, request: HttpRequest, **kwargs: object
    ) -> ChoiceField | None:
        if db_field.name == "part_of":
            kwargs["queryset"] = Contest.objects.filter(
                election__kind__in=KINDS_WITH_AREAS, part_of=None
            ).select_related("election")
        if db_field.name in ("region", "body", "region_contest"):
            contest_pk = object_id_of(request)
            parts = db_field.related_model._default_manager.select_related("election")
            if contest_pk:
                parts = parts.filter(election__contests=contest_pk)
            if db_field.name == "region_contest":
                parts = parts.filter(method=Method.LISTS)
            kwargs |= {"queryset": parts, "form_class": PartOfElectionField}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(
        self, request: HttpRequest, obj: Contest, form: ContestForm, change: bool
    ) -> None:
        before = Contest.objects.filter(pk=obj.pk).select_related("body").first()
        super().save_model(request, obj, form, change)
        if before is not None and before.slug != obj.slug and not obj.election.is_draft:
            keep_address(before, obj)

    # --- Publishing ---------------------------------------------------------------------------

    def is_published(self, obj: Contest) -> bool:
        """Whether a bulletin, a declaration or a quote refers to the contest."""
        if obj.bulletins.exists() or obj.declarations.exists() or obj.quotes.exists():
            return True
        # Those of its counting areas show it, and would be deleted with it.
        return any(map(self.is_published, obj.parts.all()))

    def visible_of(self, obj: Contest) -> VisibleContest | None:
        return visible_contest(obj.pk) if obj.pk else None

    def republish(
        self, obj: Contest, before: VisibleContest | None, corrections: DetailCorrections
    ) -> str:
        election = Election.objects.get(pk=obj.election_id)
        follow_ballot_paper([obj.part_of or obj])
        # Another name or body may make the names of other contests ambiguous, or no longer so.
        others_changed = set_qualifiers(election)
        words = republish_contest(obj, before, corrections)
        if obj.pk and obj.region_contest_id is not None:
            key = f"region-{uuid.uuid4()}"
            desk.follow_link(obj, by=corrections.by, idempotency_key=key)
        # The region that the contest has left, or whose lists these are.
        desk.follow_regions(election, by=corrections.by, idempotency_key=f"region-{uuid.uuid4()}")
        return start_new_epochs([election]) if others_changed else words


@admin.register(Candidate)
class CandidateAdmin(RecordAdmin[Candidate]):
    """Serves autocomplete fields; candidates are edited with the contest."""

    search_fields = ("name", "contest__name")
    list_select_related = ("contest",)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False


def change_tools(request: HttpRequest, contest: Contest) -> Iterator[Tool]:
    """Links to declare, correct and withdraw a result, for editors who may."""
    standing = Standing.objects.filter(contest=contest).first()
    declares = request.user.has_perm("results.add_declaration") and _may_declare(standing)
    if declares and not polls.is_uncontested(contest, contest.candidates.count()):
        declare = reverse("admin:results_contest_declare", args=[contest.pk])
        yield Tool(str(_("Declare…")), declare)
    if not change_views.may_change(request):
        return
    if standing is None or not standing.is_published:
        poll = reverse("admin:results_contest_poll", args=[contest.pk])
        yield Tool(str(_("No poll here…")), poll)
        if standing is not None and standing.status == Standing.Status.WITHDRAWN:
            back = reverse("admin:results_contest_restore", args=[contest.pk])
            yield Tool(str(_("Restore the withdrawn result…")), back, "change-result")
    else:
        withdraw = reverse("admin:results_contest_withdraw", args=[contest.pk])
        if standing.status != Standing.Status.UNOPPOSED:
            correct = reverse("admin:results_contest_correct", args=[contest.pk])
            yield Tool(str(_("Correct…")), correct, "change-result")
        yield Tool(str(_("Withdraw…")), withdraw, "change-result")


def _may_declare(standing: Standing | None) -> bool:
    """Whether the result, or the votes of a published winner, are still awaited."""
    return standing is None or standing.status not in (
        Standing.Status.DECLARED,
        Standing.Status.CORRECTED,
        Standing.Status.UNOPPOSED,
        Standing.Status.POSTPONED,
    )
