"""Middleware: security headers, unreadable requests, compression, the client in the log."""

import codecs
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.gzip import GZipMiddleware
from django.utils.encoding import escape_uri_path, iri_to_uri

from electiondesk.lifecycle.handler import API_WRITES, STAFF
from results.desk.audit import current_client_ip
from results.models.languages import reading_in, reporting_in
from results.reader.languages import NotInThisLanguage, split_language
from results.reader.priority import START_SECONDS, staff_requests
from results.reader.public import ElectionWithdrawn, withdrawn_page
from results.reporter.languages import language_of_phone

#: Reporters' pages.
PHONES = "/count/"
#: The phone's service worker: the same for everybody, and served without a session's queries.
WORKER = "/count/worker.js"

NUL_REFUSED = (
    "This address or a cookie of this site holds a NUL character, which no page of the desk has. "
    "Check the address, or delete the site's cookies.\n"
)
PARAMETERS_REFUSED = "This address has more parameters than any page of the desk reads.\n"
ENCODING_REFUSED = "This form is in another encoding than UTF-8, which is that of every page.\n"

#: Policy of responses that never reach CSPMiddleware: health checks, wrong host names.
DEFAULT_CSP = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"
#: Statuses of pages that CSPMiddleware leaves alone where DEBUG is on: Django's own have styles in
#: themselves.
DEBUG_PAGES = (404, 500)


def security_headers_middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Set the security headers that a response lacks. Stands in front of all other middleware."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", settings.SECURE_REFERRER_POLICY)
        response.headers.setdefault(
            "Cross-Origin-Opener-Policy", settings.SECURE_CROSS_ORIGIN_OPENER_POLICY
        )
        if not (settings.DEBUG and response.status_code in DEBUG_PAGES):
            response.headers.setdefault("Content-Security-Policy", DEFAULT_CSP)
        if not getattr(response, "xframe_options_exempt", False):
            response.headers.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
        if settings.SECURE_HSTS_SECONDS and request.is_secure():
            response.headers.setdefault(
                "Strict-Transport-Security", f"max-age={settings.SECURE_HSTS_SECONDS}"
            )
        return response

    return middleware


def unreadable_address_middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Answer 400 to an address that no view can read; no browser sends one.

    PostgreSQL stores no NUL byte in text, which is refused in cookies too. Django does not parse
    more than DATA_UPLOAD_MAX_NUMBER_FIELDS parameters, and its page of that error parses them too.
    Forms check their own fields.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        query: str = request.META.get("QUERY_STRING", "")
        cookies = [*request.COOKIES, *request.COOKIES.values()]
        if "\0" in "".join((request.path_info, query, *cookies)) or "%00" in query:
            return _refusal(NUL_REFUSED)
        if query.count("&") >= settings.DATA_UPLOAD_MAX_NUMBER_FIELDS:
            return _refusal(PARAMETERS_REFUSED)
        return get_response(request)

    return middleware


def form_encoding_middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Answer 400 to a form with files in another encoding than UTF-8; no browser sends one.

    Python has encodings whose text cannot be stored or shown again. Django refuses them for forms
    without files.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        is_form = request.content_type == "multipart/form-data"
        if is_form and request.encoding and codecs.lookup(request.encoding).name != "utf-8":
            return _refusal(ENCODING_REFUSED)
        return get_response(request)

    return middleware


def _refusal(words: str) -> HttpResponse:
    headers = {"Cache-Control": "no-store"}
    return HttpResponse(words, status=400, content_type="text/plain", headers=headers)


def compression_middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Compress what reporters' phones are sent: a signal at a count may carry 2 kB a second.

    And scripts and styles, where `collectstatic` has not. Readers' pages are compressed once for
    all, and editors have a line. Django adds a random length and masks CSRF tokens, so that the
    length tells nothing of a token (BREACH).
    """
    compressor = GZipMiddleware(get_response)

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        is_file = _is_whole_text_file(request, response)
        if is_file or request.path_info.startswith(PHONES):
            compressor.process_response(request, response)
        if is_file and response.headers.get("ETag", "").startswith("W/"):
            # WhiteNoise does not recognise it again; by its date it does.
            del response.headers["ETag"]
        return response

    return middleware


def _is_whole_text_file(request: HttpRequest, response: HttpResponse) -> bool:
    path = request.path_info
    is_text = path.startswith(settings.STATIC_URL) and path.endswith((".js", ".css", ".svg"))
    # Not part of one, and not that it is unchanged.
    return is_text and request.method == "GET" and response.status_code == 200


def client_ip_middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Set the client's address for audit entries that are recorded during the request."""

    def middleware(request: HttpRequest) -> HttpResponse:
        token = current_client_ip.set(request.META.get("REMOTE_ADDR") or None)
        try:
            return get_response(request)
        finally:
            current_client_ip.reset(token)

    return middleware


def withdrawn_middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Answer 410 with the reason at every address of an election that was withdrawn."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_exception(request: HttpRequest, exc: Exception) -> HttpResponse | None:
        if isinstance(exc, ElectionWithdrawn):
            return withdrawn_page(request, exc.election)
        return None

    middleware.process_exception = process_exception  # type: ignore[attr-defined]  # Django's name
    return middleware


def language_middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Serve `/cy/…` as the page behind it, and reporters' pages, in the language that was chosen.

    Redirects to the page in the election's own language where it is not in that one.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        language, request.path_info = split_language(request.path_info)
        if request.path_info.startswith(PHONES):
            with reporting_in(language_of_phone(request)):
                return get_response(request)
        with reading_in(language):
            return get_response(request)

    def process_exception(request: HttpRequest, exc: Exception) -> HttpResponse | None:
        if not isinstance(exc, NotInThisLanguage):
            return None
        query = request.META.get("QUERY_STRING", "")
        address = f"{escape_uri_path(request.path_info)}{query and '?'}{iri_to_uri(query)}"
        # Not for long: an editor may add the language.
        headers = {"Cache-Control": "public, max-age=0, s-maxage=2"}
        return HttpResponseRedirect(address, headers=headers)

    middleware.process_exception = process_exception  # type: ignore[attr-defined]  # Django's name
    return middleware


def priority_middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Delay readers' requests while those of signed-in reporters and editors are in progress.

    Requests of anybody else count for neither: repeated ones for `/admin/` must not slow down
    readers. Stands behind authentication.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(STAFF):
            staff_requests.wait(START_SECONDS)
            return get_response(request)
        # The API delays readers by itself, once it has checked the token.
        if request.path_info.startswith((WORKER, API_WRITES)) or not request.user.is_authenticated:
            return get_response(request)
        with staff_requests.in_progress():
            return get_response(request)

    return middleware
