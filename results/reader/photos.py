"""Photos as files: only those that readers may see now, and only as the pictures we made."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from results.live.pictures import path_of
from results.models import WIDTHS, Photo

#: Short, so that a photo that is withdrawn is gone everywhere within minutes.
CACHED = "public, max-age=300, s-maxage=60"


@require_safe
def photo(request: HttpRequest, election_slug: str, name: str, width: int) -> FileResponse:
    shown = Photo.objects.current().filter(election__slug=election_slug, name=name)
    if width not in WIDTHS or not shown.exists():
        raise Http404
    try:
        file = default_storage.open(path_of(name, width))
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(file, content_type="image/jpeg")
    response.headers["Cache-Control"] = CACHED
    return response
