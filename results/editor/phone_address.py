"""The address that phones use: asked for once, checked, and printed on every sheet."""

from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.http.request import split_domain_port, validate_host
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from electiondesk.site_origin import origin_for
from results import desk
from results.forms import WholeTextField
from results.models import SiteSettings

#: Names of this machine itself, which no phone can reach.
LOOPBACK = ("localhost", ".localhost", "127.0.0.1", "[::1]")
MAX_LENGTH = 200


def check_phone_address(text: str) -> str:
    """Return the origin, as “https://desk.example.org”. Raises ValidationError with the remedy."""
    text = text.strip().rstrip("/")
    parts = urlsplit(text if "://" in text else f"https://{text}")
    host, _port = split_domain_port(parts.netloc.lower())
    if parts.scheme not in ("http", "https") or not host or parts.username:
        raise ValidationError(_("Write it as https://desk.example.org."))
    if parts.path or parts.query or parts.fragment:
        raise ValidationError(
            _("Write the address up to the name only: “%(origin)s”.")
            % {"origin": f"{parts.scheme}://{parts.netloc}"}
        )
    try:
        _number = parts.port
    except ValueError:
        raise ValidationError(_("“%(text)s” has no port that exists.") % {"text": text}) from None
    if not validate_host(host, settings.ALLOWED_HOSTS):
        raise ValidationError(
            _(
                "This desk does not answer to “%(host)s”, but to %(known)s. Use one of these, or "
                "have “%(host)s” added to ALLOWED_HOSTS."
            )
            % {"host": host, "known": ", ".join(settings.ALLOWED_HOSTS)}
        )
    if parts.scheme == "http" and not is_loopback(host):
        raise ValidationError(
            _(
                "Use https: without it phones keep nothing while they have no signal, and what is "
                "typed can be read on the way."
            )
        )
    return f"{parts.scheme}://{parts.netloc.lower()}"


def is_loopback(host: str) -> bool:
    """Whether only this machine itself can reach the host."""
    return validate_host(host, list(LOOPBACK))


def phone_address(request: HttpRequest) -> str:
    """The origin that sheets print: the stored one, else the one of this request."""
    return SiteSettings.load().phone_address or origin_for(request)


def phone_link(request: HttpRequest, name: str, token: str) -> str:
    """The whole address of a link with a token, for a sheet."""
    return phone_address(request) + reverse(name, args=[token])


def store_phone_address(address: str, *, by: User) -> None:
    """Store the origin for the sheets to come, and record who changed it."""
    row = SiteSettings.load()
    if row.phone_address == address:
        return
    before, row.phone_address = row.phone_address, address
    row.save()
    desk.record_action(by, _("address of phones changed"), before=before, after=address)


class PhoneAddressField(WholeTextField):
    """Asks for the origin; the value is checked and without a slash at its end."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Address that phones use"),
            max_length=MAX_LENGTH,
            widget=forms.TextInput(attrs={"size": 40, "inputmode": "url", "spellcheck": "false"}),
            help_text=gettext_lazy(
                "It is printed on the sheets, as a link and a QR code. Open it on a phone outside "
                "this office before you print forty of them."
            ),
            error_messages={
                "required": gettext_lazy("Give the address, as https://desk.example.org.")
            },
        )

    def clean(self, value: object) -> str:
        return check_phone_address(super().clean(value))


def only_here(address: str) -> str:
    """A warning where no phone can reach the address; empty where one may."""
    host, _port = split_domain_port(urlsplit(address).netloc)
    if not is_loopback(host):
        return ""
    return _(
        "“%(address)s” is this machine itself: no phone can open it. It is good for a trial only."
    ) % {"address": address}
