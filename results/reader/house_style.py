"""The publisher's stylesheet and logo: their addresses change with them, so they never expire."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from results.live.house_style import stylesheet
from results.models import HouseStyle
from results.reader.compression import compressed

FOR_EVER, NOT_AT_ALL = "public, max-age=31536000, immutable", "no-store"


@require_safe
def house_styles(request: HttpRequest, digest: str) -> HttpResponse:
    """Serve the masthead's stylesheet; an older address gets the present one, not cached."""
    style = HouseStyle.load()
    response = compressed(request, stylesheet(style), content_type="text/css; charset=utf-8")
    return _cached(response, style, digest)


@require_safe
def house_logo(request: HttpRequest, digest: str) -> HttpResponse:
    """Serve the logo; an older address gets the present one, not cached."""
    style = HouseStyle.objects.filter(pk=HouseStyle.ONLY).exclude(logo_width=0).first()
    if style is None:
        raise Http404(digest)
    return _cached(HttpResponse(bytes(style.logo), content_type="image/png"), style, digest)


def _cached(response: HttpResponse, style: HouseStyle, digest: str) -> HttpResponse:
    response.headers["Cache-Control"] = FOR_EVER if digest == style.version else NOT_AT_ALL
    return response
