"""Admin pages that publish an election, withdraw it, delete a draft and choose the front page.

Each says what readers will see before it happens.
"""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from electiondesk.site_origin import origin_for
from results import desk
from results.editor.admin_page import admin_page
from results.editor.annotations import Context
from results.editor.base import editor_of, reason_page
from results.editor.detail_corrections import DetailCorrections, ReasonNeeded
from results.editor.refusals import refusals_in
from results.editor.shown_again import correct_what_changed
from results.forms import VisibleTextField
from results.models import Candidate, Election

View = Callable[..., HttpResponse]
#: What each page needs, besides seeing elections.
PERMISSIONS = {
    "publish": "change",
    "front": "change",
    "withdraw": "delete",
    "delete_draft": "delete",
}


class PublishForm(forms.Form):
    front = forms.BooleanField(
        label=gettext_lazy("The front page of the site leads to it"), required=False
    )


class WithdrawForm(forms.Form):
    reason = VisibleTextField(
        label=gettext_lazy("Why, as readers will see it"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
        error_messages={"required": gettext_lazy("Say why: readers see it in place of the pages.")},
    )


class DeleteForm(forms.Form):
    confirm = forms.BooleanField(
        label=gettext_lazy("Delete it with everything in it. This cannot be undone."),
        error_messages={"required": gettext_lazy("Tick the box if it is to be deleted.")},
    )


def may(request: HttpRequest, action: str) -> bool:
    return request.user.has_perm(f"results.{PERMISSIONS[action]}_election")


def addresses(model_admin: ModelAdmin[Election]) -> list[URLPattern]:
    views = {"publish": _publish, "withdraw": _withdraw, "delete_draft": _delete, "front": _front}
    return [
        path(
            f"<int:election_pk>/{action.replace('_', '-')}/",
            model_admin.admin_site.admin_view(_view(action, view, model_admin)),
            name=f"results_election_{action}",
        )
        for action, view in views.items()
    ]


def _view(
    action: str, view: Callable[..., HttpResponse], model_admin: ModelAdmin[Election]
) -> View:
    def checked(request: HttpRequest, election_pk: int) -> HttpResponse:
        if not may(request, action):
            raise PermissionDenied
        return view(request, get_object_or_404(Election, pk=election_pk), model_admin)

    return checked


def _publish(
    request: HttpRequest, election: Election, model_admin: ModelAdmin[Election]
) -> HttpResponse:
    chosen = Election.objects.filter(front=True).first()
    form = PublishForm(request.POST or None, initial={"front": chosen is None})
    if election.is_published:
        return HttpResponseRedirect(reverse("admin:results_election_change", args=[election.pk]))
    if request.method == "POST" and form.is_valid():
        try:
            corrected = _publish_it(request, election, front=form.cleaned_data["front"])
        except ReasonNeeded as asked:
            return reason_page(request, asked, model_admin.opts)
        words = _("Published: readers see “%(name)s” now.") % {"name": election.name}
        return _done(request, election, model_admin, f"{words} {corrected}".strip())
    wholes = election.contests.filter(part_of=None)
    empty = wholes.annotate(number_standing=Count("candidates")).filter(number_standing=0)
    context = {
        "action": "publish",
        "title": _("Publish %(name)s") % {"name": election.name},
        "contests": wholes.count(),
        "candidates": Candidate.objects.filter(contest__in=wholes).count(),
        "without_candidates": list(empty[:5]),
        "unpublished_polls": desk.unpublished_polls(election),
        "without_region": election.regions.exists()
        and election.contests.filter(region=None).count(),
        "chosen": chosen,
        "polls_closed": election.polls_close <= timezone.now(),
    }
    return _page(request, election, form, context, model_admin)


@transaction.atomic
def _publish_it(request: HttpRequest, election: Election, *, front: bool) -> str:
    """Publish it, corrected where it was withdrawn; what was corrected. Raises ReasonNeeded."""
    desk.lock_all_nights()
    corrections = DetailCorrections(request.POST, editor_of(request))
    desk.publish_election(election, by=editor_of(request))
    correct_what_changed(Election.objects.get(pk=election.pk), corrections)
    if front:
        desk.choose_front(election, by=editor_of(request))
    return corrections.finish()


def _withdraw(
    request: HttpRequest, election: Election, model_admin: ModelAdmin[Election]
) -> HttpResponse:
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            desk.withdraw_election(
                election, by=editor_of(request), reason=form.cleaned_data["reason"]
            )
            words = _("Withdrawn: readers are told why, and nothing else.")
            return _done(request, election, model_admin, words)
    context = {
        "action": "withdraw",
        "title": _("Withdraw %(name)s") % {"name": election.name},
        "bulletins": election.bulletins.count(),
    }
    return _page(request, election, form, context, model_admin)


def _delete(
    request: HttpRequest, election: Election, model_admin: ModelAdmin[Election]
) -> HttpResponse:
    form = DeleteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            desk.delete_draft(election, by=editor_of(request))
            words = _("Deleted: the draft “%(name)s”, with everything in it.")
            model_admin.message_user(request, words % {"name": election.name}, messages.SUCCESS)
            return HttpResponseRedirect(reverse("admin:results_election_changelist"))
    context = {
        "action": "delete",
        "title": _("Delete the draft %(name)s") % {"name": election.name},
        "contests": election.contests.count(),
        "candidates": Candidate.objects.filter(contest__election=election).count(),
    }
    return _page(request, election, form, context, model_admin)


def _front(
    request: HttpRequest, election: Election, model_admin: ModelAdmin[Election]
) -> HttpResponse:
    """Make this election the front page, or stop doing so."""
    form = forms.Form(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            desk.choose_front(None if election.front else election, by=editor_of(request))
            words = _("The front page of the site has been changed.")
            return _done(request, election, model_admin, words)
    context = {
        "action": "front",
        "title": _("The front page"),
        "chosen": Election.objects.filter(front=True).first(),
    }
    return _page(request, election, form, context, model_admin)


def _done(
    request: HttpRequest, election: Election, model_admin: ModelAdmin[Election], words: str
) -> HttpResponse:
    model_admin.message_user(request, words, messages.SUCCESS)
    return HttpResponseRedirect(reverse("admin:results_election_change", args=[election.pk]))


def _page(
    request: HttpRequest,
    election: Election,
    form: forms.Form,
    context: Context,
    model_admin: ModelAdmin[Election],
) -> HttpResponse:
    shared = {
        "election": election,
        "form": form,
        "address": origin_for(request) + election.get_absolute_url(),
        "cancel_address": reverse("admin:results_election_change", args=[election.pk]),
    }
    return admin_page(request, "editor/visibility.html", shared | context, opts=model_admin.opts)
