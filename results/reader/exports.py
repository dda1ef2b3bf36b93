"""Exports of a night for programs: JSON, CSV, an Atom feed, a sitemap and robots.txt."""

import re
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from results.live.cached_snapshot import CachedSnapshot
from results.live.polling_day import shared_nights
from results.live.public_log import public_log
from results.models import Contest, Election, HouseStyle, is_public
from results.models.body import councils_of
from results.reader.addresses import absolute, origin_of
from results.reader.compression import compressed
from results.reader.cross_origin import readable_by_any_origin
from results.reader.data_text import bodies_csv_of, csv_of, json_of, seat_csv_of
from results.reader.entries import FeedQuery, entries
from results.reader.moved import contest_view
from results.reader.pages import CACHE_CONTROL, Render, serve_rendered
from results.reader.public import public_election
from results.words.direction import has_right_to_left
from results.words.rehearsal_title import rehearsal_title

#: The schemas of results.json, one file for each version.
SCHEMAS = Path(__file__).parent / "schemas"
#: Characters that XML 1.0 does not allow.
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: Entries in the Atom feed.
ATOM_ENTRIES = 50
#: Pages that search engines should know of an election whose results are added up.
PAGES = ("changes_page", "regions_page", "parties_page", "records_page", "seats_page")
#: URLs that one sitemap may hold (https://www.sitemaps.org/protocol.html).
MAX_SITEMAP_URLS = 50_000


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Keep search engines from rehearsals and from the newsroom's own pages."""
    hidden = Election.public.filter(rehearsal=True).values_list("slug", flat=True)
    lines = ["User-agent: *", "Disallow: /admin/", "Disallow: /count/"]
    lines += [f"Disallow: /{slug}/" for slug in hidden]
    lines.append(f"Sitemap: {absolute(request, reverse('sitemap'))}")
    return compressed(request, "\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """The pages and seats of every election except rehearsals."""
    real = Election.public.filter(rehearsal=False)
    # As the navigation of their pages: those of separate results have nothing on these.
    scheduled = Contest.objects.filter(election=OuterRef("pk"), by_election=False)
    pages = []
    for election in real.annotate(is_scheduled=Exists(scheduled)):
        is_summed = election.rules.adds_up and election.is_scheduled
        names = ("live_page", *PAGES) if is_summed else ("live_page",)
        pages += [reverse(name, args=[election.slug]) for name in names]
    pages += sorted(set(shared_nights(real).values()))
    councils = councils_of(real).values_list("election__slug", "slug")
    pages += [reverse("body_page", args=parts) for parts in councils]
    seats = Contest.objects.filter(is_public("election__"), election__rehearsal=False)
    seats = seats.order_by("election", "sort_key", "pk")
    pages += [
        reverse("seat_page", args=parts) for parts in seats.values_list("election__slug", "slug")
    ]
    origin = origin_of(request)
    urls = (escape(origin + page) for page in pages[:MAX_SITEMAP_URLS])
    locations = "".join(f"<url><loc>{url}</loc></url>" for url in urls)
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{locations}</urlset>'
    )
    response = compressed(request, text, content_type="application/xml; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=0, s-maxage=300"
    return response


@readable_by_any_origin
@require_safe
def results_json(request: HttpRequest, election_slug: str) -> HttpResponse:
    election = public_election(election_slug)

    return serve_rendered(request, election, json_of, content_type="application/json")


@readable_by_any_origin
@require_safe
def results_schema(request: HttpRequest, version: int) -> HttpResponse:
    """The JSON Schema of a version of results.json."""
    path = SCHEMAS / f"results-{version}.json"
    if not path.is_file():
        raise Http404(path.name)
    text = path.read_text(encoding="utf-8")
    response = compressed(request, text, content_type="application/schema+json")
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


@readable_by_any_origin
@require_safe
def results_csv(request: HttpRequest, election_slug: str) -> HttpResponse:
    return _serve_csv(request, public_election(election_slug), csv_of, election_slug)


@readable_by_any_origin
@require_safe
@contest_view
def seat_csv(request: HttpRequest, election: Election, contest: Contest) -> HttpResponse:
    """The rows of results.csv that are of one contest."""
    rows = partial(seat_csv_of, contest=contest)
    return _serve_csv(request, election, rows, contest.slug)


@readable_by_any_origin
@require_safe
def bodies_csv(request: HttpRequest, election_slug: str) -> HttpResponse:
    election = public_election(election_slug)
    return _serve_csv(request, election, bodies_csv_of, f"{election_slug}-bodies")


def _serve_csv(request: HttpRequest, election: Election, render: Render, name: str) -> HttpResponse:
    response = serve_rendered(request, election, render, content_type="text/csv; charset=utf-8")
    rehearsal = "REHEARSAL-" if election.rehearsal else ""
    response.headers["Content-Disposition"] = f'inline; filename="{rehearsal}{name}.csv"'
    return response


@readable_by_any_origin
@require_safe
def log_json(request: HttpRequest, election_slug: str) -> HttpResponse:
    election = public_election(election_slug)

    def render(snapshot: CachedSnapshot) -> str:
        return "".join(public_log(snapshot))

    return serve_rendered(request, election, render, content_type="application/json")


@require_safe
def verify_log(request: HttpRequest, election_slug: str) -> HttpResponse:
    """The script that checks the public log from outside."""
    public_election(election_slug)
    response = compressed(request, _script(), content_type="text/x-python; charset=utf-8")
    response.headers["Cache-Control"] = CACHE_CONTROL
    return response


@cache
def _script() -> str:
    return (settings.BASE_DIR / "docs" / "verify_log.py").read_text()


@readable_by_any_origin
@require_safe
def feed_atom(request: HttpRequest, election_slug: str) -> HttpResponse:
    return serve_rendered(
        request,
        public_election(election_slug),
        lambda snapshot: _atom(request, snapshot),
        content_type="application/atom+xml; charset=utf-8",
    )


def _atom(request: HttpRequest, snapshot: CachedSnapshot) -> str:
    election = snapshot.election
    title = election.local_name
    if election.rehearsal:
        named = _("%(name)s (invented figures)") % {"name": election.local_name}
        title = rehearsal_title(named, election)
    feed = _AtomFeed(
        title=_in_xml(title),
        link=absolute(request, election.get_absolute_url()),
        feed_url=absolute(request, reverse("feed_atom", args=[election.slug])),
        description=_in_xml(snapshot.night_summary.headline),
        language=election.page_language,
        feed_guid=_tag(request, election, "feed"),
        log_url=absolute(request, reverse("log_json", args=[election.slug])),
        log_title=_("Public log, as of bulletin %(number)d: %(head)s")
        % {"number": snapshot.night.sequence, "head": snapshot.night.head}
        if snapshot.night.head
        else "",
    )
    publisher = HouseStyle.load().publisher
    for entry in entries(snapshot, FeedQuery(limit=ATOM_ENTRIES)):
        feed.add_item(
            title=_in_xml(entry.heading),
            link=absolute(request, entry.path),
            description=_summary(entry.text),
            unique_id=_tag(request, election, entry.id),
            pubdate=entry.at,
            updateddate=entry.modified_at,
            author_name=_in_xml(entry.author or publisher),
        )
    return feed.writeString("utf-8")


class _AtomFeed(Atom1Feed):
    """An Atom feed with a link to the public log, whose title has the newest head."""

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        if self.feed["log_title"]:
            link = {"rel": "related", "type": "application/json", "href": self.feed["log_url"]}
            handler.addQuickElement("link", "", {**link, "title": self.feed["log_title"]})


def _summary(text: str) -> str:
    """An entry's text as HTML, which Atom1Feed declares a summary to be."""
    html = escape(_in_xml(text))
    return f'<div dir="auto">{html}</div>' if has_right_to_left(text) else html


def _in_xml(text: str) -> str:
    """Leave out characters that XML does not allow; one in a quote would break the whole feed."""
    return NOT_IN_XML.sub("", text)


def _tag(request: HttpRequest, election: Election, name: str) -> str:
    """A tag URI (RFC 4151): a permanent id that does not depend on the URL."""
    return f"tag:{urlsplit(origin_of(request)).hostname},{election.date}:{election.slug}/{name}"
