"""Search for a seat: by name in the address, or by postcode in a POST body, which no log shows."""

import json
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from results.live.cached_snapshot import CachedSnapshot
from results.live.fragments import election_locale, without_indentation
from results.models import Election
from results.models.postcode import read_postcode
from results.reader import page_cache
from results.reader.pages import Context, base_context, serve, serve_rendered
from results.reader.postcodes import PostcodeAnswer, find_by_postcode, looks_like_postcode
from results.reader.public import public_election
from results.reader.search import find_alike, find_named, names_in, tidy
from results.reader.seat_lists import rows_of


@require_safe
def find_page(request: HttpRequest, election_slug: str) -> HttpResponse:
    """Seats by name, or those spelled like it; redirects to the seat if only one matches."""
    election = public_election(election_slug)
    query = tidy(request.GET.get("q", ""))
    # What looks like a postcode is not asked for here, and its answer is in no cache.
    query = "" if looks_like_postcode(query) and not _is_name(election, query) else query
    names = names_in(CachedSnapshot.read(election))
    matches = find_named(names, query)
    if len(matches) == 1:
        return HttpResponseRedirect(_address_of(election, matches[0].slug))

    def context_of(snapshot: CachedSnapshot) -> Context:
        contests = {each.contest.slug: each for each in snapshot.cached_contests}
        found = matches or find_alike(names, query)
        seats = [contests[name.slug] for name in found if name.slug in contests]
        rows = rows_of(snapshot, seats)
        return {"here": "find", "query": query, "rows": rows, "alike": bool(seats and not matches)}

    variant, cache = urlencode({"q": query}), page_cache.CHOICES
    return serve(
        request, election, "reader/find_page.html", context_of, variant=variant, cache=cache
    )


def _is_name(election: Election, query: str) -> bool:
    """Whether a seat has this name: “E1” may be a ward."""
    return bool(find_named(names_in(CachedSnapshot.read(election)), query))


def _address_of(election: Election, slug: str) -> str:
    return reverse("seat_page", args=[election.slug, slug])


@require_safe
def find_names(request: HttpRequest, election_slug: str) -> HttpResponse:
    """Serve every name that can be found, for suggestions while typing: one response for all."""
    election = public_election(election_slug)
    return serve_rendered(request, election, _names_json, content_type="application/json")


def _names_json(snapshot: CachedSnapshot) -> str:
    document = {
        "words": {
            "count": _("%(n)s found"),
            "none": _("Nothing found"),
            "postcode": _("Look up %(postcode)s"),
            "list": _("Suggestions"),
        },
        "names": [
            [
                *(name.slug, name.text, name.beside, name.key, name.whole, int(name.patch)),
                *((name.other_key, name.other_whole) if name.other_key else ()),
            ]
            for name in names_in(snapshot)
        ],
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


# It changes nothing, and readers have no cookie that a token could be compared with.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@sensitive_variables()
def find_posted(request: HttpRequest, election_slug: str) -> HttpResponse:
    """Redirect from a name to its page, or from a postcode to its seat.

    A postcode says where its reader lives: it is sent in the body, which stands in no log, and the
    answer is stored nowhere. A name goes to the address that caches may keep.
    """
    election = public_election(election_slug)
    page = reverse("find_page", args=[election.slug])
    if request.method != "POST":
        return HttpResponseRedirect(page)
    query = tidy(request.POST.get("q", ""))
    snapshot = CachedSnapshot.read(election)
    named = find_named(names_in(snapshot), query)
    if not looks_like_postcode(query) or named:
        asked = f"{page}?{urlencode({'q': query})}"
        return _see_other(_address_of(election, named[0].slug) if len(named) == 1 else asked)
    answer = find_by_postcode(snapshot, query)
    if len(answer.contests) == 1 and answer.in_use:
        return _see_other(_address_of(election, answer.contests[0].contest.slug))
    with election_locale(election):
        return _private(HttpResponse(_answer_page(request, snapshot, query, answer)))


def _answer_page(
    request: HttpRequest, snapshot: CachedSnapshot, query: str, answer: PostcodeAnswer
) -> str:
    context = base_context(request, snapshot) | {
        "here": "find",
        "query": query,
        "postcode": read_postcode(query) or query.upper(),
        "answer": answer,
        "rows": rows_of(snapshot, answer.contests),
        "canonical": "",
    }
    return without_indentation(render_to_string("reader/find_page.html", context))


def _see_other(address: str) -> HttpResponse:
    return _private(HttpResponseRedirect(address, status=303))


def _private(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store, private"
    return response
