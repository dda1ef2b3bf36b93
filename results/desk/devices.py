"""Known devices: a signed cookie names the accounts that have signed in from this browser.

A known device has its own limit of wrong passwords, so nobody else's guesses lock it out. The
cookie signs nobody in. It is given only after a complete sign-in, second factor included.
"""

import secrets
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import salted_hmac

COOKIE = "device"
COOKIE_SALT = "results.device"
COOKIE_AGE_SECONDS = 365 * 24 * 3600
#: A shared laptop: the accounts that signed in last.
MOST_ACCOUNTS = 8
_SEPARATOR = "."


@dataclass(frozen=True)
class Device:
    """What the cookie says: the device's id and the marks of its accounts, the latest first."""

    id: str = ""
    accounts: tuple[str, ...] = ()

    def knows(self, username: str) -> bool:
        return account_mark(username) in self.accounts

    @property
    def latest_account(self) -> str:
        return self.accounts[0] if self.accounts else ""


def account_mark(username: str) -> str:
    """Return a keyed hash of an account's name; the same for every spelling of its case."""
    return salted_hmac("results.account", username.casefold(), algorithm="sha256").hexdigest()[:32]


def device_of(request: HttpRequest) -> Device:
    """Return the device that the cookie names; an unknown one for no cookie or a forged one."""
    value = request.get_signed_cookie(
        COOKIE, default="", salt=COOKIE_SALT, max_age=COOKIE_AGE_SECONDS
    )
    if not value:
        return Device()
    name, *accounts = value.split(_SEPARATOR)
    return Device(name, tuple(accounts))


def remember_device(request: HttpRequest, response: HttpResponseBase, username: str) -> None:
    """Let this browser be a known device of ``username`` from now on."""
    device, mark = device_of(request), account_mark(username)
    if device.latest_account == mark:
        return
    others = [one for one in device.accounts if one != mark]
    value = [device.id or secrets.token_urlsafe(16), mark, *others][: MOST_ACCOUNTS + 1]
    response.set_signed_cookie(
        COOKIE,
        _SEPARATOR.join(value),
        salt=COOKIE_SALT,
        max_age=COOKIE_AGE_SECONDS,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
