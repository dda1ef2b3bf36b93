"""Access guard of the reporters' views."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from results.desk.devices import remember_device
from results.desk.second_factor import lacks_second_factor
from results.reporter.not_assigned import not_assigned_page
from results.reporter.passes import is_signed_in
from results.reporter.permissions import NotAssigned
from results.reporter.responses import from_outbox, signed_out
from results.reporter.resume import carry_fields, store_form
from results.reporter.sign_in import sign_in_page

View = Callable[..., HttpResponse]


def reporters_only(view: View) -> View:
    """Decorate a view for signed-in users; anybody else signs in first and loses no input."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not is_signed_in(request):
            return _ask_to_sign_in(request)
        if lacks_second_factor(request):
            if from_outbox(request):  # it would try again for ever after a redirect
                return signed_out()
            return _ask_for_second_factor(request)
        if from_outbox(request) and not _is_sender(request):
            return JsonResponse({"state": "another"}, status=HTTPStatus.CONFLICT)
        try:
            response = view(request, *args, **kwargs)
        except NotAssigned:
            slugs = str(kwargs["election_slug"]), str(kwargs["contest_slug"])
            response = not_assigned_page(request, *slugs)
        # On every request, since some sessions are older than known devices.
        remember_device(request, response, request.user.get_username())
        return response

    return never_cache(guarded)


def _ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    if from_outbox(request):
        return signed_out()
    if request.method == "POST":
        return sign_in_page(request, carried=carry_fields(request))
    return _redirect_and_return("sign_in", request)


def _ask_for_second_factor(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        text = _("Your second factor is missing. What you typed is kept: give it and go on.")
        messages.warning(request, text)
        return _redirect_and_return("admin:second_factor", request, store_form(request))
    return _redirect_and_return("admin:second_factor", request)


def _redirect_and_return(name: str, request: HttpRequest, target: str = "") -> HttpResponse:
    query = urlencode({"next": target or request.get_full_path()})
    return HttpResponseRedirect(f"{reverse(name)}?{query}")


def _is_sender(request: HttpRequest) -> bool:
    """Whether the signed-in user is the one who filled in the form that the outbox sends."""
    return request.POST.get("reporter", "") in ("", str(request.user.pk))
