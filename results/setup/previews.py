"""A draft as readers will see it, for editors who are signed in."""

import re

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import resolve, reverse
from django.views.decorators.http import require_safe

from results.models import Election
from results.reader.public import previewing

#: The script of live updates, left out of a preview: the socket of a draft is refused.
_LIVE = re.compile(r'<script type="module" src="[^"]*reader/live[^"]*"></script>')


@require_safe
def preview(request: HttpRequest, election_pk: int, rest: str) -> HttpResponse:
    """The reader's page at an address, whether the election is public or not. Never cached."""
    if not request.user.has_perm("results.view_election"):
        raise PermissionDenied
    election = get_object_or_404(Election, pk=election_pk)
    prefix = reverse("set_up_preview", args=[election.pk, ""])
    path = f"/{rest}"
    if path != f"/{election.slug}/" and not path.startswith(f"/{election.slug}/"):
        raise Http404(rest)
    match = resolve(path)
    inner = _request_for(request, path)
    inner.resolver_match = match
    with previewing(election):
        response: HttpResponse = match.func(inner, *match.args, **match.kwargs)
    if response.status_code in (301, 302):
        return HttpResponseRedirect(prefix + response.headers["Location"].lstrip("/"))
    if "html" in response.headers.get("Content-Type", ""):
        page = response.content.decode()
        own = rf'((?:href|src|action|hx-get)=")/(?={re.escape(election.slug)}/)'
        page = _LIVE.sub("", re.sub(own, rf"\g<1>{prefix}", page))
        context = {"election": election, "sets_up": request.user.has_perm("results.add_election")}
        banner = render_to_string("setup/_preview_banner.html", context)
        response.content = re.sub(r"(<body[^>]*>)", lambda m: m[1] + banner, page, count=1).encode()
    for name in ("ETag", "Vary", "Content-Length"):
        response.headers.pop(name, None)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


def _request_for(request: HttpRequest, path: str) -> HttpRequest:
    """A copy of the request for another path, without headers that would shorten the response."""
    inner = HttpRequest()
    inner.__dict__ |= request.__dict__
    inner.META = {
        name: value
        for name, value in request.META.items()
        if name not in ("HTTP_ACCEPT_ENCODING", "HTTP_IF_NONE_MATCH")
    }
    inner.__dict__.pop("headers", None)
    inner.path = inner.path_info = path
    return inner


preview_page = admin.site.admin_view(preview)
