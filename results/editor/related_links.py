"""What the admin's search boxes call what they find: two elections can have seats of one name."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from results.models import Candidate, Contest


def name_of(obj: Any) -> str:
    if isinstance(obj, Contest):
        return f"{obj.name} ({obj.election})"
    if isinstance(obj, Candidate):
        return f"{obj.name} ({obj.contest.name})"
    return str(obj)


class NamedInFull(AutocompleteJsonView):
    def get_queryset(self) -> Any:
        found = super().get_queryset()
        parent = {Contest: "election", Candidate: "contest"}.get(found.model)
        return found.select_related(parent) if parent else found

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        return super().serialize_result(obj, to_field_name) | {"text": name_of(obj)}


def autocomplete_view(request: HttpRequest) -> HttpResponseBase:
    return NamedInFull.as_view(admin_site=admin.site)(request)


# The site asks itself for the view when it lists its addresses, which is after this.
admin.site.autocomplete_view = autocomplete_view  # type: ignore[method-assign,assignment]
