"""The editor's own headline: put up and withdrawn by the desk, and never edited in place."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from results import desk
from results.editor.base import DeskAdmin, editor_of, stamp
from results.editor.idempotency import KeyField, with_key
from results.models import Headline


class HeadlineForm(forms.ModelForm):  # type: ignore[type-arg]
    key = KeyField()

    class Meta:
        model = Headline
        fields = ("election", "text")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        election = values.get("election")
        if election and not values.get("text") and Headline.objects.standing(election) is None:
            self.add_error("text", _("There is no headline of ours to withdraw: write one."))
        return values


@admin.register(Headline)
class HeadlineAdmin(DeskAdmin):
    """Adding one takes the place of the one before; an empty one withdraws what stands."""

    form = HeadlineForm
    list_display = ("__str__", "stands", "is_public", "election", "by", "written")
    list_filter = (("election", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("election", "by")
    search_fields = ("text",)
    ordering = ("-pk",)
    actions = ("withdraw",)
    fieldsets = (
        (
            None,
            {
                "fields": ("election", "text", "key"),
                "description": _(
                    "Stands above the headline that is written by rule, on every open page at "
                    "once, until another is put up. The one before stays in the feed. Left empty, "
                    "it withdraws the one that stands, from the feed as well."
                ),
            },
        ),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return super().get_fieldsets(request, obj)
        return ((None, {"fields": ("election", "text", "by", "written", "stands")}),)

    def get_queryset(self, request: HttpRequest) -> Any:
        headlines = Headline.objects.filter(election=OuterRef("election"))
        later = headlines.filter(withdrawn=False, pk__gt=OuterRef("pk"))
        return (
            super()
            .get_queryset(request)
            .select_related("election", "by", "replaced_by")
            .annotate(replaced=Exists(later))
        )

    def election_of(self, obj: Headline) -> Any:
        return obj.election

    @admin.display(description=_("written at"), ordering="created_at")
    def written(self, headline: Headline) -> str:
        return stamp(headline.created_at, headline.election)

    @admin.display(description=_("stands"), boolean=True)
    def stands(self, headline: Any) -> bool:
        return self.is_public(headline) and not headline.replaced

    @admin.display(description=_("on the pages"), boolean=True)
    def is_public(self, headline: Headline) -> bool:
        return bool(headline.text) and not hasattr(headline, "replaced_by")

    # Nobody may change a headline, so it takes the permission to add one.
    @admin.action(description=_("Withdraw: gone from every page"), permissions=["add"])
    def withdraw(self, request: HttpRequest, headlines: "QuerySet[Headline]") -> None:
        for headline in headlines:
            if self.is_public(headline):
                answer = desk.withdraw_headline(
                    headline,
                    by=editor_of(request),
                    idempotency_key=f"withdraw-headline-{headline.pk}",
                )
                said = _("Withdrawn: bulletin %(number)d.") % {"number": answer.sequence}
                self.message_user(request, said, messages.SUCCESS)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Headline, form: Any, change: bool) -> None:
        written = form.cleaned_data
        answer = with_key(
            written["key"],
            lambda key: desk.headline(
                written["election"], written["text"], by=editor_of(request), idempotency_key=key
            ),
        )
        published = answer.bulletin.headline
        assert published is not None
        obj.pk, obj.by = published.pk, published.by
        obj.answer = answer  # type: ignore[attr-defined]

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return None if obj.answer.unchanged else super().log_addition(request, obj, message)

    def response_add(
        self, request: HttpRequest, obj: Headline, post_url_continue: str | None = None
    ) -> HttpResponse:
        answer = obj.answer  # type: ignore[attr-defined]
        if answer.unchanged:
            said = _("That headline stands already: nothing was published.")
        elif obj.text:
            said = _("The headline is up: bulletin %(number)d.")
        else:
            said = _("The headline is withdrawn: bulletin %(number)d. The one by rule is back.")
        self.message_user(request, said % {"number": answer.sequence}, messages.SUCCESS)
        return self.response_post_save_add(request, obj)
