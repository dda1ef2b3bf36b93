"""Withdraw a publication that readers have seen, from the night dashboard."""

from typing import Any

from django.contrib.admin import ModelAdmin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from results import desk
from results.editor.base import election_timezone, require_permission
from results.editor.night.panels import back, page
from results.editor.night.viewer import TO_WITHDRAW
from results.editor.publication_admin import withdraw
from results.models import Election, Headline, Photo, Post, Publication, Quote

#: Models by their name in the address.
MODELS: dict[str, type[Publication]] = {
    "quote": Quote,
    "photo": Photo,
    "post": Post,
    "headline": Headline,
}


def withdraw_view(
    request: HttpRequest, election_pk: int, kind: str, pk: int, *, model_admin: ModelAdmin[Election]
) -> HttpResponse:
    """Ask for confirmation with what readers will see, then withdraw it."""
    model = MODELS.get(kind)
    if model is None:
        raise Http404
    require_permission(request, f"results.{TO_WITHDRAW[kind]}")
    election = get_object_or_404(Election, pk=election_pk)
    rows: Any = model._default_manager.select_related("by")
    publication = get_object_or_404(rows, pk=pk, election=election)
    error = ""
    if request.method == "POST":
        try:
            return back(request, election, withdraw(request, publication))
        except desk.DeskError as refusal:
            error = str(refusal)
    with election_timezone(election):
        context = {
            "title": _("Withdraw: %(what)s") % {"what": str(publication)[:80]},
            "publication": publication,
            "kind": kind,
            "error": error,
        }
        return page(request, election, "editor/night/withdraw.html", context, model_admin)
