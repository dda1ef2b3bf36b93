"""Permanent redirects from the admin addresses of models that have been renamed."""

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import URLPattern, re_path, reverse

#: Name of a model in addresses: before, and now.
MOVED = {
    "act": "auditentry",
    "elsewhere": "externalfigures",
    "offer": "reviewitem",
}


def redirect_moved(request: HttpRequest, model: str, rest: str) -> HttpResponse:
    """Redirect to the same page under the model's new name; query, method and body are kept."""
    query = request.META.get("QUERY_STRING", "")
    address = f"{reverse('admin:index')}results/{MOVED[model]}/{rest}"
    return HttpResponsePermanentRedirect(
        f"{address}?{query}" if query else address,
        preserve_request=request.method not in ("GET", "HEAD"),
    )


def moved_addresses() -> list[URLPattern]:
    names = "|".join(MOVED)
    return [re_path(rf"^results/(?P<model>{names})/(?P<rest>.*)$", redirect_moved)]
