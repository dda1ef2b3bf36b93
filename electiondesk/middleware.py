"""What no library in use does: the policies of every answer, and whose request is at hand."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from results.desk.audit import current_client_ip

NUL_REFUSED = (
    "This address or a cookie of this site holds a NUL character, which no page of the desk has. "
    "Check the address, or delete the site's cookies.\n"
)

#: Of an answer that never came as far as the middleware of a page's own policy.
BARE = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"


def security_headers_middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """In front of all others: an answer under a wrong name, or a check's, has policies as well."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", settings.SECURE_REFERRER_POLICY)
        response.headers.setdefault(
            "Cross-Origin-Opener-Policy", settings.SECURE_CROSS_ORIGIN_OPENER_POLICY
        )
        response.headers.setdefault("Content-Security-Policy", BARE)
        if not getattr(response, "xframe_options_exempt", False):
            response.headers.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
        if settings.SECURE_HSTS_SECONDS and request.is_secure():
            response.headers.setdefault(
                "Strict-Transport-Security", f"max-age={settings.SECURE_HSTS_SECONDS}"
            )
        return response

    return middleware


def nul_refused(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Answer 400 to an address or a cookie that holds a NUL: PostgreSQL takes it in no text.

    No browser sends one. Forms check what is typed by themselves.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        query: str = request.META.get("QUERY_STRING", "")
        cookies = [*request.COOKIES, *request.COOKIES.values()]
        if "\0" in "".join((request.path_info, query, *cookies)) or "%00" in query:
            response = HttpResponse(NUL_REFUSED, status=400, content_type="text/plain")
            response.headers["Cache-Control"] = "no-store"
            return response
        return get_response(request)

    return middleware


def network_of_the_request(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Let whatever is written down during a request say where it came from."""

    def middleware(request: HttpRequest) -> HttpResponse:
        token = current_client_ip.set(request.META.get("REMOTE_ADDR") or None)
        try:
            return get_response(request)
        finally:
            current_client_ip.reset(token)

    return middleware
