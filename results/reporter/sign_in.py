"""Sign-in and sign-out of reporters, by password or by the code of a pass."""

from http import HTTPStatus

from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from results.desk.devices import remember_device
from results.desk.passwords import ThrottledLoginForm
from results.desk.second_factor import needs_second_factor
from results.reporter.passes import CodeForm, sign_in_by_code, too_many_requests
from results.reporter.resume import Fields, carried_fields, resume_page


class PasswordForm(ThrottledLoginForm):
    too_many = _(
        "Too many tries. Wait until %(until)s, or use your link or your code, or ring the desk."
    )
    error_messages = {
        **ThrottledLoginForm.error_messages,
        "invalid_login": _(
            "That name and password do not go together. Check both (capitals matter), or use your "
            "link or your code, or ring the desk."
        ),
    }


@sensitive_post_parameters("password", "code")
@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    """Show the sign-in page; after signing in, go to the page that was asked for."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = reverse("my_counts")
    if request.method != "POST":
        if request.user.is_authenticated:
            return HttpResponseRedirect(target)
        return sign_in_page(request, target=target)
    carried = carried_fields(request)
    if "code" in request.POST:
        response = _sign_in_by_code(request, carried, target)
    else:
        response = _sign_in_by_password(request, carried, target)
    if carried and response.status_code == HTTPStatus.FOUND:
        page = resume_page(request, carried, target)
        page.cookies.update(response.cookies)
        return page
    return response


def sign_in_page(
    request: HttpRequest,
    *,
    form: PasswordForm | None = None,
    code: CodeForm | None = None,
    carried: Fields | None = None,
    target: str = "",
) -> HttpResponse:
    """Render the sign-in page, with the fields of an interrupted POST if there are any.

    Status 401 tells a script that its POST was not accepted; 429, that a limit is reached.
    """
    context = {
        "form": form or PasswordForm(request),
        "code": code or CodeForm(),
        "carried": carried or [],
        "next": target or request.get_full_path(),
    }
    is_interrupted = carried and form is None and code is None
    status = HTTPStatus.UNAUTHORIZED if is_interrupted else HTTPStatus.OK
    response = render(request, "reporter/sign_in.html", context, status=status)
    closed = getattr(form or code, "closed", None)
    return too_many_requests(response, closed) if closed else response


def _sign_in_by_code(request: HttpRequest, carried: Fields, target: str) -> HttpResponse:
    response = sign_in_by_code(request, target)
    if isinstance(response, CodeForm):
        return sign_in_page(request, code=response, carried=carried, target=target)
    return response


def _sign_in_by_password(request: HttpRequest, carried: Fields, target: str) -> HttpResponse:
    form = PasswordForm(request, data=request.POST)
    if not form.is_valid():
        return sign_in_page(request, form=form, carried=carried, target=target)
    user = form.get_user()
    login(request, user)
    response = HttpResponseRedirect(target)
    # The device of a user with a second factor is known only after that is given.
    if not needs_second_factor(user):
        remember_device(request, response, user.get_username())
    return response


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return HttpResponseRedirect(reverse("sign_in"))
