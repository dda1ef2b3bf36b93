"""Known devices: a signed cookie lists the accounts that have signed in from this browser.

A known device has its own limit of wrong passwords, so nobody else's guesses lock it out. The
cookie signs nobody in. It is set only after a complete sign-in, second factor included.
"""

import secrets
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import salted_hmac

COOKIE = "device"
COOKIE_SALT = "results.device"
COOKIE_AGE_SECONDS = 365 * 24 * 3600
#: The most accounts in one cookie, as on a shared laptop: those that signed in last.
MAX_ACCOUNTS = 8
_SEPARATOR = "."


@dataclass(frozen=True)
class Device:
    """The cookie's content: the device's id and the hashes of its accounts, the latest first."""

    id: str = ""
    accounts: tuple[str, ...] = ()

    def knows(self, username: str) -> bool:
        return account_hash(username) in self.accounts

    @property
    def latest_account(self) -> str:
        return self.accounts[0] if self.accounts else ""


def account_hash(username: str) -> str:
    """Return a keyed hash of an account's name, in any spelling of its case."""
    return salted_hmac("results.account", username.casefold(), algorithm="sha256").hexdigest()[:32]


def device_of(request: HttpRequest) -> Device:
    """Return the device of the cookie; an unknown one without a cookie or with a forged one."""
    value = request.get_signed_cookie(
        COOKIE, default="", salt=COOKIE_SALT, max_age=COOKIE_AGE_SECONDS
    )
    if not value:
        return Device()
    name, *accounts = value.split(_SEPARATOR)
    return Device(name, tuple(accounts))


def remember_device(request: HttpRequest, response: HttpResponseBase, username: str) -> None:
    """Set the cookie that makes this browser a known device of `username`."""
    device, account = device_of(request), account_hash(username)
    if device.latest_account == account:
        return
    others = [other for other in device.accounts if other != account]
    value = [device.id or secrets.token_urlsafe(16), account, *others][: MAX_ACCOUNTS + 1]
    response.set_signed_cookie(
        COOKIE,
        _SEPARATOR.join(value),
        salt=COOKIE_SALT,
        max_age=COOKIE_AGE_SECONDS,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
