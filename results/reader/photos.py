"""Photos as files: only those that readers may see now, and only as the pictures we made."""

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from results.live.pictures import path_of
from results.models import WIDTHS, Photo
from results.reader.updates import BRIEFLY


@require_safe
def photo(request: HttpRequest, election_slug: str, name: str, width: int) -> HttpResponse:
    shown = Photo.objects.current().filter(election__slug=election_slug, name=name)
    if width not in WIDTHS or not shown.exists():
        raise Http404
    # A picture never changes under its name, so a cache that asks again is sent nothing twice.
    etag = f'"{name}-{width}"'
    response = get_conditional_response(request, etag=etag) or _file(name, width)
    response.headers["Cache-Control"] = BRIEFLY
    response.headers["ETag"] = etag
    return response


def _file(name: str, width: int) -> HttpResponse:
    try:
        with default_storage.open(path_of(name, width)) as file:
            # Whole: a few hundred kilobytes of our own making, read in the request's own thread.
            return HttpResponse(file.read(), content_type="image/jpeg")
    except FileNotFoundError:
        raise Http404 from None
