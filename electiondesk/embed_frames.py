"""What other sites may frame: embeds, and errors at their addresses."""

from typing import TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.http.response import HttpResponseBase

from electiondesk.site_origin import known_origin, known_origins

Response = TypeVar("Response", bound=HttpResponseBase)


def is_embed(request: HttpRequest) -> bool:
    return request.path_info.startswith("/embed/")


def allow_frames(request: HttpRequest, response: Response) -> Response:
    """Let other sites frame a page, also in a sandbox without an origin.

    There 'self' is nobody to Safari, which would load neither styles nor scripts: the policy names
    the desk's own origin as well.
    """
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    own = {
        name: [*directives[name], *_own_sources(request)]
        for name in ("default-src", "font-src", "connect-src")
    }
    # As the decorators of Django and of django-csp set them.
    response.xframe_options_exempt = True  # type: ignore[attr-defined]
    response._csp_replace = {**own, "frame-ancestors": ["*"]}  # type: ignore[attr-defined]
    return response


def _own_sources(request: HttpRequest) -> list[str]:
    """The desk's origins for a policy: of a host that is not among them, on any port.

    A proxy keeps one page for all names and ports, and whoever asks first may name a port that has
    no server.
    """
    if known_origin(request):
        return known_origins()
    host, _port = split_domain_port(request.get_host())
    return [*known_origins(), f"{request.scheme}://{host}:*"]


def allow_frames_of_embeds(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Let other sites frame an error that stands at the address of an embed.

    Of a page that refuses to be framed a browser says in its place that the site refused to
    connect. The decorators of the embed's view are not reached.
    """
    return allow_frames(request, response) if is_embed(request) else response
