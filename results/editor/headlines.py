"""Admin of the editors' headlines."""

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from results import desk
from results.editor.publication_admin import PublicationAdmin
from results.editor.publication_forms import PublicationForm
from results.models import Headline


class HeadlineForm(PublicationForm[Headline]):
    content_class = desk.HeadlineContent

    class Meta:
        model = Headline
        fields = ("election", "text")

    @property
    def withdraws(self) -> bool:
        return not self.cleaned_data.get("text")


@admin.register(Headline)
class HeadlineAdmin(PublicationAdmin[Headline]):
    form = HeadlineForm
    can_reword = False
    shown = ("election", "text", "by", "published", "stands")
    list_display = ("__str__", "stands", "is_current", "election", "by", "published")
    search_fields = ("text",)
    ordering = ("-pk",)
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

    def get_queryset(self, request: HttpRequest) -> QuerySet[Headline]:
        headlines = Headline.objects.filter(election=OuterRef("election"))
        later = headlines.filter(withdrawn=False, pk__gt=OuterRef("pk"))
        return super().get_queryset(request).annotate(replaced=Exists(later))

    @admin.display(description=_("stands"), boolean=True)
    def stands(self, headline: Headline) -> bool:
        return headline.is_current and not getattr(headline, "replaced", False)
