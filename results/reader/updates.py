"""Polling instead of a socket: the current sequence, and what came after a bulletin.

Made for a CDN: `now/` is one small address for everyone, and pages at the same bulletin share the
address of what they lack. Neither is cached for long, because a bulletin holds words that may be
withdrawn a minute later, and newsrooms cannot purge every CDN.
"""

from urllib.parse import urlencode
from uuid import UUID

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseRedirect,
    JsonResponse,
)
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from results.live import log
from results.live.tail import CATCH_UP, rounded_distance
from results.live.topics import parse_topics
from results.models import Night
from results.reader import page_cache
from results.reader.compression import coding_for, compress, encoded_response
from results.reader.conditional import conditional_response
from results.reader.cross_origin import readable_by_any_origin
from results.reader.public import public_or_404

#: For answers about now. A shared cache may answer with a copy a second old, and for two seconds
#: more while it fetches another, so that a crowd is one request here. must-revalidate keeps
#: browsers from obeying stale-while-revalidate too: they would be given their own last answer.
CACHE_FOR_A_SECOND = "public, max-age=0, must-revalidate, s-maxage=1, stale-while-revalidate=2"
#: For published words: as long as pages ask for the same span after a bulletin, and no longer.
CACHE_FOR_TEN_SECONDS = "public, max-age=10, stale-while-revalidate=2"
#: The socket's own bytes where they are accepted, so that a frame is encoded once for both.
CODINGS = ("deflate", "br", "gzip")
#: Stands for an invalid epoch; no night has it.
NO_EPOCH = UUID(int=0)


@readable_by_any_origin
@require_safe
def now(request: HttpRequest, election_slug: str) -> HttpResponse:
    """`{"epoch", "sequence"}` of the night, which open pages compare with their own.

    `Date` is the time that they show: the clock of their device may be wrong.
    """
    night = public_or_404(Night.objects.all(), election_slug)
    etag = f'"{night.epoch}-{night.sequence}"'
    response = conditional_response(
        request,
        etag,
        CACHE_FOR_A_SECOND,
        lambda: JsonResponse({"epoch": str(night.epoch), "sequence": night.sequence}),
    )
    response.headers["Date"] = http_date()
    # For embeds in a sandboxed frame, which have an origin of their own.
    response.headers["Access-Control-Expose-Headers"] = "Age, Date"
    return response


@readable_by_any_origin
@require_safe
def updates(request: HttpRequest, election_slug: str, sequence: int) -> HttpResponse:
    """Serve what came after bulletin `sequence` of `?epoch=`: the document that the socket sends.

    With `?topics=` only what pages with these topics show.
    """
    night = _night_of(election_slug)
    epoch = _parse_epoch(request.GET.get("epoch", ""))
    return _serve(request, night, sequence, epoch, CACHE_FOR_A_SECOND)


def _night_of(election_slug: str) -> Night:
    nights = Night.objects.select_related("election")
    return public_or_404(nights, election_slug)


def _parse_epoch(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return NO_EPOCH


@readable_by_any_origin
@require_safe
def between(
    request: HttpRequest, election_slug: str, epoch: UUID, since: int, sequence: int
) -> HttpResponse:
    """Serve what came after bulletin `since`, up to `sequence`, or up to now if there is more.

    An old span is not repeated as it was, because words in it may have been withdrawn or changed.
    Each fragment states everything its element shows, so that the newest serves an open page too.
    Redirects to `updates` for another epoch, for a span too long and for one not published yet.
    """
    night = _night_of(election_slug)
    published = epoch == night.epoch and since < sequence <= night.sequence
    if not published or sequence - since > CATCH_UP:
        topics = request.GET.get("topics", "")
        query = urlencode({"epoch": epoch, **({"topics": topics} if topics else {})}, safe=":,")
        url = f"{reverse('updates', args=[election_slug, since])}?{query}"
        return HttpResponseRedirect(url, headers={"Cache-Control": "no-store"})
    cache_control = CACHE_FOR_TEN_SECONDS if sequence == night.sequence else CACHE_FOR_A_SECOND
    return _serve(request, night, since, epoch, cache_control)


def _serve(
    request: HttpRequest, night: Night, sequence: int, epoch: UUID | None, cache_control: str
) -> HttpResponse:
    """Serve the frame for a page at `sequence`, created and compressed once for each coding."""
    try:
        topics = parse_topics(request.GET.get("topics", ""))
    except ValueError as exc:
        return HttpResponseBadRequest(str(exc), content_type="text/plain; charset=utf-8")
    coding = coding_for(request.headers.get("Accept-Encoding", ""), CODINGS)
    # Positions with the same frame share one answer, as all positions out of reach do. An epoch
    # may have begun between two positions of the same distance.
    distance = rounded_distance(night.sequence - sequence)
    position = distance if log.is_in_reach(night, sequence, epoch) else "reload"
    language = night.election.page_language
    version = f"{night.epoch}-{night.sequence}-{position}{coding and '-'}{coding}"
    # A digest: a seat's topics can be kilobytes, and nginx refuses headers of more than four.
    shown = f"-{page_cache.make_key(*topics)[:16]}" if topics else ""
    etag = f'"{version}{shown}"'

    def respond() -> HttpResponse:
        def create() -> bytes:
            frame = log.frame_since(night, sequence, epoch, topics)
            return frame.deflated if coding == "deflate" else compress(frame.text.encode(), coding)

        body = page_cache.get_or_create(
            page_cache.make_key("updates", night.election.slug, language, topics, etag), create
        )
        return encoded_response(body, coding, content_type="application/json")

    response = conditional_response(request, etag, cache_control, respond)
    patch_vary_headers(response, ["Accept-Encoding"])
    return response
