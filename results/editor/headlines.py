"""The editor's own headline: put up and ended through the door, and never edited in place."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from results import desk
from results.editor.base import DeskAdmin, editor_of, stamp
from results.editor.keys import KeyField, with_key
from results.models import Headline


class HeadlineForm(forms.ModelForm):  # type: ignore[type-arg]
    key = KeyField()

    class Meta:
        model = Headline
        fields = ("election", "text")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        election = values.get("election")
        if election and not values.get("text"):
            newest = Headline.objects.filter(election=election).order_by("-pk").first()
            if newest is None or not newest.text:
                self.add_error("text", _("There is no headline of ours to end: write one."))
        return values


@admin.register(Headline)
class HeadlineAdmin(DeskAdmin):
    """Adding one replaces the one before; adding an empty one gives way to the rule's."""

    form = HeadlineForm
    list_display = ("__str__", "stands", "election", "by", "written")
    list_filter = (("election", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("election", "by")
    search_fields = ("text",)
    ordering = ("-pk",)
    fieldsets = (
        (
            None,
            {
                "fields": ("election", "text", "key"),
                "description": _(
                    "Stands above the headline that is written by rule, on every open page at "
                    "once, until another is put up. Left empty, it ends the one that stands."
                ),
            },
        ),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return super().get_fieldsets(request, obj)
        return ((None, {"fields": ("election", "text", "by", "written", "stands")}),)

    def get_queryset(self, request: HttpRequest) -> Any:
        later = Headline.objects.filter(election=OuterRef("election"), pk__gt=OuterRef("pk"))
        return (
            super()
            .get_queryset(request)
            .select_related("election", "by")
            .annotate(replaced=Exists(later))
        )

    def election_of(self, obj: Headline) -> Any:
        return obj.election

    @admin.display(description=_("written at"), ordering="created_at")
    def written(self, headline: Headline) -> str:
        return stamp(headline.created_at, headline.election)

    @admin.display(description=_("stands"), boolean=True)
    def stands(self, headline: Any) -> bool:
        return bool(headline.text) and not headline.replaced

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Headline, form: Any, change: bool) -> None:
        written = form.cleaned_data
        answer = with_key(
            written["key"],
            lambda key: desk.headline(
                written["election"], written["text"], by=editor_of(request), key=key
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
            said = _("The headline is ended: bulletin %(number)d. The one by rule is back.")
        self.message_user(request, said % {"number": answer.sequence}, messages.SUCCESS)
        return self.response_post_save_add(request, obj)
