"""Second factor of staff accounts: requirement, enrolment, codes and removal.

Every change is audited and logged, since the person making it may not be the account's owner.
"""

import logging
import time
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.db import transaction
from django.http import HttpRequest
from django_otp import devices_for_user, user_has_device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice, default_key

from results.desk.audit import current_client_ip, record_action
from results.desk.changes import Change, ChangeKind

log = logging.getLogger(__name__)

RECOVERY_CODES = 10
#: Session key of an enrolment that is not confirmed yet.
ENROLMENT = "second factor enrolment"


class AlreadyEnrolled(Exception):
    """Raised where the user has a confirmed device: a password is not enough to enrol another."""


class NotConfirmed(Exception):
    """Raised where the code is not of the device that is being enrolled."""


def needs_second_factor(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether this user needs a second factor."""
    return bool(settings.SECOND_FACTOR and user.is_authenticated and getattr(user, "is_staff", 0))


def lacks_second_factor(request: HttpRequest) -> bool:
    """Whether the user needs a second factor and has not given one in this session."""
    user: Any = request.user  # OTPMiddleware adds `is_verified` to it.
    return needs_second_factor(user) and not user.is_verified()


# --- Enrolment ------------------------------------------------------------------------------


def start_enrolment(request: HttpRequest, *, replaces: bool = False) -> TOTPDevice:
    """Start an enrolment with a new secret, stored in this session only.

    `replaces` is for a user who has just given a code of their present second factor.
    """
    secret = default_key()
    request.session[ENROLMENT] = {"key": secret, "at": time.time(), "replaces": replaces}
    return _new_device(request, secret)


def enrolment_of(request: HttpRequest, *, replaces: bool = False) -> TOTPDevice | None:
    """Return the unsaved device of this session's enrolment; None without one or if it expired."""
    enrolment = request.session.get(ENROLMENT)
    if enrolment is None or enrolment["replaces"] != replaces:
        return None
    if time.time() - enrolment["at"] > settings.SECOND_FACTOR_ENROLMENT_SECONDS:
        return None
    return _new_device(request, enrolment["key"])


def _new_device(request: HttpRequest, secret: str) -> TOTPDevice:
    return TOTPDevice(user=request.user, name="app", key=secret, confirmed=True)


def enrol(request: HttpRequest, user: User, code: str) -> tuple[TOTPDevice, list[str]]:
    """Store the device of this session's enrolment; return it with new recovery codes.

    Raises NotConfirmed for a wrong code, AlreadyEnrolled if another session was first.
    """
    with transaction.atomic():
        # The lock lets only one of two sessions enrol.
        User.objects.select_for_update().get(pk=user.pk)
        if user_has_device(user):
            raise AlreadyEnrolled
        device = _confirmed(enrolment_of(request), code)
        TOTPDevice.objects.filter(user=user, confirmed=False).delete()
        _device, codes = _new_recovery_codes(user)
        _record(user, "second factor set up", by=user)
    del request.session[ENROLMENT]
    return device, codes


def replace_app(request: HttpRequest, user: User, code: str) -> TOTPDevice:
    """Replace the user's device with that of this session's enrolment. Raises NotConfirmed."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        old = list(TOTPDevice.objects.filter(user=user).values_list("pk", flat=True))
        device = _confirmed(enrolment_of(request, replaces=True), code)
        TOTPDevice.objects.filter(pk__in=old).delete()
        _end_sessions_of_recovery_codes(user)
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
    """Return the user's device that accepts this code, and use the code up.

    A code is checked only by the kind of device that has codes of its form, so that a recovery code
    does not count as a wrong code of the app.
    """
    is_of_app = len(code) == 6 and code.isascii() and code.isdigit()
    kind: type[TOTPDevice | StaticDevice] = TOTPDevice if is_of_app else StaticDevice
    with transaction.atomic():
        for device in devices_for_user(user, for_verify=True):
            if isinstance(device, kind) and device.verify_token(code):
                return device
    return None


def renew_recovery_codes(user: User) -> tuple[StaticDevice, list[str]]:
    """Replace the user's recovery codes; return the device of the new ones with them.

    Sessions that a recovery code has opened have to give another.
    """
    with transaction.atomic():
        device, codes = _new_recovery_codes(user)
        _record(user, "recovery codes renewed", by=user)
    return device, codes


def recovery_codes_left(user: User) -> int:
    left: int = StaticToken.objects.filter(device__user=user, device__confirmed=True).count()
    return left


def _new_recovery_codes(user: User) -> tuple[StaticDevice, list[str]]:
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="recovery codes")
    codes = [StaticToken.random_token() for _code in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return device, codes


def _end_sessions_of_recovery_codes(user: User) -> None:
    """Move the codes that are left to another device: a session names the one that opened it."""
    for device in StaticDevice.objects.filter(user=user):
        new = StaticDevice.objects.create(user=user, name=device.name)
        StaticToken.objects.filter(device=device).update(device=new)
        device.delete()


# --- Removal and audit ---------------------------------------------------------------------


def remove_second_factor(user: User, *, by: User | None) -> bool:
    """Remove every device and code; return whether there were any.

    At the next sign-in the password is enough to enrol a new device.
    """
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        devices = list(devices_for_user(user, confirmed=None))
        for device in devices:
            device.delete()
        if devices:
            _record(user, "second factor removed", by=by)
    return bool(devices)


def record_use(user: User, device: TOTPDevice | StaticDevice) -> None:
    """Audit that a code was accepted; log a recovery code as well."""
    if isinstance(device, TOTPDevice):
        record_action(user, "second factor given")
        return
    left = recovery_codes_left(user)
    record_action(user, "second factor given", about=f"recovery code, {left} left")
    log.warning("recovery code used: %s, %s left", user.get_username(), left)


def record_failure(user: User) -> None:
    record_action(user, "second factor failed")
    log.warning("second factor failed: %s, %s", user.get_username(), _origin())


def _record(user: User, action: str, *, by: User | None) -> None:
    about = "" if by == user else user.get_username()
    record_action(by, action, about=about, change=Change(ChangeKind.ACCESS, users=(user.pk,)))
    log.warning("%s: %s, by %s, %s", action, user.get_username(), by or "a command", _origin())


def _origin() -> str:
    return f"from {current_client_ip.get() or 'this machine'}"
