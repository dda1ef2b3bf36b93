"""Admin page of a poll that is not held: unopposed, postponed, or held after all."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.db.models import TextChoices
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy as _

from results import desk
from results.arithmetic import Method
from results.editor.admin_page import admin_page
from results.editor.annotations import FormData
from results.editor.base import editor_of
from results.editor.change_views import contest_to_change
from results.editor.idempotency import KeyField
from results.editor.night.links import return_address
from results.editor.refusals import refusals_in
from results.forms import VisibleTextField
from results.live.seat import Seat, read_seats
from results.models import Contest, Standing
from results.models.text_limits import LONGEST_NAME


class PollAction(TextChoices):
    """Actions that an editor can publish about a poll that is not held."""

    UNOPPOSED = "unopposed", _("All who stand are elected unopposed: no poll is held")
    POSTPONED = "postponed", _("The poll is postponed: it is held on another day")
    RESUMED = "resumed", _("The poll is held after all: take the postponement back")


class PollForm(forms.Form):
    """Form of one of the actions that the contest's state allows, with its source."""

    action = forms.ChoiceField(
        label=_("What to publish"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is to be published.")},
    )
    source = VisibleTextField(
        label=_("Source, as readers see it"),
        required=False,
        max_length=LONGEST_NAME,
        help_text=_("Of an uncontested election: “Notice of uncontested election, Fen”."),
    )
    base_revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    key = KeyField()

    def __init__(self, seat: Seat, data: FormData | None = None) -> None:
        super().__init__(data, initial={"base_revision": seat.standing.revision})
        field = self.fields["action"]
        assert isinstance(field, forms.ChoiceField)
        actions = actions_of(seat)
        field.choices = [(each.value, each.label) for each in actions]
        if PollAction.UNOPPOSED not in actions:
            del self.fields["source"]

    def clean(self) -> dict[str, Any]:
        """Refuse a source of what has none: readers would not see what the editor has written."""
        data = super().clean() or {}
        if data.get("source") and data.get("action") == PollAction.POSTPONED:
            self.add_error("source", _("Readers see no source of a postponed poll: write a post."))
        return data


def actions_of(seat: Seat) -> list[PollAction]:
    """Actions that can be published about a contest without a result."""
    if seat.standing.status == Standing.Status.POSTPONED:
        return [PollAction.RESUMED]
    if may_be_unopposed(seat):
        return [PollAction.UNOPPOSED, PollAction.POSTPONED]
    return [PollAction.POSTPONED]


def may_be_unopposed(seat: Seat) -> bool:
    """Whether no more stand than there are seats; an answer is never elected unopposed."""
    enough = len(seat.contest.candidacies) <= seat.contest.seats
    return enough and not (seat.is_referendum or seat.contest.is_counting_area)


def is_uncontested(contest: Contest, stand: int) -> bool:
    """Whether no votes are expected of a contest in which `stand` candidates stand.

    Candidates may not be loaded yet where none stand, and what is published may be completed. A
    list may be loaded with its first candidate only: then nobody can say from its rows.
    """
    standing = getattr(contest, "standing", None)
    if standing is not None and standing.is_published:
        return False
    elects = contest.elected_by not in (Method.ANSWERS, Method.COUNTED, Method.LISTS)
    return elects and 0 < stand <= contest.seats


def poll_view(
    request: HttpRequest, contest_pk: int, *, model_admin: ModelAdmin[Contest]
) -> HttpResponse:
    """Show what can be published about the poll, or publish what was chosen.

    Raises PermissionDenied without the permission to change declarations.
    """
    contest = contest_to_change(request, contest_pk)
    (seat,) = read_seats([contest])
    form = PollForm(seat, request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusals_in(form):
            return _leave(request, contest, _publish(request, seat, form))
    return _page(request, seat, form, model_admin)


def _publish(request: HttpRequest, seat: Seat, form: PollForm) -> desk.PublishResult:
    data = form.cleaned_data
    by, contest, key = editor_of(request), seat.contest, data["key"]
    if data["action"] == PollAction.UNOPPOSED:
        return desk.publish_unopposed(
            contest,
            by=by,
            idempotency_key=key,
            base_revision=data["base_revision"],
            source=data["source"],
        )
    postponed = data["action"] == PollAction.POSTPONED
    status = Standing.Status.POSTPONED if postponed else Standing.Status.AWAITING
    return desk.report_status(contest, status, by=by, idempotency_key=key)


def _return_address(request: HttpRequest, contest: Contest) -> str:
    """The night from which the page was opened, or the contest."""
    return return_address(request, reverse("admin:results_contest_change", args=[contest.pk]))


def _leave(request: HttpRequest, contest: Contest, result: desk.PublishResult) -> HttpResponse:
    words = gettext("Published as bulletin %(number)d: %(summary)s")
    done = words % {"number": result.sequence, "summary": result.bulletin.summary}
    messages.success(request, done)
    return HttpResponseRedirect(_return_address(request, contest))


def _page(
    request: HttpRequest, seat: Seat, form: PollForm, model_admin: ModelAdmin[Contest]
) -> HttpResponse:
    contest = seat.contest
    context = {
        "title": gettext("No poll here: %(contest)s") % {"contest": contest.full_name},
        "contest": contest,
        "election": contest.election,
        "seat": seat,
        "form": form,
        "may_be_unopposed": may_be_unopposed(seat),
        "contest_address": reverse("admin:results_contest_change", args=[contest.pk]),
        "return_address": _return_address(request, contest),
    }
    return admin_page(request, "editor/poll_form.html", context, opts=model_admin.opts)
