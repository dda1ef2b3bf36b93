"""Admin of the review queue: results for a second person, quotes, photos, correction requests."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
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
from django.utils.translation import gettext as _, gettext_lazy
from django_stubs_ext import StrOrPromise

from results import desk
from results.arithmetic import BallotCounts, read_id
from results.arithmetic.claims import claim_of
from results.editor.admin_page import admin_page
from results.editor.annotations import Context
from results.editor.audited_admin import add_to_history
from results.editor.base import RecordAdmin, editor_of, election_timezone, format_local_time
from results.editor.night.links import return_address
from results.live.candidate_names import attributed_to, told_apart
from results.live.pictures import path_of
from results.live.seat import Seat, read_seats
from results.models import WIDTHS, Notice, ReviewItem
from results.words.ballot_papers import names_from_text, names_to_text
from results.words.nouns import listing
from results.words.number_format import grouped
from results.words.party_names import PartyNames
from results.words.validation_messages import message_text

#: The permission that publishing an item of each kind needs.
REQUIRED_PERMISSIONS = {
    ReviewItem.Kind.RESULT: "results.add_declaration",
    ReviewItem.Kind.QUOTE: "results.add_quote",
    ReviewItem.Kind.PHOTO: "results.add_photo",
    ReviewItem.Kind.CORRECTION: "results.change_declaration",
}
#: Fields of each kind that an editor may reword before publishing it.
EDITABLE_FIELDS = {
    ReviewItem.Kind.QUOTE: ("words", "speaker", "role"),
    ReviewItem.Kind.PHOTO: ("caption", "alt", "credit"),
}


class StateFilter(admin.SimpleListFilter):
    """Filters by state, showing what waits unless another state is chosen."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[ReviewItem]
    ) -> list[tuple[str, StrOrPromise]]:
        return [("all", _("All")), *ReviewItem.State.choices]

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        for value, label in self.lookup_choices:
            yield {
                "selected": (self.value() or ReviewItem.State.WAITING) == value,
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": label,
            }

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[ReviewItem]
    ) -> QuerySet[ReviewItem]:
        state = self.value() or ReviewItem.State.WAITING
        return queryset if state == "all" else queryset.filter(state=state)


