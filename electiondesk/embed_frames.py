"""Pages that other sites may frame although no view of an embed has made them: its errors."""

from django.http import HttpRequest, HttpResponse


def is_embed(request: HttpRequest) -> bool:
    return request.path_info.startswith("/embed/")


def allow_frames_of_embeds(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Let other sites frame a page that stands at the address of an embed.

    Of a page that refuses to be framed a browser says in its place that the site refused to
    connect. The decorators of the embed's view are not reached.
    """
    if is_embed(request):
        response.xframe_options_exempt = True
        # As a decorator of django-csp sets it.
        response._csp_replace = {"frame-ancestors": ["*"]}  # type: ignore[attr-defined]  # its own
    return response
