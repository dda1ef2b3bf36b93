"""The night for pages without a socket: where it is, and what came after a number.

Made for a CDN. Asking is one small address for everyone (`now/`); what came between two numbers is
an address that everybody at the first of them shares. Neither is kept for long, because a bulletin
holds words that may be withdrawn a minute later, and nobody at the desk can purge a CDN.
"""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.views.decorators.http import require_safe

from results.live import log
from results.models import Night
from results.reader import page_cache
from results.reader.compression import coding_for, compress
from results.reader.cross_origin import readable_by_any_origin

#: Where it is now, and what came since. A shared cache may answer with a copy of the last second,
#: and for two seconds more while it asks for another, so that a crowd is one question to the desk.
#: must-revalidate: a browser would otherwise obey stale-while-revalidate as well, and be told what
#: was true when it last asked.
MOMENT = "public, max-age=0, must-revalidate, s-maxage=1, stale-while-revalidate=2"
#: What holds published words: as long as pages need the same span after a bulletin, and no longer.
BRIEFLY = "public, max-age=10, stale-while-revalidate=2"


@readable_by_any_origin
@require_safe
def now(request: HttpRequest, election_slug: str) -> HttpResponse:
    """``{"epoch", "sequence"}``: what an open page compares itself with."""
    night = get_object_or_404(Night, election__slug=election_slug)
    etag = f'"{night.epoch}-{night.sequence}"'
    response = get_conditional_response(request, etag=etag) or JsonResponse(
        {"epoch": str(night.epoch), "sequence": night.sequence}
    )
    response.headers["Cache-Control"] = MOMENT
    response.headers["ETag"] = etag
    return response


@readable_by_any_origin
@require_safe
def updates(request: HttpRequest, election_slug: str, sequence: int) -> HttpResponse:
    """Everything after a number, as one document: what the socket would have sent."""
    night = get_object_or_404(Night, election__slug=election_slug)
    epoch = request.GET.get("epoch") or str(night.epoch)
    # Whatever another epoch is called, and however far away a number is, the answer is one.
    near = 0 <= night.sequence - sequence <= log.CATCH_UP
    known = sequence if near and epoch == str(night.epoch) else "another"
    mark = f"{night.epoch}-{known}-{night.sequence}"
    return _answer(request, mark, MOMENT, lambda: log.document_since(night, sequence, epoch))


@readable_by_any_origin
@require_safe
def between(
    request: HttpRequest, election_slug: str, epoch: UUID, since: int, sequence: int
) -> HttpResponse:
    """What came after one number and up to another, or up to now where more has come since.

    An old span is not repeated as it was: words in it may have been withdrawn or changed since, and
    each fragment states the whole of what is, so the newest serves an open page as well.
    Another epoch, too far apart or not there yet: redirects to `updates`.
    """
    night = get_object_or_404(Night, election__slug=election_slug)
    there = epoch == night.epoch and since < sequence <= night.sequence
    if not there or sequence - since > log.CATCH_UP:
        address = reverse("updates", args=[election_slug, since])
        response: HttpResponse = HttpResponseRedirect(f"{address}?epoch={epoch}")
        response.headers["Cache-Control"] = "no-store"
        return response
    cached = BRIEFLY if sequence == night.sequence else MOMENT
    mark = f"{epoch}-{since}-{night.sequence}"
    return _answer(request, mark, cached, lambda: log.document_since(night, since))


def _answer(
    request: HttpRequest, mark: str, cached: str, document: Callable[[], log.Document]
) -> HttpResponse:
    """A document that never changes under its mark: made and compressed once in this process."""
    coding = coding_for(request.headers.get("Accept-Encoding", ""))
    etag = f'"{mark}{coding and "-"}{coding}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:

        def make() -> bytes:
            return compress(log.encode(document()).encode(), coding)

        body = page_cache.get_or_create(page_cache.make_key("updates", etag), make)
        response = HttpResponse(body, content_type="application/json")
        if coding:
            response.headers["Content-Encoding"] = coding
    response.headers["Cache-Control"] = cached
    response.headers["ETag"] = etag
    patch_vary_headers(response, ["Accept-Encoding"])
    return response
