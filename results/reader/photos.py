"""Serve photos that are public now, in the sizes made when they were stored."""

import logging

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from results.live.pictures import path_of
from results.models import WIDTHS, Photo
from results.reader.conditional import conditional_response
from results.reader.public import public_or_404
from results.reader.updates import CACHE_FOR_TEN_SECONDS

logger = logging.getLogger(__name__)


@require_safe
def photo(request: HttpRequest, election_slug: str, name: str, width: int) -> HttpResponse:
    if width not in WIDTHS:
        raise Http404
    public_or_404(Photo.objects.current(), election_slug, name=name)
    # A picture never changes under its name, so that its name is a strong ETag.
    etag = f'"{name}-{width}"'
    return conditional_response(request, etag, CACHE_FOR_TEN_SECONDS, lambda: _file(name, width))


def _file(name: str, width: int) -> HttpResponse:
    try:
        with default_storage.open(path_of(name, width)) as file:
            # Read whole rather than streamed: stored pictures have a few hundred kilobytes.
            return HttpResponse(file.read(), content_type="image/jpeg")
    except OSError as exc:
        if not isinstance(exc, FileNotFoundError):
            logger.error("photo %s cannot be read: %s", name, exc)
        raise Http404 from None
