"""Admin pages of a correction or withdrawal of a published result."""

from contextlib import suppress
from datetime import datetime

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from results import desk
from results.arithmetic import BallotCounts, read_id
from results.editor.admin_page import admin_page
from results.editor.annotations import Context
from results.editor.audited_admin import add_to_history
from results.editor.base import editor_of, format_local_time
from results.editor.change_forms import ChangeForm, CorrectionForm
from results.editor.night.links import return_address
from results.editor.preview import ChangePreview
from results.editor.tables import ballot_counts_table
from results.live.election_snapshot import ElectionSnapshot
from results.live.seat import Seat, with_results
from results.models import Contest, Declaration, ReviewItem
from results.words.user_names import user_name

#: Values of `step`: show the form, preview what readers would see, publish.
FIGURES, PREVIEW, PUBLISH = "figures", "preview", "publish"


class ChangePage:
    """One request to correct or withdraw a result, with the seat as it is published now."""

    seat: Seat

    def __init__(
        self,
        request: HttpRequest,
        contest: Contest,
        form_class: type[ChangeForm],
        model_admin: ModelAdmin[Contest],
    ) -> None:
        self.request = request
        self.contest = contest
        self.form_class = form_class
        self.model_admin = model_admin
        self.step = request.POST.get("step", PREVIEW) if request.method == "POST" else ""
        self.review_item = self._requested()
        self.restored = self._restored()
        self.refresh()

    def _requested(self) -> ReviewItem | None:
        """Find the waiting item that the page was opened from.

        A reporter's correction request, or a result that another one overtook.
        """
        kinds = (ReviewItem.Kind.CORRECTION, ReviewItem.Kind.RESULT)
        requested = ReviewItem.objects.filter(
            contest=self.contest, kind__in=kinds, state=ReviewItem.State.WAITING
        )
        return requested.filter(pk=read_id(self.request.GET.get("item", ""))).first()

    def _restored(self) -> Declaration | None:
        """Find the earlier revision that is to be published again."""
        revisions = Declaration.objects.filter(contest=self.contest)
        return revisions.filter(pk=read_id(self.request.GET.get("restore", ""))).first()

    def refresh(self) -> None:
        """Read the seat as it is published now."""
        contest = with_results(Contest.objects.filter(pk=self.contest.pk)).get()
        self.seat = ElectionSnapshot(self.contest.election).seat(contest)

    def open_form(self, *, rebased: bool = False) -> ChangeForm:
        """Return the form as it was sent; with `rebased` it follows what is published now."""
        form = self.form_class(self.seat, self.request.POST if self.step else None)
        if not self.step and isinstance(form, CorrectionForm):
            initial = None
            if self.review_item is not None:
                content = self.review_item.content
                requested = BallotCounts.from_json(content["figures"])
                # A note to the desk is no reason for readers: an editor takes it, or writes one.
                reason = "" if self.words_to_desk else content.get("reason", "")
                at = content.get("declared_at")
                initial = form.with_ballot_counts(
                    requested, reason, datetime.fromisoformat(at) if at else None
                )
                if content.get("warning_reason"):  # the sender was shown the warnings
                    initial["warning_reason"] = content["warning_reason"]
            elif self.restored is not None:
                initial = form.with_ballot_counts(self.restored.ballot_counts, "")
            if initial is not None:
                form = CorrectionForm(self.seat, initial)
                form.expect_reason()
        if rebased:
            form.rebase()
        return form

    @property
    def asked_by(self) -> User | None:
        """The reporter or system that asked for the correction, if any."""
        return self.review_item.by if self.review_item is not None else None

    @property
    def words_to_desk(self) -> str:
        """What the sender of a requested correction wrote to the desk; empty without any."""
        item = self.review_item
        is_requested = item is not None and item.kind == ReviewItem.Kind.CORRECTION
        return str(item.content.get("reason", "")) if item and is_requested else ""

    @property
    def is_correction(self) -> bool:
        return issubclass(self.form_class, CorrectionForm)

    @property
    def overtaken(self) -> str:
        """Tell an editor that a revision was published after the form was opened."""
        declaration = self.seat.declaration
        assert declaration is not None
        words = (
            _(
                "%(who)s withdrew this result at %(time)s, after you opened this page. Nothing of "
                "yours is published. Once there is a result again, it can be corrected here."
            )
            if declaration.withdrawn
            else _(
                "%(who)s published revision %(revision)d at %(time)s, after you opened this page. "
                "What is published now stands beside what you typed. Nothing of yours is published."
            )
        )
        return words % {
            "revision": declaration.revision,
            "who": user_name(declaration.by),
            "time": format_local_time(declaration.created_at, self.contest.election, "H:i"),
        }

    # --- Pages --------------------------------------------------------------------------------

    def show_form(self, form: ChangeForm, notice: str = "") -> HttpResponse:
        if self.review_item is not None and not notice:
            # The reporter's figures are for the candidates as they were when they were sent.
            notice = " ".join(desk.change_since(self.review_item, self.seat).sentences())
        title = _("Correct the result") if self.is_correction else _("Withdraw the result")
        declaration = self.seat.declaration
        template = "editor/correct_form.html" if self.is_correction else "editor/withdraw_form.html"
        context = {
            "title": f"{title}: {self.contest.full_name}",
            "form": form,
            "notice": notice,
            "declaration": declaration,
            "asked": self.review_item,
            "words_to_desk": self.words_to_desk,
            "published_result": self.seat.title if self.seat.is_published else _("no result"),
            "published_table": ballot_counts_table(declaration) if declaration else "",
        }
        return self._page(template, context)

    def show_overtaken(self) -> HttpResponse:
        """Show the form with everything typed, following what is published now."""
        return self.show_form(self.open_form(rebased=True), self.overtaken)

    def show_preview(
        self, form: ChangeForm, preview: ChangePreview, *, unconfirmed: bool
    ) -> HttpResponse:
        context = {
            "title": _("What readers will see: %(contest)s") % {"contest": self.contest.full_name},
            "form": form,
            "preview": preview,
            "asked": self.review_item,
            "is_correction": self.is_correction,
            "unconfirmed": unconfirmed,
        }
        return self._page("editor/change_preview.html", context)

    def _page(self, template: str, context: Context) -> HttpResponse:
        shared = {
            "contest": self.contest,
            "election": self.contest.election,
            "seat": self.seat,
            "contest_address": self._contest_url,
            "return_address": return_address(self.request, self._contest_url),
        }
        return admin_page(self.request, template, shared | context, opts=self.model_admin.opts)

    # --- After publishing ---------------------------------------------------------------------

    def published(self, result: desk.PublishResult) -> HttpResponse:
        """Redirect to the contest with a message about what was published."""
        if result.unchanged:
            return self.leave(_("That is what stands already: nothing was published."))
        done = (
            _("%(contest)s corrected: published as bulletin %(number)d.")
            if self.is_correction
            else _("%(contest)s withdrawn: published as bulletin %(number)d.")
        ) % {"contest": self.contest.full_name, "number": result.sequence}
        if self.review_item is not None:
            with suppress(desk.InvalidTransition):
                desk.close_review_item(
                    self.review_item, result.bulletin, by=editor_of(self.request)
                )
        if not result.repeated:
            add_to_history(self.request, self.contest, result.bulletin.summary)
        page = reverse("corrections_page", args=[self.contest.election.slug])
        words = format_html('{} <a href="{}">{}</a>', done, page, _("The corrections page"))
        return self.leave(words, messages.SUCCESS)

    def leave(self, words: str, level: int = messages.WARNING) -> HttpResponse:
        messages.add_message(self.request, level, words)
        return HttpResponseRedirect(return_address(self.request, self._contest_url))

    @property
    def _contest_url(self) -> str:
        """The contest's admin page, or the admin's index for those who may not see it."""
        if self.model_admin.has_view_or_change_permission(self.request):
            return reverse("admin:results_contest_change", args=[self.contest.pk])
        return reverse("admin:index")
