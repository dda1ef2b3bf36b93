"""Quotes, filed and reworded through the door: another wording is another row."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from results import desk
from results.editor.base import DeskAdmin, Tool, editor_of, stamp
from results.editor.idempotency import KeyField, with_key
from results.models import Candidate, Contest, Election, Quote


class QuoteForm(forms.ModelForm):  # type: ignore[type-arg]
    """What was said, by whom, where. A candidate speaks under the name on their ballot paper."""

    idempotency_key = KeyField()

    class Meta:
        model = Quote
        fields = (
            "election",
            "contest",
            "candidate",
            "speaker",
            "role",
            "location",
            "words",
            "reported",
            "said_at",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("election", "speaker", "said_at"):
            if name in self.fields:
                self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        contest, candidate = self._whose(values)
        values["contest"], values["candidate"] = contest, candidate
        values["election"] = self._election(values, contest)
        if not values["election"]:
            self.add_error("election", _("Choose the election, or the contest."))
        if candidate is None and not values.get("speaker"):
            self.add_error("speaker", _("Name the speaker, or choose a candidate."))
        if values.get("said_at") and values["election"]:
            # Typed as the clock at the count showed it.
            typed = timezone.localtime(values["said_at"]).replace(tzinfo=None)
            values["said_at"] = timezone.make_aware(typed, values["election"].zone)
        return values

    def _whose(self, values: dict[str, Any]) -> tuple[Contest | None, Candidate | None]:
        """The contest and the candidate; either may come from the other, or from before."""
        candidate = values.get("candidate")
        contest = values.get("contest")
        if self.instance.pk:
            contest = self.instance.contest
        if candidate and contest is None:
            contest = candidate.contest
        if candidate and contest and candidate.contest_id != contest.pk:
            self.add_error("candidate", _("Choose a candidate of this contest."))
        return contest, candidate

    def _election(self, values: dict[str, Any], contest: Contest | None) -> Any:
        if self.instance.pk:
            return self.instance.election
        chosen: Election | None = values.get("election")
        if contest and chosen and contest.election_id != chosen.pk:
            self.add_error("contest", _("Choose a contest of this election."))
        return chosen or (contest.election if contest else None)


@admin.register(Quote)
class QuoteAdmin(DeskAdmin):
    form = QuoteForm
    list_display = ("speaker", "start", "contest", "said", "reported", "is_current", "by")
    list_filter = (("election", admin.RelatedOnlyFieldListFilter), "reported")
    list_select_related = ("election", "contest", "by", "replaced_by")
    search_fields = ("speaker", "words", "contest__name")
    autocomplete_fields = ("contest", "candidate")
    actions = ("withdraw",)
    ordering = ("-said_at", "-pk")
    fieldsets = (
        (_("Words"), {"fields": ("words", "reported")}),
        (_("Speaker"), {"fields": ("candidate", "speaker", "role")}),
        (_("Where and when"), {"fields": ("contest", "election", "location", "said_at", "key")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("election", "replaced_by")

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "words":
            kwargs["widget"] = AdminTextareaWidget(attrs={"rows": 4})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def election_of(self, obj: Quote) -> Election:
        return obj.election

    @admin.display(description=_("words"))
    def start(self, quote: Quote) -> str:
        return quote.words if len(quote.words) <= 80 else f"{quote.words[:79]}…"

    @admin.display(description=_("said at"), ordering="said_at")
    def said(self, quote: Quote) -> str:
        return stamp(quote.said_at, quote.election)

    @admin.display(description=_("on the pages"), boolean=True)
    def is_current(self, quote: Quote) -> bool:
        return not quote.withdrawn and not hasattr(quote, "replaced_by")

    @admin.action(description=_("Withdraw: gone from every page"), permissions=["change"])
    def withdraw(self, request: HttpRequest, quotes: "QuerySet[Quote]") -> None:
        for quote in quotes.select_related("contest__election", "replaced_by"):
            if not self.is_current(quote):
                continue
            idempotency_key = f"withdraw-quote-{quote.pk}"
            answer = desk.withdraw_quote(
                quote, by=editor_of(request), idempotency_key=idempotency_key
            )
            said = _("Withdrawn: bulletin %(number)d.") % {"number": answer.sequence}
            self.message_user(request, said, messages.SUCCESS)

    def tools(self, request: HttpRequest, obj: Quote) -> Iterator[Tool]:
        later = getattr(obj, "replaced_by", None)
        if later:
            address = reverse("admin:results_quote_change", args=[later.pk])
            yield Tool(str(_("The newer wording")), address)
        if obj.replaces_id:
            address = reverse("admin:results_quote_change", args=[obj.replaces_id])
            yield Tool(str(_("The wording before")), address)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["contest", "election"] if obj else []

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only the newest wording can be reworded."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or self.is_current(obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Quote, form: Any, change: bool) -> None:
        """Through the door alone. ``obj`` becomes the row that the door wrote."""
        if change and not form.has_changed():
            self.message_user(request, _("The wording is as it was: nothing was published."))
            return
        before = Quote.objects.get(pk=obj.pk) if change else None
        answer = with_key(
            form.cleaned_data["key"],
            lambda idempotency_key: file_quote(
                form, by=editor_of(request), idempotency_key=idempotency_key, replaces=before
            ),
        )
        filed = answer.bulletin.quote
        assert filed is not None
        obj.pk = filed.pk
        said = _("Published as bulletin %(number)d.") % {"number": answer.sequence}
        self.message_user(request, said, messages.SUCCESS)

    def response_add(
        self, request: HttpRequest, obj: Quote, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self._done(request, obj)

    def response_change(self, request: HttpRequest, obj: Quote) -> HttpResponse:
        return self._done(request, obj)

    def _done(self, request: HttpRequest, obj: Quote) -> HttpResponse:
        """What an editor goes on with is the newest wording; the one before is history."""
        if "_continue" in request.POST:
            address = reverse("admin:results_quote_change", args=[obj.pk])
            return HttpResponseRedirect(address)
        if "_addanother" in request.POST:
            return HttpResponseRedirect(reverse("admin:results_quote_add"))
        return self.response_post_save_change(request, obj)


def file_quote(
    form: QuoteForm, *, by: User, idempotency_key: str, replaces: Quote | None
) -> desk.PublishResult:
    told = form.cleaned_data
    retimed = replaces is None or "said_at" in form.changed_data
    return desk.quote(
        told["election"],
        told["words"],
        by=by,
        idempotency_key=idempotency_key,
        contest=told["contest"],
        candidate=told["candidate"],
        speaker=told.get("speaker", ""),
        role=told.get("role", ""),
        location=told.get("location", ""),
        reported=told.get("reported", False),
        said_at=told.get("said_at") if retimed else None,
        replaces=replaces,
    )
