"""Admin of quotes."""

from dataclasses import replace
from typing import Unpack

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from results import desk
from results.editor.annotations import CleanedData, FormData, FormFiles, ModelFormOptions
from results.editor.base import format_local_time
from results.editor.fields import set_night
from results.editor.publication_admin import PublicationAdmin
from results.editor.publication_forms import PublicationForm, in_zone
from results.models import Candidate, Contest, Quote


class QuoteForm(PublicationForm[Quote]):
    """Form of a quote. A candidate speaks under the name on their ballot paper."""

    content_class = desk.QuoteContent

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

    def __init__(
        self,
        data: FormData | None = None,
        files: FormFiles | None = None,
        **options: Unpack[ModelFormOptions[Quote]],
    ) -> None:
        super().__init__(data, files, **options)
        for name in {"election", "speaker", "said_at"} & self.fields.keys():
            self.fields[name].required = False
        stored = self.instance.said_at if self.instance.pk else None
        set_night(self.fields.get("said_at"), None, expected=False, stored=stored)

    def clean(self) -> CleanedData:
        contest, candidate = self._contest_and_candidate()
        chosen = self.instance.election if self.instance.pk else self.cleaned_data.get("election")
        election = chosen or (contest.election if contest else None)
        self.cleaned_data |= {"contest": contest, "candidate": candidate, "election": election}
        data = super().clean()
        if election is None:
            self.add_error("election", _("Choose the election, or the contest."))
        if candidate is None and not data.get("speaker"):
            self.add_error("speaker", _("Name the speaker, or choose a candidate."))
        if data.get("said_at") and election:
            data["said_at"] = in_zone(data["said_at"], election)
        return data

    def _contest_and_candidate(self) -> tuple[Contest | None, Candidate | None]:
        """Return both; the contest is fixed once published, and by default the candidate's."""
        candidate = self.cleaned_data.get("candidate")
        contest = self.instance.contest if self.instance.pk else self.cleaned_data.get("contest")
        if candidate and contest is None:
            contest = candidate.contest
        if candidate and contest and candidate.contest_id != contest.pk:
            self.add_error("candidate", _("Choose a candidate of this contest."))
        return contest, candidate

    def content(self) -> desk.Content:
        content = super().content()
        if isinstance(content, desk.QuoteContent) and "said_at" not in self.changed_data:
            # The form shows no seconds: the wording before has the exact time.
            return replace(content, said_at=None)
        return content


@admin.register(Quote)
class QuoteAdmin(PublicationAdmin[Quote]):
    form = QuoteForm
    list_display = ("speaker", "start", "contest", "local_said_at", "reported", "is_current", "by")
    list_filter = ("reported",)
    related = ("election", "contest__election", "by", "replaced_by")
    search_fields = ("speaker", "words", "contest__name")
    autocomplete_fields = ("contest", "candidate")
    ordering = ("-said_at", "-pk")
    fieldsets = (
        (_("Words"), {"fields": ("words", "reported")}),
        (_("Speaker"), {"fields": ("candidate", "speaker", "role")}),
        (_("Where and when"), {"fields": ("contest", "election", "location", "said_at", "key")}),
    )

    @admin.display(description=_("words"))
    def start(self, quote: Quote) -> str:
        return quote.words if len(quote.words) <= 80 else f"{quote.words[:79]}…"

    @admin.display(description=_("said at"), ordering="said_at")
    def local_said_at(self, quote: Quote) -> str:
        return format_local_time(quote.said_at, quote.election)
