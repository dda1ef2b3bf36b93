"""oEmbed: give other sites the embed of a page, of which they know only the address.

https://oembed.com. WordPress and most CMSs find it by the link in the pages' heads.
"""

from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit
from xml.etree import ElementTree

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from electiondesk.site_origin import known_origins
from results.live.fragments import election_locale
from results.models import Body, Election, HouseStyle
from results.models.languages import reading_in
from results.reader.addresses import absolute, origin_of
from results.reader.cross_origin import readable_by_any_origin
from results.reader.languages import split_language
from results.reader.moved import contest_or_404
from results.reader.public import public_election, public_or_404
from results.words.rehearsal_title import rehearsal_title

DEFAULT_PORTS = {"http": 80, "https": 443}
CACHE_CONTROL = "public, max-age=0, s-maxage=300"
#: Pixels of a frame whose page gives no limits; its own script makes it as tall as its content.
WIDTH, HEIGHT = 640, 480
#: The least width at which every embed is whole (tests/browser/test_embed_widths.py).
NARROWEST, LOWEST = 264, 120
#: The embed that stands for each page, by the names of their addresses.
EMBEDS = {
    "live_page": "embed_scoreboard",
    "feed_page": "embed_feed",
    "seat_page": "embed_seat",
    "body_page": "embed_body",
    **{
        name: name
        for name in ("embed_scoreboard", "embed_map", "embed_feed", "embed_seat", "embed_body")
    },
}
#: Longer than any address of ours.
LONGEST = 500


@dataclass(frozen=True, slots=True)
class _Embedded:
    """The embed of a page: its path, its title, and the path of the page's card."""

    path: str
    title: str
    card: str


@readable_by_any_origin
@require_safe
def oembed(request: HttpRequest) -> HttpResponse:
    """The embed of `?url=`, as `?format=json` or `xml`, within `?maxwidth=` and `?maxheight=`.

    404 for an address of another site, or of a page without an embed; 501 for another format.
    """
    kind = request.GET.get("format", "json")
    if kind not in ("json", "xml"):
        refusal = HttpResponse("json or xml\n", status=501, content_type="text/plain")
        # Django would log it as an error of the desk, which anybody could repeat.
        refusal._has_been_logged = True  # type: ignore[attr-defined]  # read by log_response
        return refusal
    embedded = _find(request, request.GET.get("url", ""))
    width = _within(request.GET.get("maxwidth", ""), WIDTH, NARROWEST)
    height = _within(request.GET.get("maxheight", ""), HEIGHT, LOWEST)
    document = _document(request, embedded, width, height)
    response = JsonResponse(document) if kind == "json" else _xml(document)
    response.headers["Cache-Control"] = CACHE_CONTROL
    return response


def _within(text: str, usual: int, least: int) -> int:
    """Parse a maximum length: the usual length or what fits; anything but a number is no limit."""
    most = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else usual
    return max(least, min(usual, most))


def _find(request: HttpRequest, url: str) -> _Embedded:
    """The embed of a page of this site. Raises Http404."""
    try:
        asked = urlsplit(url[:LONGEST])
        is_ours = _site(asked) in map(_site, map(urlsplit, [origin_of(request), *known_origins()]))
        language, path = split_language(asked.path)
        match = resolve(path) if is_ours else None
    except (ValueError, Resolver404):
        language, match = "", None
    name = EMBEDS.get(match.view_name) if match else None
    if match is None or name is None:
        raise Http404(url[:LONGEST])
    with reading_in(language):
        return _embedded(match, name)


def _site(address: SplitResult) -> tuple[str | None, int | None] | None:
    """The host, and the port unless it is the scheme's own; None for what is no page's address.

    Raises ValueError for a port that is no number. The scheme makes no difference: a proxy may add
    TLS without saying so.
    """
    if address.scheme not in DEFAULT_PORTS or "@" in address.netloc:
        return None
    port = address.port if address.port != DEFAULT_PORTS[address.scheme] else None
    return address.hostname, port


def _embedded(match: ResolverMatch, name: str) -> _Embedded:
    election = public_election(match.kwargs["election_slug"])
    args, title, card = [election.slug], election.local_name, ["election_card", election.slug]
    if "contest_slug" in match.kwargs:
        contest = contest_or_404(election, match.kwargs["contest_slug"])
        args, card = [*args, contest.slug], ["seat_card", *args, contest.slug]
        title = f"{contest.full_name}: {election.local_name}"
    elif "body_slug" in match.kwargs:
        slug = match.kwargs["body_slug"]
        body = public_or_404(Body.objects.select_related("election"), election.slug, slug=slug)
        if not election.rules.has_control:
            raise Http404(slug)
        args, card = [*args, body.slug], ["body_card", *args, body.slug]
        title = f"{body.local_name}: {election.local_name}"
    path, picture = reverse(name, args=args), reverse(card[0], args=card[1:])
    return _Embedded(path, _titled(election, title), picture)


def _titled(election: Election, title: str) -> str:
    with election_locale(election):
        return rehearsal_title(title, election)


def _document(
    request: HttpRequest, embedded: _Embedded, width: int, height: int
) -> dict[str, str | int]:
    # One frame and no script: a CMS takes the script out, and frames it in a sandbox.
    frame = format_html(
        '<iframe src="{}" title="{}" data-election-desk width="{}" height="{}" loading="lazy" '
        'style="border:0;max-width:100%"></iframe>',
        absolute(request, embedded.path),
        embedded.title,
        width,
        height,
    )
    return {
        "version": "1.0",
        "type": "rich",
        "provider_name": HouseStyle.load().publisher,
        "provider_url": origin_of(request),
        "title": embedded.title,
        "html": frame,
        "width": width,
        "height": height,
        "cache_age": 300,
        "thumbnail_url": absolute(request, embedded.card),
        "thumbnail_width": 1200,
        "thumbnail_height": 630,
    }


def _xml(document: dict[str, str | int]) -> HttpResponse:
    root = ElementTree.Element("oembed")
    for name, value in document.items():
        ElementTree.SubElement(root, name).text = str(value)
    text = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return HttpResponse(text, content_type="text/xml; charset=utf-8")
