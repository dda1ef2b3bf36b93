"""Map exceptions of the API to RFC 9457 problem responses."""

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any

from django.db import DatabaseError, InterfaceError, InternalError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.log import log_response
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, AuthorizationError, HttpError, ValidationError

from electiondesk.unavailable import RETRY_AFTER_SECONDS, full_disk, is_unavailable
from results import desk
from results.api.tokens import TooManyWrites
from results.arithmetic import BLOCK, REASON, ValidationMessage
from results.desk.reversals import CODES as REVERSALS
from results.reader.public import ElectionWithdrawn
from results.words.validation_messages import message_text

CONTENT_TYPE = "application/problem+json"
#: Codes that a reason for readers answers; the desk's own reason answers every other warning.
_FOR_READERS = (*REVERSALS, "reason_missing")


def problem(
    status: int, code: str, detail: str, findings: Sequence[dict[str, Any]] = ()
) -> HttpResponse:
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        "findings": list(findings),
    }
    response = JsonResponse(body, status=status, content_type=CONTENT_TYPE)
    response.headers["Cache-Control"] = "no-store"
    if status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def finding(message: ValidationMessage) -> dict[str, Any]:
    """Return a validation message as JSON; `accepted_with` names the field that accepts it."""
    accepted_with = None
    if message.level == REASON:
        accepted_with = "reason" if message.code in _FOR_READERS else "warning_reason"
    level = {BLOCK: "block", REASON: "reason"}.get(message.level, "note")
    return {
        "code": message.code,
        "field": message.field,
        "message": message_text(message),
        "level": level,
        "accepted_with": accepted_with,
    }


def install(api: NinjaAPI) -> None:
    """Turn everything that the API's functions raise into problems."""
    handlers: dict[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
        ElectionWithdrawn: _withdrawn,
        Http404: lambda request, exc: not_found(),
        ValidationError: _malformed,
        AuthenticationError: _unauthenticated,
        AuthorizationError: _forbidden,
        HttpError: _http_error,
        desk.DeskError: _refused,
        OperationalError: _unavailable,
        InterfaceError: _unavailable,
        InternalError: _unavailable,
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)


def method_not_allowed(response: HttpResponseBase) -> HttpResponse:
    """The problem in place of a plain 405, which still names what the address takes."""
    words = _("This address takes %(methods)s only.") % {"methods": response.headers["Allow"]}
    refusal = problem(405, "method_not_allowed", words)
    refusal.headers["Allow"] = response.headers["Allow"]
    return refusal


def not_found() -> HttpResponse:
    return problem(404, "not_found", _("There is nothing at this address."))


def _withdrawn(request: HttpRequest, exc: ElectionWithdrawn) -> HttpResponse:
    return problem(410, "withdrawn", exc.election.withdrawal_reason)


def _malformed(request: HttpRequest, exc: ValidationError) -> HttpResponse:
    findings = [
        {
            "code": str(error["type"]),
            "field": _field(error["loc"]),
            "message": str(error["msg"]).removeprefix("Value error, "),
            "level": "block",
            "accepted_with": None,
        }
        for error in exc.errors
    ]
    words = _("Something is missing, unknown or of another form: findings name the fields.")
    return problem(422, "malformed", words, findings)


def _field(location: Sequence[str | int]) -> str:
    """The field as it was sent: of a body, the first name is that of the view's parameter."""
    where, *names = location
    return ".".join(str(name) for name in (names[1:] if where == "body" else names))


def _unauthenticated(request: HttpRequest, exc: Exception) -> HttpResponse:
    words = _(
        "Send a token: Authorization: Bearer and the token. It may have ended or been revoked."
    )
    return problem(401, "token_needed", words)


def _forbidden(request: HttpRequest, exc: Exception) -> HttpResponse:
    return problem(403, "scope_missing", str(exc))


def _http_error(request: HttpRequest, exc: HttpError) -> HttpResponse:
    code = {400: "bad_request", 422: "malformed", 429: "throttled"}.get(exc.status_code, "refused")
    # Outside DEBUG the library does not say why it could not read the body.
    why = exc.__cause__ if exc.status_code == 400 else None
    detail = f"Cannot parse request body ({why})" if isinstance(why, ValueError) else str(exc)
    response = problem(exc.status_code, code, detail)
    if isinstance(exc, TooManyWrites):
        response.headers["Retry-After"] = str(exc.seconds)
    return response


def _unavailable(request: HttpRequest, exc: DatabaseError) -> HttpResponse:
    """Ask for the same again: it may have been published, which its key tells.

    Raises the exception where no waiting helps."""
    if not is_unavailable(exc):
        raise exc
    full_disk.note(exc)
    words = _("The desk cannot answer now. Send the same again, under the same key.")
    response = problem(503, "unavailable", words)
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    log_response(
        "%s: %s",
        response.reason_phrase,
        request.path,
        response=response,
        request=request,
        exception=exc,
    )
    return response


def _refused(request: HttpRequest, exc: Exception) -> HttpResponse:
    """Return the problem for a refusal of the publishing API. Nothing was written."""
    if isinstance(exc, desk.ValidationRefused):
        findings = [finding(message) for message in exc.messages]
        if exc.needs_reason:
            words = _(
                "This needs a reason. If it is what was read out, send the same again with words "
                "in each field that accepted_with names."
            )
            return problem(422, "reason_needed", words, findings)
        return problem(422, "impossible", _("This cannot be published."), findings)
    if isinstance(exc, desk.StaleRevision):
        words = _("Another revision was published: fetch the contest, and send its revision.")
        return problem(409, "stale_revision", words)
    if isinstance(exc, desk.IdempotencyKeyReused):
        words = _("This Idempotency-Key came with another request before, which was answered.")
        return problem(409, "idempotency_key_reused", words)
    changed = isinstance(exc, desk.BallotPaperChanged)
    return problem(409, "ballot_paper_changed" if changed else "invalid_transition", str(exc))
