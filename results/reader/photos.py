"""Photos as files: only those that readers may see now, and only as the pictures we made."""

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from results.live.pictures import path_of
from results.models import WIDTHS, Photo

#: Short, so that a photo that is withdrawn is gone everywhere within minutes.
CACHED = "public, max-age=300, s-maxage=60"


@require_safe
def photo(request: HttpRequest, election_slug: str, name: str, width: int) -> HttpResponse:
    shown = Photo.objects.current().filter(election__slug=election_slug, name=name)
    if width not in WIDTHS or not shown.exists():
        raise Http404
    try:
        with default_storage.open(path_of(name, width)) as file:
            # Whole: a few hundred kilobytes of our own making, read in the request's own thread.
            response = HttpResponse(file.read(), content_type="image/jpeg")
    except FileNotFoundError:
        raise Http404 from None
    response.headers["Cache-Control"] = CACHED
    return response
