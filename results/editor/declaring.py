"""Views that declare a result from the desk: form, what readers will see, publish.

It passes the same checks as a reporter's, and the election's rule of a second person.
"""

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from results import desk
from results.desk.reversals import CODES as REVERSALS
from results.editor.admin_page import admin_page
from results.editor.annotations import Context
from results.editor.audited_admin import add_to_history
from results.editor.base import editor_of, election_timezone, require_permission
from results.editor.change_views import may_change
from results.editor.declaration_form import DeclarationForm
from results.editor.idempotency import new_key
from results.editor.night.links import return_address
from results.editor.night.proposed import Column, ProposedSeat, figures_of
from results.editor.polls import is_uncontested
from results.editor.preview import preview_change, would_wait
from results.live.seat import Seat, read_seats
from results.models import Contest, ReviewItem
from results.words.user_names import user_name
from results.words.validation_messages import message_text

FIGURES, PREVIEW, PUBLISH = "figures", "preview", "publish"


def declare_view(
    request: HttpRequest, contest_pk: int, *, model_admin: ModelAdmin[Contest]
) -> HttpResponse:
    """Run one step; each page carries everything typed to the next."""
    require_permission(request, "results.add_declaration")
    contest = get_object_or_404(Contest.objects.select_related("election"), pk=contest_pk)
    with election_timezone(contest.election):
        return Declaring(request, contest, model_admin).respond()


class Declaring:
    """One request to declare a result: the contest as it stands, and the form as it was sent."""

    def __init__(
        self, request: HttpRequest, contest: Contest, model_admin: ModelAdmin[Contest]
    ) -> None:
        self.request = request
        self.contest = contest
        self.model_admin = model_admin
        self.seat: Seat = read_seats([contest])[0]
        own = reverse("admin:results_contest_change", args=[contest.pk])
        self.return_address = return_address(request, own)

    def respond(self) -> HttpResponse:
        step = self.request.POST.get("step", PREVIEW) if self.request.method == "POST" else ""
        form = DeclarationForm(self.seat, self.request.POST if step else None)
        if step in (PREVIEW, PUBLISH) and self._was_answered():
            # A repeated request gets its first answer, whatever is published by now, and so does
            # its preview that is loaded again.
            return self._publish(form)
        if self.seat.has_no_poll or (self.seat.has_result and not self.seat.to_be_completed):
            return self._page("editor/declare_not.html", {"title": self.contest.full_name}, 409)
        stand = len(self.seat.contest.candidacies)
        if not step and is_uncontested(self.seat.contest, stand):
            # Figures of a poll that is not held are counted nowhere.
            if not may_change(self.request):
                context = {"title": self.contest.full_name, "is_uncontested": True}
                return self._page("editor/declare_not.html", context, 409)
            address = reverse("admin:results_contest_poll", args=[self.contest.pk])
            query = self.request.GET.urlencode()
            return HttpResponseRedirect(f"{address}?{query}" if query else address)
        if step in ("", FIGURES):
            return self._show(form)
        if not form.is_valid():
            return self._show(form, 422)
        return self._publish(form) if step == PUBLISH else self._preview(form)

    def _was_answered(self) -> bool:
        key = self.request.POST.get("key", "")
        return bool(key) and desk.find_earlier_answer(editor_of(self.request), key) is not None

    # --- Steps --------------------------------------------------------------------------------

    def _preview(self, form: DeclarationForm) -> HttpResponse:
        """Show what readers would see, and whether a second person is needed."""
        counts = form.ballot_counts
        revision = form.request(by=editor_of(self.request), idempotency_key=new_key())
        try:
            preview = preview_change(self.contest, counts, revision)
            waits = would_wait(self.contest, counts, revision)
        except desk.DeskError as refusal:
            return self._refused(form, refusal)
        proposed = ProposedSeat(self.seat.contest, self.seat.party_names, counts)
        column = Column(head=_("Votes"), detail="", seat=proposed)
        context = {
            "title": _("What readers will see: %(contest)s") % {"contest": self.contest.full_name},
            "form": form,
            "preview": preview,
            "figures": figures_of([column]),
            "waits": waits,
        }
        return self._page("editor/declare_preview.html", context)

    def _publish(self, form: DeclarationForm) -> HttpResponse:
        if not form.is_valid():
            return self._show(form, 422)
        by = editor_of(self.request)
        revision = form.request(by=by, idempotency_key=form.cleaned_data["key"])
        try:
            answer = desk.submit_result(self.contest, form.ballot_counts, revision)
        except desk.DeskError as refusal:
            return self._refused(form, refusal)
        if isinstance(answer, ReviewItem):
            words = _("%(contest)s: kept at the desk. A second person publishes it.")
            return self._leave(words % {"contest": self.contest.full_name}, messages.SUCCESS)
        if not answer.repeated:
            add_to_history(self.request, self.contest, answer.bulletin.summary)
        words = _("%(contest)s declared: bulletin %(number)d.")
        values = {"contest": self.contest.full_name, "number": answer.sequence}
        return self._leave(words % values, messages.SUCCESS)

    def _refused(self, form: DeclarationForm, refusal: desk.DeskError) -> HttpResponse:
        """Show the form again with everything typed, and why nothing was published."""
        if isinstance(refusal, desk.ValidationRefused):
            return self._ask(form, refusal)
        if isinstance(refusal, desk.IdempotencyKeyReused):
            # What was typed is something else, and may be sent as that.
            data = self.request.POST.copy()
            data["key"] = new_key()
            form.data = data
        if isinstance(refusal, desk.BallotPaperChanged) and form.follow_ballot_paper():
            return self._show(form, 409)
        if isinstance(refusal, desk.StaleRevision) and refusal.declaration is not None:
            values = {"who": user_name(refusal.declaration.by)}
            words = _("%(who)s published a result here meanwhile. Nothing of yours is published.")
            form.add_error(None, words % values)
        else:
            form.add_error(None, str(refusal))
        return self._show(form, 409)

    def _ask(self, form: DeclarationForm, refusal: desk.ValidationRefused) -> HttpResponse:
        """Put impossible figures beside their fields; ask for the reason of unlikely ones."""
        if not refusal.needs_reason:
            form.add_messages(refusal.messages)
            return self._show(form, 422)
        taken_back = [message for message in refusal.messages if message.code in REVERSALS]
        others = [message for message in refusal.messages if message.code not in REVERSALS]
        context = {
            "warnings": [message_text(message) for message in others if message.asks],
            "reversal": " ".join(map(message_text, taken_back)),
        }
        return self._show(form, 422, **context)

    # --- Pages --------------------------------------------------------------------------------

    def _show(self, form: DeclarationForm, status: int = 200, **more: object) -> HttpResponse:
        reversal_kept = bool(form["reason"].value() or form["takes_back"].value())
        context = {
            "title": _("Declare: %(contest)s") % {"contest": self.contest.full_name},
            "form": form,
            "warnings": [],
            "reversal": _("This takes back what is published.") if reversal_kept else "",
        }
        return self._page("editor/declare_form.html", context | more, status)

    def _page(self, template: str, context: Context, status: int = 200) -> HttpResponse:
        shared = {
            "contest": self.contest,
            "election": self.contest.election,
            "seat": self.seat,
            "contest_address": reverse("admin:results_contest_change", args=[self.contest.pk]),
            "return_address": self.return_address,
        }
        return admin_page(
            self.request, template, shared | context, opts=self.model_admin.opts, status=status
        )

    def _leave(self, words: str, level: int = messages.WARNING) -> HttpResponse:
        messages.add_message(self.request, level, words)
        return HttpResponseRedirect(self.return_address)