@admin.register(ReviewItem)
class ReviewItemAdmin(RecordAdmin[ReviewItem]):
    list_title = gettext_lazy("Waiting at the desk")
    rows_name = gettext_lazy("review items")
    list_display = (*("kind", "contest", "in_short", "blind", "by", "sent", "state", "settled_by"),)
    list_filter = (
        StateFilter,
        "kind",
        ("contest__election", admin.RelatedOnlyFieldListFilter),
    )
    search_fields = ("contest__name", "by__username", "by__last_name")
    ordering = ("created_at",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReviewItem]:
        items = super().get_queryset(request)
        return items.select_related("contest__election", "by", "settled_by")

    @admin.display(description=gettext_lazy("in short"))
    def in_short(self, item: ReviewItem) -> str:
        content = item.content
        text = content.get("words") or content.get("caption") or content.get("reason")
        return Truncator(text or " ".join(content.get("warnings", ()))).chars(120)

    @admin.display(description=gettext_lazy("second person"))
    def blind(self, item: ReviewItem) -> str:
        """The form in which a second person types a waiting result without seeing it."""
        if item.kind != ReviewItem.Kind.RESULT or not item.waits:
            return ""
        contest = item.contest
        count = reverse("count", args=[contest.election.slug, contest.slug])
        return format_html('<a href="{}#result">{}</a>', count, _("Type it without looking"))

    @admin.display(description=gettext_lazy("sent"), ordering="created_at")
    def sent(self, item: ReviewItem) -> str:
        return format_local_time(item.created_at, item.contest.election, "H:i")

    def get_urls(self) -> list[URLPattern]:
        picture = self.admin_site.admin_view(self.picture_view)
        ours = [path("pictures/<slug:name>.jpg", picture, name="results_picture")]
        return [*ours, *super().get_urls()]

    def picture_view(self, request: HttpRequest, name: str) -> HttpResponse:
        """Serve a picture that readers may not see: a waiting photo, or an officer's notice."""
        if not (
            request.user.has_perm("results.view_reviewitem")
            or request.user.has_perm("results.view_notice")
        ):
            raise PermissionDenied
        try:
            with default_storage.open(path_of(name, max(WIDTHS))) as file:
                return HttpResponse(
                    file.read(),
                    content_type="image/jpeg",
                    headers={"Cache-Control": "private, no-store"},
                )
        except OSError:  # it is missing, or may not be read
            raise Http404 from None

    # --- One item -----------------------------------------------------------------------------

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: Context | None = None,
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        items = ReviewItem.objects.select_related(
            "contest__election", "by", "settled_by", "bulletin"
        )
        item = get_object_or_404(items, pk=read_id(object_id))
        with election_timezone(item.contest.election):
            if request.method == "POST":
                return self._close(request, item)
            if item.waits:
                # Shows others who has it open. It is no lock: anybody may still close it.
                opened = ReviewItem.objects.filter(pk=item.pk)
                opened.update(opened_by=editor_of(request), opened_at=timezone.now())
            return self._page(request, item)

    def _close(self, request: HttpRequest, item: ReviewItem) -> HttpResponse:
        """Publish or decline the item, or let it wait again, as the pressed button says."""
        if not request.user.has_perm(REQUIRED_PERMISSIONS[ReviewItem.Kind(item.kind)]):
            raise PermissionDenied
        by = editor_of(request)
        try:
            if "reopen" in request.POST:
                desk.reopen(item, by=by)
                add_to_history(request, item, "Waits again.")
                words = _("It waits again.")
            elif "decline" in request.POST:
                desk.decline(item, by=by, note=request.POST.get("note", ""))
                add_to_history(request, item, "Set aside.")
                words = _("Set aside. The reporter is told.")
            else:
                names = names_from_text(request.POST.get("ballot", ""))
                changes = _changed_wording(request, item)
                result = desk.approve(item, by=by, changes=changes, names=names)
                add_to_history(request, item, f"Published as bulletin {result.sequence}.")
                words = _("%(contest)s: published as bulletin %(number)d.") % {
                    "contest": item.contest.full_name,
                    "number": result.sequence,
                }
            self.message_user(request, words, messages.SUCCESS)
        except desk.ValidationRefused as refusal:
            return self._page(request, item, refused=refusal, status=422)
        except desk.BallotPaperChanged as refusal:
            return self._page(request, item, error=str(refusal), status=409)
        except desk.StaleRevision:
            words = _("Another result was published there meanwhile: this one cannot follow it.")
            return self._page(request, item, error=words, status=409)
        except desk.DeskError as refusal:
            self.message_user(request, str(refusal), messages.WARNING)
        queue = reverse("admin:results_reviewitem_changelist")
        return HttpResponseRedirect(return_address(request, queue))

    def _page(
        self,
        request: HttpRequest,
        item: ReviewItem,
        *,
        error: str = "",
        refused: desk.ValidationRefused | None = None,
        status: int = 200,
    ) -> TemplateResponse:
        kind = ReviewItem.Kind(item.kind)
        seat = Seat(item.contest, PartyNames({}))
        wording = request.POST if request.method == "POST" else item.content
        errors = {each.field: message_text(each) for each in (refused.messages if refused else ())}
        context = {
            "title": str(item),
            "item": item,
            "contest": item.contest,
            "election": item.contest.election,
            "error": error or (str(refused) if refused else ""),
            "own": kind == ReviewItem.Kind.RESULT and item.by_id == request.user.pk,
            "may": request.user.has_perm(REQUIRED_PERMISSIONS[kind]),
            "wording": [
                (name, wording.get(name, ""), errors.get(name, ""))
                for name in EDITABLE_FIELDS.get(kind, ())
            ],
            "note": request.POST.get("note", ""),
            "note_problem": errors.get("note", ""),
            "speaker": _speaker(item),
            "ballot": names_to_text(seat.candidate_names),
            "changes": desk.change_since(item, seat).sentences(),
            "table": side_by_side(item) if item.ballot_counts else None,
            "notices": [notice.name for notice in item.contest.notices.all()],
            "overtaken": is_overtaken(item),
            "correction": reverse("admin:results_contest_correct", args=[item.contest_id]),
            "return_address": return_address(
                request, reverse("admin:results_reviewitem_changelist")
            ),
        }
        return admin_page(
            request, "editor/review_item.html", context, opts=self.opts, status=status
        )


def _speaker(item: ReviewItem) -> str:
    """Whom a quote that was sent is attributed to, if it is a candidate."""
    if not item.content.get("candidate"):
        return ""
    (seat,) = read_seats([item.contest])
    return attributed_to(item.content, seat.candidates)


def _changed_wording(request: HttpRequest, item: ReviewItem) -> dict[str, str]:
    """Return the fields that the editor has reworded. A changed speaker is no candidate."""
    names = EDITABLE_FIELDS.get(ReviewItem.Kind(item.kind), ())
    sent = {name: request.POST[name].strip() for name in names if name in request.POST}
    changed = {name: text for name, text in sent.items() if text != item.content.get(name, "")}
    if "speaker" in changed:
        changed["candidate"] = ""
    return changed


