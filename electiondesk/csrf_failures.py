"""Answer to a form whose CSRF token is not today's: nothing is done, and what was typed is kept.

Signing in gives a browser another token, so a form that was opened before is refused. If the same
person has signed in again, the form waits in that session until they press its button, with a
token of its own. A form is kept only if it holds a token that this browser had.
"""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware import csrf
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.views.csrf import csrf_failure as plain_failure

from results.desk.devices import account_hash, device_of

#: Session key of hashes of the secrets that the same person's earlier forms have, and how many.
EARLIER = "earlier csrf secrets"
MAX_EARLIER = 8


@receiver(user_logged_in, dispatch_uid="electiondesk.csrf_failures.earlier")
def _remember_secret(sender: Any, request: HttpRequest, user: Any, **_more: Any) -> None:
    """Remember the secret of before this sign-in, if this person was the last to use the browser.

    The browser's cookie still has it: `login` has only just made another.
    """
    secret = request.COOKIES.get(settings.CSRF_COOKIE_NAME, "")
    if secret and device_of(request).latest_account == account_hash(user.get_username()):
        earlier = [*request.session.get(EARLIER, ()), _hash(secret)]
        request.session[EARLIER] = earlier[-MAX_EARLIER:]


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Keep the form of somebody who has signed in again, or ask them to; else refuse it."""
    kept = None
    if settings.ROLE != "readers" and _is_known(request, reason):
        if request.path.startswith(reverse("admin:index")):
            kept = _keep_in_admin(request)
        elif request.path.startswith(reverse("my_counts")):
            kept = _keep_of_reporter(request)
    refused: HttpResponse = kept or plain_failure(request, reason)
    return refused


def _keep_in_admin(request: HttpRequest) -> HttpResponse | None:
    # Imported here because it needs the models, and this module is imported before them.
    from results.editor import interrupted

    if request.path == reverse("admin:login"):
        return _keep_in_sign_in(request)
    form = interrupted.interrupted_form(request)
    if form is None:
        return None
    if not interrupted.is_page_load(request):
        return HttpResponse(status=HTTPStatus.UNAUTHORIZED)
    if form.is_only_a_press:
        return interrupted.back_to_the_button(request)
    if request.user.is_authenticated:
        return interrupted.store_form(request, form)
    return interrupted.interrupted_sign_in(admin.site, request, form)


def _keep_in_sign_in(request: HttpRequest) -> HttpResponse | None:
    """Keep the form that the sign-in page carries. Nobody who has signed in is asked to again."""
    from results.editor import interrupted

    form = interrupted.carried_form(request)
    if request.user.is_authenticated:
        resumed = interrupted.resume_after_sign_in(request, form) if form else None
        return resumed or HttpResponseRedirect(reverse("admin:index"))
    return interrupted.interrupted_sign_in(admin.site, request, form) if form else None


def _keep_of_reporter(request: HttpRequest) -> HttpResponse | None:
    from results.reporter.responses import from_outbox
    from results.reporter.resume import carry_fields, store_form

    is_sign_in = request.path.startswith(reverse("sign_in"))
    if is_sign_in or from_outbox(request) or not request.user.is_authenticated:
        return None
    return HttpResponseRedirect(store_form(request)) if carry_fields(request) else None


def _is_known(request: HttpRequest, reason: str) -> bool:
    """Whether the form was opened in this browser, by this person if somebody is signed in.

    Without any cookies only its origin tells, which the middleware has checked before the token.
    """
    if reason == csrf.REASON_NO_CSRF_COOKIE:
        return not request.user.is_authenticated and "Origin" in request.headers
    if not reason.startswith("CSRF token from POST incorrect"):
        return False
    token = request.POST["csrfmiddlewaretoken"]
    secret = csrf._unmask_cipher_token(token)  # type: ignore[attr-defined]  # of Django's own
    return _hash(secret) in request.session.get(EARLIER, ())


def _hash(secret: str) -> str:
    return salted_hmac("electiondesk.csrf", secret, algorithm="sha256").hexdigest()[:32]
