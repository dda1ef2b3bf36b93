"""The pages of a change of a published result, inside the admin's frame."""

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from results import desk
from results.arithmetic import BallotCounts, read_id
from results.editor.base import editor_of, stamp
from results.editor.change_forms import ChangeForm, CorrectionForm
from results.editor.preview import Consequences
from results.editor.tables import figures_table
from results.live.election_snapshot import ElectionSnapshot
from results.live.seat import Seat, with_results
from results.models import Contest, Declaration, ReviewItem
from results.words.seat_sentences import result_sentence

#: What a button asks for: back to the figures; what readers would see; publish it.
FIGURES, PREVIEW, PUBLISH = "figures", "preview", "publish"


class ChangePage:
    """One request for a correction or a withdrawal, with the seat as it is published now."""

    seat: Seat

    def __init__(
        self,
        request: HttpRequest,
        contest: Contest,
        form_class: type[ChangeForm],
        model_admin: "ModelAdmin[Any]",
    ) -> None:
        self.request = request
        self.contest = contest
        self.form_class = form_class
        self.model_admin = model_admin
        self.step = request.POST.get("step", PREVIEW) if request.method == "POST" else ""
        self.offer = self._asked_for()
        self.restored = self._earlier()
        self.look_again()

    def _asked_for(self) -> ReviewItem | None:
        """The correction that a reporter asked for and that this page publishes, if it does."""
        number = read_id(self.request.GET.get("offer", ""))
        asked = ReviewItem.objects.filter(
            contest=self.contest, kind=ReviewItem.Kind.CORRECTION, state=ReviewItem.State.WAITING
        )
        return asked.filter(pk=number).first()

    def _earlier(self) -> Declaration | None:
        """The earlier revision whose figures are to be published again, if any is."""
        number = read_id(self.request.GET.get("restore", ""))
        mine = Declaration.objects.filter(contest=self.contest)
        return mine.filter(pk=number).first()

    def look_again(self) -> None:
        fresh = with_results(Contest.objects.filter(pk=self.contest.pk)).get()
        self.seat = ElectionSnapshot(self.contest.election).seat(fresh)

    def open_form(self, *, rebased: bool = False) -> ChangeForm:
        """The form with what was typed; ``rebased`` goes on from what is published now."""
        form = self.form_class(self.seat, self.request.POST if self.step else None)
        if not self.step and isinstance(form, CorrectionForm):
            if self.offer is not None:
                ballot_counts = BallotCounts.from_json(self.offer.content["figures"])
                asked = form.with_ballot_counts(ballot_counts, self.offer.content["reason"])
                form = CorrectionForm(self.seat, asked)
            elif self.restored is not None:
                form = CorrectionForm(
                    self.seat, form.with_ballot_counts(self.restored.ballot_counts, "")
                )
        if rebased:
            form.rebase()
        return form

    @property
    def is_correction(self) -> bool:
        return issubclass(self.form_class, CorrectionForm)

    @property
    def overtaken(self) -> str:
        """Said to someone whose form was opened before another revision was published."""
        declaration = self.seat.declaration
        assert declaration is not None
        words = {
            "revision": declaration.revision,
            "who": declaration.by.get_full_name() or declaration.by.get_username(),
            "time": stamp(declaration.created_at, self.contest.election, "H:i"),
        }
        return (
            _(
                "%(who)s published revision %(revision)d at %(time)s, after you opened this page. "
                "What is published now stands beside what you typed. Nothing of yours is published."
            )
            % words
        )

    # --- Pages --------------------------------------------------------------------------------

    def show_form(self, form: ChangeForm, notice: str = "") -> HttpResponse:
        title = _("Correct the result") if self.is_correction else _("Withdraw the result")
        declaration = self.seat.declaration
        template = "editor/correct_form.html" if self.is_correction else "editor/withdraw_form.html"
        context = {
            "title": f"{title}: {self.contest.name}",
            "form": form,
            "notice": notice,
            "declaration": declaration,
            "published_line": result_sentence(
                self.contest.name, self.seat.standing.summary, self.seat.party_names
            ),
            "figures": figures_table(declaration) if declaration else "",
        }
        return self._page(template, context)

    def show_preview(
        self, form: ChangeForm, found: Consequences, *, unconfirmed: bool
    ) -> HttpResponse:
        context = {
            "title": _("What readers will see: %(contest)s") % {"contest": self.contest.name},
            "form": form,
            "found": found,
            "is_correction": self.is_correction,
            "unconfirmed": unconfirmed,
        }
        return self._page("editor/change_preview.html", context)

    def _page(self, template: str, context: dict[str, Any]) -> HttpResponse:
        admin = self.model_admin
        shared = {
            **admin.admin_site.each_context(self.request),
            "opts": admin.opts,
            "contest": self.contest,
            "election": self.contest.election,
            "seat": self.seat,
            "contest_address": self._contest_address,
        }
        self.request.current_app = admin.admin_site.name
        return TemplateResponse(self.request, template, shared | context)

    # --- Ways out -----------------------------------------------------------------------------

    def published(self, answer: desk.PublishResult) -> HttpResponse:
        """To the contest, saying what was published and where readers find it."""
        if answer.unchanged:
            return self.leave(_("That is what stands already: nothing was published."))
        done = (
            _("Corrected: published as bulletin %(number)d.")
            if self.is_correction
            else _("Withdrawn: published as bulletin %(number)d.")
        ) % {"number": answer.sequence}
        if self.offer is not None:
            with suppress(desk.InvalidTransition):
                desk.close_review_item(self.offer, answer.bulletin, by=editor_of(self.request))
        if not answer.repeated:
            self.model_admin.log_change(self.request, self.contest, answer.bulletin.summary)
        page = reverse("corrections_page", args=[self.contest.election.slug])
        words = format_html('{} <a href="{}">{}</a>', done, page, _("The corrections page"))
        return self.leave(words, messages.SUCCESS)

    def leave(self, words: str, level: int = messages.WARNING) -> HttpResponse:
        messages.add_message(self.request, level, words)
        return HttpResponseRedirect(self._contest_address)

    @property
    def _contest_address(self) -> str:
        """The contest's own page, or the desk's first for those who may not see it."""
        if self.model_admin.has_view_or_change_permission(self.request):
            return reverse("admin:results_contest_change", args=[self.contest.pk])
        return reverse("admin:index")
