"""What waits at the desk: results for a second person, voices to approve, corrections asked for.

One click to deal with each, and nobody deals with one twice: the door settles each once.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from results import desk
from results.arithmetic import BallotCounts, read_id
from results.editor.base import RecordAdmin, editor_of, in_zone_of, stamp
from results.live.pictures import path_of
from results.models import WIDTHS, Contest, Notice, ReviewItem
from results.words.number_format import grouped
from results.words.validation_messages import message_text

#: What one must be allowed to do in order to publish each kind.
NEEDED = {
    ReviewItem.Kind.RESULT: "results.add_declaration",
    ReviewItem.Kind.QUOTE: "results.add_quote",
    ReviewItem.Kind.PHOTO: "results.add_photo",
    ReviewItem.Kind.CORRECTION: "results.change_declaration",
}
#: The desk's own wording of what it publishes: the words that may be changed, by kind.
WORDING = {
    ReviewItem.Kind.QUOTE: ("words", "speaker", "role"),
    ReviewItem.Kind.PHOTO: ("caption", "alt", "credit"),
}


class StateFilter(admin.SimpleListFilter):
    """What waits, unless one asks for the rest."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("all", _("All")), *ReviewItem.State.choices]

    def choices(self, changelist: Any) -> Iterator[Any]:
        for value, label in self.lookup_choices:
            yield {
                "selected": (self.value() or ReviewItem.State.WAITING) == value,
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": label,
            }

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        wanted = self.value() or ReviewItem.State.WAITING
        return queryset if wanted == "all" else queryset.filter(state=wanted)


