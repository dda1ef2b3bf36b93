"""The second factor of staff accounts: asked for, enrolled, changed and removed.

Every change is audited and logged: whoever makes it may not be the account's owner.
"""

import logging
import time

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.db import transaction
from django.http import HttpRequest
from django_otp import devices_for_user, user_has_device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice, default_key

from results.desk.audit import current_client_ip, record_action

log = logging.getLogger(__name__)

RECOVERY_CODES = 10
#: Where a session keeps the secret of an enrolment that is not confirmed yet.
ENROLMENT = "second factor enrolment"


class AlreadyEnrolled(Exception):
    """A confirmed device exists: a password alone enrols no other."""


class NotConfirmed(Exception):
    """The code is not one of the new app's."""


def needs_second_factor(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether a password alone is not enough for this user."""
    return bool(settings.SECOND_FACTOR and user.is_authenticated and getattr(user, "is_staff", 0))


def lacks_second_factor(request: HttpRequest) -> bool:
    """Whether a password alone was given where that is not enough."""
    # The method is the middleware's own: it is on every user of a request.
    return needs_second_factor(request.user) and not request.user.is_verified()  # type: ignore[union-attr]


# --- Enrolment ------------------------------------------------------------------------------


def start_enrolment(request: HttpRequest, *, replaces: bool = False) -> TOTPDevice:
    """Begin an enrolment with a new secret, which this session alone knows.

    ``replaces`` is for somebody who has just given a code of their present second factor.
    """
    idempotency_key = default_key()
    request.session[ENROLMENT] = {"key": idempotency_key, "at": time.time(), "replaces": replaces}
    return _new_device(request, idempotency_key)


def enrolment_of(request: HttpRequest, *, replaces: bool = False) -> TOTPDevice | None:
    """Return the device that this session enrols, not stored yet; None if none, or expired."""
    begun = request.session.get(ENROLMENT)
    if begun is None or begun["replaces"] != replaces:
        return None
    if time.time() - begun["at"] > settings.SECOND_FACTOR_ENROLMENT_SECONDS:
        return None
    return _new_device(request, begun["key"])


def _new_device(request: HttpRequest, idempotency_key: str) -> TOTPDevice:
    return TOTPDevice(
        user=request.user, name="app", idempotency_key=idempotency_key, confirmed=True
    )


def enrol(request: HttpRequest, user: User, code: str) -> tuple[TOTPDevice, list[str]]:
    """Store this session's device once its code is right; with it, new recovery codes.

    Raises NotConfirmed, or AlreadyEnrolled where another session was quicker.
    """
    with transaction.atomic():
        # Two sessions that know the password may enrol at the same moment: one of them does.
        User.objects.select_for_update().get(pk=user.pk)
        if user_has_device(user):
            raise AlreadyEnrolled
        device = _confirmed(enrolment_of(request), code)
        TOTPDevice.objects.filter(user=user, confirmed=False).delete()
        codes = _new_recovery_codes(user)
        _record(user, "second factor set up", by=user)
    del request.session[ENROLMENT]
    return device, codes


def replace_app(request: HttpRequest, user: User, code: str) -> TOTPDevice:
    """Replace the user's app by that of this session's enrolment. Raises NotConfirmed."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        old = list(TOTPDevice.objects.filter(user=user).values_list("pk", flat=True))
        device = _confirmed(enrolment_of(request, replaces=True), code)
        TOTPDevice.objects.filter(pk__in=old).delete()
        _record(user, "second factor changed", by=user)
    del request.session[ENROLMENT]
    return device


def _confirmed(device: TOTPDevice | None, code: str) -> TOTPDevice:
    if device is None:
        raise NotConfirmed
    device.save()
    if not device.verify_token(code):
        raise NotConfirmed
    return device


# --- Codes ----------------------------------------------------------------------------------


def match_code(user: User, code: str) -> TOTPDevice | StaticDevice | None:
    """Return the user's device that accepts this code, which is then used up.

    Only devices of the code's own form are asked: a recovery code is no wrong code of the app's.
    """
    is_of_app = len(code) == 6 and code.isascii() and code.isdigit()
    kind: type[TOTPDevice | StaticDevice] = TOTPDevice if is_of_app else StaticDevice
    with transaction.atomic():
        for device in devices_for_user(user, for_verify=True):
            if isinstance(device, kind) and device.verify_token(code):
                return device
    return None


def renew_recovery_codes(user: User) -> list[str]:
    """Make new recovery codes, to be shown this once; the old ones become void."""
    with transaction.atomic():
        codes = _new_recovery_codes(user)
        _record(user, "recovery codes renewed", by=user)
    return codes


def recovery_codes_left(user: User) -> int:
    left: int = StaticToken.objects.filter(device__user=user, device__confirmed=True).count()
    return left


def _new_recovery_codes(user: User) -> list[str]:
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="recovery codes")
    codes = [StaticToken.random_token() for _code in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return codes


# --- Removal and the record -----------------------------------------------------------------


def remove_second_factor(user: User, *, by: User | None) -> bool:
    """Remove every device and code; return whether there were any.

    The next sign-in enrols a new one with the password alone.
    """
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        found = list(devices_for_user(user, confirmed=None))
        for device in found:
            device.delete()
        if found:
            _record(user, "second factor removed", by=by)
    return bool(found)


def record_use(user: User, device: TOTPDevice | StaticDevice) -> None:
    """Audit a right code; log a recovery code as well."""
    if isinstance(device, TOTPDevice):
        record_action(user, "second factor given")
        return
    left = recovery_codes_left(user)
    record_action(user, "second factor given", about=f"recovery code, {left} left")
    log.warning("recovery code used: %s, %s left", user.get_username(), left)


def record_failure(user: User) -> None:
    record_action(user, "second factor failed")
    log.warning("second factor failed: %s, %s", user.get_username(), _network())


def _record(user: User, what: str, *, by: User | None) -> None:
    record_action(by, what, about="" if by == user else user.get_username())
    log.warning("%s: %s, by %s, %s", what, user.get_username(), by or "a command", _network())


def _network() -> str:
    return f"from {current_client_ip.get() or 'this machine'}"
