"""Page and alerts of the seats and parties that a reader follows.

Only the reader's own browser stores what they follow. The alerts of a span of bulletins are the
same for everybody, so that any cache answers a crowd.
"""

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from results.live.alerts import Alert, alerts_since, may_alert
from results.live.cached_snapshot import CachedSnapshot
from results.live.fragments import election_locale
from results.live.tail import rounded_distance
from results.models import Night
from results.reader import page_cache
from results.reader.compression import coding_for, compress, encoded_response
from results.reader.conditional import conditional_response
from results.reader.pages import Context, serve
from results.reader.public import public_election, public_or_404
from results.reader.updates import CACHE_FOR_A_SECOND, CACHE_FOR_TEN_SECONDS
from results.words.party_names import PartyName

#: Seats that one page lists.
MOST = 100
#: Alerts that one answer has: the newest.
MOST_ALERTS = 200
CODINGS = ("br", "gzip")


@require_safe
def following_page(request: HttpRequest, election_slug: str) -> HttpResponse:
    """Page of the followed `?seats=` as they are now, and of what else can be followed."""
    election = public_election(election_slug)
    slugs = _names(request.GET.get("seats", ""))

    def context_of(snapshot: CachedSnapshot) -> Context:
        by_slug = {each.contest.slug: each for each in snapshot.cached_contests}
        seats = [by_slug[slug] for slug in slugs if slug in by_slug]
        return {
            "here": "following",
            "may_alert": may_alert(election),
            "followed_seats": [(cached.contest, snapshot.row(cached)) for cached in seats],
            "parties": _parties(snapshot) if election.rules.holds else None,
        }

    variant = urlencode({"seats": ",".join(slugs)})
    cache = page_cache.CHOICES if slugs else page_cache.PAGES
    template = "reader/following_page.html"
    return serve(request, election, template, context_of, variant=variant, cache=cache)


def _names(text: str) -> list[str]:
    """Parse a comma-separated text into names, sorted and without repetition."""
    return sorted({each for each in text.replace("\0", "")[:4000].split(",") if each})[:MOST]


def _parties(snapshot: CachedSnapshot) -> dict[str, list[PartyName]]:
    """The parties that stand: `main` won a seat last time or now, `others` did not.

    Those that won most last time first.
    """
    standing = snapshot.labels_standing
    ranked = sorted(standing, key=lambda label: [-count for count in standing[label]])
    winning = {row.party_name.label for row in snapshot.party_rows if row.party_tally.seats}
    main = [label for label in ranked if standing[label][0] or label in winning]
    others = [label for label in ranked if label not in main]
    names = snapshot.party_names
    return {"main": [names[each] for each in main], "others": [names[each] for each in others]}


@require_safe
def alerts(
    request: HttpRequest, election_slug: str, epoch: UUID, since: int, sequence: int
) -> HttpResponse:
    """`{"epoch", "sequence", "news": […]}` of the bulletins after `since`, up to now.

    `sequence` only gives the address of newer alerts another cache key. A response may begin before
    `since`: positions far behind share their responses.
    """
    nights = Night.objects.select_related("election")
    night = public_or_404(nights, election_slug)
    coding = coding_for(request.headers.get("Accept-Encoding", ""), CODINGS)
    behind = rounded_distance(night.sequence - since)
    allowed = may_alert(night.election)
    etag = f'"{night.epoch}-{night.sequence}-{behind}-{allowed}{coding and "-"}{coding}"'

    def create() -> bytes:
        found = alerts_since(night, max(night.sequence - behind, 0))[-MOST_ALERTS:]
        with election_locale(night.election):
            return compress(_document(night, found), coding)

    def respond() -> HttpResponse:
        language = night.election.page_language
        key = page_cache.make_key("alerts", night.election.slug, language, etag)
        body = page_cache.get_or_create(key, create)
        return encoded_response(body, coding, content_type="application/json")

    is_newest = epoch == night.epoch and sequence == night.sequence
    cache_control = CACHE_FOR_TEN_SECONDS if is_newest else CACHE_FOR_A_SECOND
    response = conditional_response(request, etag, cache_control, respond)
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


def _document(night: Night, found: list[Alert]) -> bytes:
    """The alerts, and what they need that the page does not have."""
    document = {
        "epoch": str(night.epoch),
        "sequence": night.sequence,
        "news": [alert.to_json() for alert in found],
        "words": {
            "label": _("Following"),
            "close": _("Close"),
            "more": _("{count} earlier ones: see what you follow"),
            "address": reverse("following_page", args=[night.election.slug]),
        },
        "stylesheet": static("reader/following.css"),
    }
    return JsonResponse(document).content
