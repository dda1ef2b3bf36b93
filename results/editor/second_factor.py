"""The second factor: codes of an app on the editor's phone, and codes on paper for its loss.

Neither needs a network or a text message, which a counting hall may not have.
"""

import logging
from base64 import b32encode
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django_otp import login as otp_login
from django_otp import match_token
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from results import desk
from results.desk.throttle import note_failure, too_many
from results.editor.passes import qr_picture
from results.models import OPENED_BY

log = logging.getLogger(__name__)

#: Codes on paper, each good for once.
ON_PAPER = 10


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=16,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
        ),
    )

    def clean_code(self) -> str:
        return "".join(self.cleaned_data["code"].split())


@never_cache
def second_factor(request: HttpRequest) -> HttpResponse:
    """Ask for a code; of someone who has no app set up yet, set one up first."""
    user = request.user
    # A pass was read out over a telephone: whoever holds one sets up no second factor.
    if not isinstance(user, User) or not user.is_staff or OPENED_BY in request.session:
        return HttpResponseRedirect(reverse("admin:login"))
    target = request.POST.get("next") or request.GET.get("next") or ""
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = reverse("admin:index")
    ready = TOTPDevice.objects.filter(user=user, confirmed=True).exists()
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if too_many(request, f"code {user.pk}"):
            form.add_error("code", _("Too many wrong codes. Wait ten minutes."))
        else:
            answer = _try(request, user, form.cleaned_data["code"], target, ready=ready)
            if answer is not None:
                return answer
            note_failure(request, f"code {user.pk}")
            desk.note(user, "second factor failed")
            form.add_error("code", _("That code is not right. Codes change every half minute."))
    return _page(request, user, form, target, ready=ready)


def _try(
    request: HttpRequest, user: User, code: str, target: str, *, ready: bool
) -> HttpResponse | None:
    if ready:
        device = match_token(user, code)
        if device is None:
            return None
        otp_login(request, device)
        desk.note(user, "second factor given")
        return HttpResponseRedirect(target)
    device = _being_set_up(user)
    if not device.verify_token(code):
        return None
    device.confirmed = True
    device.save()
    otp_login(request, device)
    desk.note(user, "second factor set up")
    return _show(request, "editor/paper_codes.html", {"codes": _codes(user), "next": target})


def _being_set_up(user: User) -> TOTPDevice:
    device = TOTPDevice.objects.filter(user=user, confirmed=False).first()
    return device or TOTPDevice.objects.create(user=user, name="app", confirmed=False)


def _codes(user: User) -> list[str]:
    """New codes on paper, shown this once; those before are void."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="paper")
    codes = [StaticToken.random_token() for _code in range(ON_PAPER)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return codes


def _page(
    request: HttpRequest, user: User, form: CodeForm, target: str, *, ready: bool
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "next": target, "ready": ready}
    if not ready:
        device = _being_set_up(user)
        context |= {"picture": qr_picture(device.config_url), "secret": _in_fours(device)}
    return _show(request, "editor/second_factor.html", context)


def _in_fours(device: TOTPDevice) -> str:
    """The secret as an app takes it by hand."""
    plain = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(plain[start : start + 4] for start in range(0, len(plain), 4))


def _show(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    shared = admin.site.each_context(request) | {
        "title": _("Second factor"),
        "is_nav_sidebar_enabled": False,
    }
    return TemplateResponse(request, template, shared | context).render()