@admin.register(ReviewItem)
class ReviewItemAdmin(RecordAdmin[ReviewItem]):
    list_display = ("kind", "contest", "in_short", "by", "sent", "state", "settled_by")
    list_filter = (
        StateFilter,
        "kind",
        ("contest__election", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("contest__election", "by", "settled_by")
    search_fields = ("contest__name", "by__username", "by__last_name")
    ordering = ("created_at",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("contest__election", "by")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        title = {"title": _("Waiting at the desk")}
        response: HttpResponse = super().changelist_view(request, title | (extra_context or {}))
        return response

    @admin.display(description=gettext_lazy("in short"))
    def in_short(self, offer: ReviewItem) -> str:
        content = offer.content
        said = content.get("words") or content.get("caption") or content.get("reason")
        return Truncator(said or " ".join(content.get("warnings", ()))).chars(120)

    @admin.display(description=gettext_lazy("sent"), ordering="created_at")
    def sent(self, offer: ReviewItem) -> str:
        return stamp(offer.created_at, offer.contest.election, "H:i")

    def get_urls(self) -> list[URLPattern]:
        picture = self.admin_site.admin_view(self.picture_view)
        ours = [path("pictures/<slug:name>.jpg", picture, name="results_picture")]
        return [*ours, *super().get_urls()]

    def picture_view(self, request: HttpRequest, name: str) -> HttpResponse:
        """A picture that readers may not see: one that waits, or an officer's notice."""
        if not (
            request.user.has_perm("results.view_reviewitem")
            or request.user.has_perm("results.view_notice")
        ):
            raise PermissionDenied
        try:
            with default_storage.open(path_of(name, max(WIDTHS))) as file:
                response = HttpResponse(file.read(), content_type="image/jpeg")
        except FileNotFoundError:
            raise Http404 from None
        response.headers["Cache-Control"] = "private, no-store"
        return response

    # --- One of them --------------------------------------------------------------------------

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        offers = ReviewItem.objects.select_related(
            "contest__election", "by", "settled_by", "bulletin"
        )
        offer = get_object_or_404(offers, pk=read_id(object_id))
        with in_zone_of(offer.contest.election):
            if request.method == "POST":
                return self._decide(request, offer)
            if offer.waits:
                # So that nobody else begins with it: a courtesy, and no lock.
                seen = ReviewItem.objects.filter(pk=offer.pk)
                seen.update(opened_by=editor_of(request), opened_at=timezone.now())
            return self._page(request, offer).render()

    def _decide(self, request: HttpRequest, offer: ReviewItem) -> HttpResponse:
        if not request.user.has_perm(NEEDED[ReviewItem.Kind(offer.kind)]):
            raise PermissionDenied
        by = editor_of(request)
        try:
            if "decline" in request.POST:
                desk.decline(offer, by=by, note=request.POST.get("note", ""))
                self.log_change(request, offer, "Set aside.")
                self.message_user(request, _("Set aside. The reporter is told."), messages.SUCCESS)
            else:
                answer = desk.approve(offer, by=by, changes=_wording(request, offer))
                self.log_change(request, offer, f"Published as bulletin {answer.sequence}.")
                said = _("Published as bulletin %(number)d.") % {"number": answer.sequence}
                self.message_user(request, said, messages.SUCCESS)
        except desk.ValidationRefused as refusal:
            words = " ".join(message_text(finding) for finding in refusal.messages)
            return self._page(request, offer, fault=words, status=422).render()
        except desk.StaleRevision:
            words = _("Another result was published there meanwhile: this one cannot follow it.")
            return self._page(request, offer, fault=words, status=409).render()
        except desk.DeskError as refusal:
            self.message_user(request, str(refusal), messages.WARNING)
        return HttpResponseRedirect(reverse("admin:results_reviewitem_changelist"))

    def _page(
        self, request: HttpRequest, offer: ReviewItem, *, fault: str = "", status: int = 200
    ) -> TemplateResponse:
        kind = ReviewItem.Kind(offer.kind)
        typed = request.POST if request.method == "POST" else offer.content
        shown = offer.contest.notices.all()
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": str(offer),
            "offer": offer,
            "contest": offer.contest,
            "election": offer.contest.election,
            "fault": fault,
            "own": kind == ReviewItem.Kind.RESULT and offer.by_id == request.user.pk,
            "may": request.user.has_perm(NEEDED[kind]),
            "wording": [(name, typed.get(name, "")) for name in WORDING.get(kind, ())],
            "table": side_by_side(offer) if offer.ballot_counts else None,
            "notices": [one.name for one in shown],
            "correction": reverse("admin:results_contest_correct", args=[offer.contest_id]),
        }
        return TemplateResponse(request, "editor/offer.html", context, status=status)


def _wording(request: HttpRequest, offer: ReviewItem) -> dict[str, str]:
    """What the desk changed of the words."""
    names = WORDING.get(ReviewItem.Kind(offer.kind), ())
    sent = {name: request.POST[name].strip() for name in names if name in request.POST}
    changed = {name: text for name, text in sent.items() if text != offer.content.get(name, "")}
    if "speaker" in changed:
        changed["candidate"] = ""
    return changed


def side_by_side(offer: ReviewItem) -> dict[str, Any]:
    """Every result that waits for the seat (or what is published), figure by figure."""
    contest: Contest = offer.contest
    columns: list[tuple[str, BallotCounts]] = []
    if offer.kind == ReviewItem.Kind.CORRECTION:
        standing = getattr(contest, "standing", None)
        if standing and standing.declaration:
            columns.append((_("Published"), standing.declaration.ballot_counts))
        columns.append((str(offer.by), BallotCounts.from_json(offer.content["figures"])))
    else:
        waiting = ReviewItem.objects.filter(
            contest=contest, kind=ReviewItem.Kind.RESULT, state=ReviewItem.State.WAITING
        )
        others = waiting.exclude(pk=offer.pk).select_related("by").order_by("pk")
        for one in (offer, *others):
            columns.append((str(one.by), BallotCounts.from_json(one.content["figures"])))
    rows: list[tuple[str, list[Any]]] = [
        (one.name, [ballot_counts.votes.get(one.pk) for _who, ballot_counts in columns])
        for one in contest.candidates.all()
    ]
    for name, label in (
        ("rejected", _("Rejected ballots")),
        ("electorate", _("Electorate")),
        ("papers", _("Ballot papers at verification")),
        ("turnout_announced", _("Turnout as announced")),
    ):
        rows.append((label, [getattr(ballot_counts, name) for _who, ballot_counts in columns]))
    return {
        "heads": [who for who, _figures in columns],
        "rows": [
            (label, [_printed(cell) for cell in cells], len(set(cells)) > 1)
            for label, cells in rows
        ],
    }


def _printed(figure: int | Decimal | None) -> str:
    if figure is None:
        return "–"
    return grouped(figure) if isinstance(figure, int) else f"{figure.normalize():f}%"


@admin.register(Notice)
class NoticeAdmin(RecordAdmin[Notice]):
    """The officers' notices, as reporters pictured them."""

    list_display = ("contest", "by", "created_at", "picture")
    list_filter = (("contest__election", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("contest", "by")
    search_fields = ("contest__name",)
    fields = ("contest", "by", "created_at", "picture")

    @admin.display(description=gettext_lazy("picture"))
    def picture(self, notice: Notice) -> str:
        address = reverse("admin:results_picture", args=[notice.name])
        return format_html('<a href="{}">{}</a>', address, _("Look at it"))