def is_overtaken(item: ReviewItem) -> bool:
    """Whether a newer result than this one is based on is published, so that it cannot follow.

    It can be opened as a correction of what is published, or set aside.
    """
    standing = getattr(item.contest, "standing", None)
    return (
        item.kind == ReviewItem.Kind.RESULT
        and item.waits
        and standing is not None
        and standing.has_result
        and standing.revision != item.content["base_revision"]
    )


def side_by_side(item: ReviewItem) -> Context:
    """Compare the item's counts row by row with those of other waiting results.

    A correction request, and a result that was overtaken, are compared with what is published.
    Returns `heads`, whose counts they
    are, and `rows` of a label, the values as text and whether they differ.
    """
    columns = _columns(item)
    counts = [counts for _head, counts in columns]
    (seat,) = read_seats([item.contest])
    names = told_apart(seat.candidates)
    rows = [
        (name, [_number_text(each.votes.get(pk)) for each in counts]) for pk, name in names.items()
    ]
    rows += [
        (label, [_number_text(getattr(each, figure)) for each in counts])
        for figure, label, is_usual in (
            ("valid_announced", _("Valid votes as announced"), False),
            ("rejected", _("Rejected ballots"), True),
            ("electorate", _("Electorate"), True),
            ("papers", _("Ballot papers at verification"), True),
            ("turnout_announced", _("Turnout as announced"), True),
            ("quota", _("Quota"), False),
        )
        if is_usual or any(getattr(each, figure) is not None for each in counts)
    ]
    by_counts = [_who_is_named(seat, names, each) for each in counts]
    rows += [
        (label, [named[label] or "–" for named in by_counts])
        for label in by_counts[0]
        if any(named[label] for named in by_counts)
    ]
    return {
        "heads": [head for head, _counts in columns],
        "rows": [(label, values, len({*values}) > 1) for label, values in rows],
    }


def _who_is_named(seat: Seat, names: dict[int, str], counts: BallotCounts) -> dict[str, str]:
    """Who is elected by these counts, who was drawn, and at which stages, by the row's label."""
    order = [candidacy.id for candidacy in seat.contest.candidacies]
    claim = claim_of(counts, seats=seat.contest.seats, ballot_order=order, system=seat.system)
    stages = counts.stages or {}
    return {
        _("Elected"): listing([names[pk] for pk in order if pk in claim.elected]),
        _("Drawn by lot"): listing([names[pk] for pk in order if pk in counts.lot]),
        _("Stages"): ", ".join(f"{names[pk]} {stages[pk]}" for pk in order if pk in stages),
    }


def _columns(item: ReviewItem) -> list[tuple[str, BallotCounts]]:
    """Return the item's counts and those to compare them with, each with a heading."""
    own = (str(item.by), BallotCounts.from_json(item.content["figures"]))
    if item.kind == ReviewItem.Kind.CORRECTION:
        standing = getattr(item.contest, "standing", None)
        if standing and standing.declaration:
            return [(_("Published"), standing.declaration.ballot_counts), own]
        return [own]
    waiting = ReviewItem.objects.filter(
        contest=item.contest, kind=ReviewItem.Kind.RESULT, state=ReviewItem.State.WAITING
    )
    others = waiting.exclude(pk=item.pk).select_related("by").order_by("pk")
    published = [(_("Published"), item.contest.standing.declaration)] if is_overtaken(item) else []
    return [
        *((head, declaration.ballot_counts) for head, declaration in published if declaration),
        own,
        *((str(other.by), BallotCounts.from_json(other.content["figures"])) for other in others),
    ]


def _number_text(value: int | Decimal | None) -> str:
    if value is None:
        return "–"
    return grouped(value) if isinstance(value, int) else f"{value.normalize():f}%"


@admin.register(Notice)
class NoticeAdmin(RecordAdmin[Notice]):
    """Photos of returning officers' notices, sent by reporters."""

    list_display = ("contest", "by", "created_at", "picture")
    list_filter = (("contest__election", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("contest__election", "by")
    search_fields = ("contest__name",)
    fields = ("contest", "by", "created_at", "picture")

    @admin.display(description=gettext_lazy("picture"))
    def picture(self, notice: Notice) -> str:
        address = reverse("admin:results_picture", args=[notice.name])
        return format_html('<a href="{}">{}</a>', address, _("Look at it"))
