"""The 404 page."""

from contextlib import nullcontext

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.template.loader import render_to_string
from django.utils.translation import get_language

from electiondesk.embed_frames import allow_frames_of_embeds, is_embed
from results.live.fragments import election_locale, without_indentation
from results.live.house_style import house_context
from results.models import Election


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404 in the publisher's style, with the election that the address is below, if any.

    Reporters and editors get it too.
    """
    slug = request.path_info.strip("/").partition("/")[0]
    election = Election.public.filter(slug=slug).first()
    with election_locale(election) if election else nullcontext():
        context = {
            "language": get_language(),
            "below": election,
            "is_framed": is_embed(request),
            **house_context(),
        }
        page = render_to_string("reader/not_found_page.html", context)
    return allow_frames_of_embeds(request, HttpResponseNotFound(without_indentation(page)))
