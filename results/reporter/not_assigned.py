"""Answer what a phone sends to a count that its reporter is not, or no longer, assigned to."""

from contextlib import nullcontext
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from results import desk
from results.desk.uploads import drop
from results.models import Election, contest_at, is_contest_address
from results.reporter.followed import followed
from results.reporter.forms import TakeBackForm
from results.reporter.languages import reporter_locale
from results.reporter.permissions import user_of


def answer_not_assigned(
    request: HttpRequest, election_slug: str, contest_slug: str
) -> JsonResponse:
    """Report the outcome of what arrived before, and stop the outbox from retrying the rest.

    A submission that may still be on its way can be taken back by its reporter. The others can be
    tried again: the desk may send the reporter there once more, and what was typed is not lost.
    """
    if request.POST.get("step") == "take-back":
        _take_back(request, election_slug, contest_slug)
    key = request.POST.get("key", "")
    data: dict[str, Any] = {"key": key, "address": reverse("my_counts")}
    found = followed(request).get(key)
    if found is not None:
        return JsonResponse(data | found)
    state, status = "stopped", HTTPStatus.CONFLICT
    words = _("You are not sent to this count any more. Ring the desk.")
    if not is_contest_address(election_slug, contest_slug):
        state, status = "refused", HTTPStatus.UNPROCESSABLE_ENTITY
        words = _(
            "There is no count at this address now. Look at your counts: send this from there, or "
            "ring the desk."
        )
    return JsonResponse(data | {"state": state, "words": words, "final": True}, status=status)


def not_assigned_page(request: HttpRequest, election_slug: str, contest_slug: str) -> HttpResponse:
    """Say in a browser whose count it is not; its outbox stays in sight. Status 404."""
    context = {
        "exists": is_contest_address(election_slug, contest_slug),
        "is_post": request.method == "POST",
    }
    election = Election.objects.filter(slug=election_slug).first()
    with reporter_locale(election) if election is not None else nullcontext():
        return render(request, "reporter/not_assigned.html", context, status=HTTPStatus.NOT_FOUND)


def _take_back(request: HttpRequest, election_slug: str, contest_slug: str) -> None:
    form = TakeBackForm(request.POST)
    election = Election.objects.filter(slug=election_slug).first()
    contest = contest_at(election, contest_slug) if election is not None else None
    if contest is None or not form.is_valid():
        return
    by, key = user_of(request), form.cleaned_data["key"]
    if not followed(request):
        desk.take_back(contest, by=by, idempotency_key=key)
    drop(by, key)
