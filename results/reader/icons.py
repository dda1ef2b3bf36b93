"""The site's icon at the addresses that browsers ask for by themselves."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.templatetags.static import static
from django.views.decorators.http import require_safe


@require_safe
def icon(request: HttpRequest) -> HttpResponse:
    """Redirect to the icon as a PNG: Safari shows no SVG, and a page such as JSON names no icon."""
    address = static("shared/mark-192.png")
    return HttpResponseRedirect(address, headers={"Cache-Control": "public, max-age=3600"})
