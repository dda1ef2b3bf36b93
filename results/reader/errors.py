"""The 404 page."""

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.template.loader import render_to_string
from django.utils.translation import get_language

from results.live.fragments import without_indentation
from results.live.house_style import house_context


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404 in the publisher's style; reporters and editors get it too."""
    context = {"language": get_language(), **house_context()}
    page = render_to_string("reader/not_found_page.html", context)
    return HttpResponseNotFound(without_indentation(page))
