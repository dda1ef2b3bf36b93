"""Limit wrong passwords, codes and links. docs/security.md has the rules and the reasons.

A try is counted before anything is checked, under locks of the database, so that parallel guesses
at any number of processes stay within the limit. A right one is taken back from the count.
"""

import ipaddress
import logging
import math
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import F, Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.formats import date_format

from results.desk.audit import record_action
from results.desk.devices import account_mark, device_of
from results.models import Election, SignInThrottle

log = logging.getLogger(__name__)

Kind = SignInThrottle.Kind
Scope = SignInThrottle.Scope

#: Counters are kept this long after their window, and deleted this many at a time.
KEPT_SECONDS = 3600
DELETED_AT_ONCE = 100


class TooManyTries(Exception):
    """A limit is reached: nothing may be checked before ``until``."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"closed until {until:%H:%M:%S}")
        self.until = until

    @property
    def clock(self) -> str:
        """The time to wait for, rounded up to a minute, on the clocks of the latest election."""
        election = Election.objects.order_by("-date", "-pk").first()
        rounded = self.until + timedelta(minutes=1) - timedelta(microseconds=1)
        return date_format(timezone.localtime(rounded, election.zone if election else None), "H:i")

    @property
    def seconds(self) -> int:
        """The time to wait, for a Retry-After header."""
        return max(1, math.ceil((self.until - timezone.now()).total_seconds()))


@dataclass(frozen=True)
class Bucket:
    """One limit that a try counts against: what was tried, in which scope, and by whom."""

    kind: SignInThrottle.Kind
    scope: SignInThrottle.Scope
    account: str = ""
    place: str = ""

    @property
    def key(self) -> str:
        parts = "\0".join([self.kind, self.scope, self.account, self.place])
        return salted_hmac("results.sign-in-throttle", parts, algorithm="sha256").hexdigest()

    @property
    def limit(self) -> int:
        return limit_of(self.kind, self.scope)


def limit_of(kind: str, scope: str) -> int:
    """How many tries a window has."""
    if (kind, scope) == (Kind.SECOND_FACTOR, Scope.ACCOUNT):
        return settings.SECOND_FACTOR_TRIES_PER_ACCOUNT
    limits: dict[str, int] = {
        Scope.DEVICE: settings.SIGN_IN_TRIES_PER_DEVICE,
        Scope.ACCOUNT_AND_ADDRESS: settings.SIGN_IN_TRIES_PER_ACCOUNT_AND_ADDRESS,
        Scope.ACCOUNT: settings.SIGN_IN_TRIES_PER_ACCOUNT,
        Scope.ADDRESS: settings.SIGN_IN_TRIES_PER_ADDRESS,
        Scope.EVERYWHERE: settings.SIGN_IN_CODES_EVERYWHERE,
    }
    return limits[scope]


# --- What counts against what ---------------------------------------------------------------


def password_attempt(request: HttpRequest, username: str) -> "Attempt":
    """Count a password that is about to be checked. Raises TooManyTries."""
    name = _normalised(username)
    device, mark = device_of(request), account_mark(name)
    if device.knows(name):
        return Attempt.begin([Bucket(Kind.PASSWORD, Scope.DEVICE, mark, device.id)], name)
    address = _network(request)
    return Attempt.begin(
        [
            Bucket(Kind.PASSWORD, Scope.ACCOUNT_AND_ADDRESS, mark, address),
            Bucket(Kind.PASSWORD, Scope.ACCOUNT, mark),
            Bucket(Kind.PASSWORD, Scope.ADDRESS, place=address),
        ],
        name,
    )


def pass_attempt(request: HttpRequest, kind: SignInThrottle.Kind, known_as: str) -> "Attempt":
    """Count a code or a link. Raises TooManyTries.

    ``known_as`` marks the account that used this device last, "" for a new device. Its own limit
    is by account, or everybody who may sign in could have as many devices as they like to guess.
    """
    if known_as:
        return Attempt.begin([Bucket(kind, Scope.DEVICE, known_as)])
    buckets = [Bucket(kind, Scope.ADDRESS, place=_network(request))]
    if kind == Kind.CODE:
        # Eight signs are enough against one address, and not against thousands.
        buckets.append(Bucket(kind, Scope.EVERYWHERE))
    return Attempt.begin(buckets)


def second_factor_attempt(request: HttpRequest, user: User) -> "Attempt":
    """Count a code of the second factor. Raises TooManyTries.

    Never by address: six figures are few, and whoever tries them here knows the password.
    """
    name = _normalised(user.get_username())
    device, mark = device_of(request), account_mark(name)
    if device.knows(name):
        return Attempt.begin([Bucket(Kind.SECOND_FACTOR, Scope.DEVICE, mark, device.id)], name)
    return Attempt.begin([Bucket(Kind.SECOND_FACTOR, Scope.ACCOUNT, mark)], name)


def old_password_attempt(user: User) -> "Attempt":
    """Count the old password of somebody who changes it. Raises TooManyTries."""
    name = _normalised(user.get_username())
    bucket = Bucket(Kind.PASSWORD, Scope.DEVICE, account_mark(name), "change of password")
    return Attempt.begin([bucket], name)


def _normalised(username: str) -> str:
    """Return one spelling for all that Django takes for the same name, or for none."""
    return unicodedata.normalize("NFKC", username).strip().casefold()


def _network(request: HttpRequest) -> str:
    """Return the address, or for IPv6 its /64: one household may use any of its 2⁶⁴ addresses."""
    address: str = request.META.get("REMOTE_ADDR", "")
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 6:
        return str(ipaddress.ip_network((found, 64), strict=False))
    return address


# --- Counting -------------------------------------------------------------------------------


@dataclass
class Attempt:
    """A try that is counted and not yet checked."""

    buckets: Sequence[Bucket]
    username: str
    filled: list[Bucket] = field(default_factory=list)
    until: datetime | None = None

    @classmethod
    def begin(cls, buckets: Iterable[Bucket], username: str = "") -> "Attempt":
        """Count one try in each bucket; if one is full, count none and raise TooManyTries."""
        attempt = cls(sorted(buckets, key=lambda bucket: bucket.key), username)
        # A look without locks first: whoever goes on trying makes the desk write nothing.
        attempt._refuse_if_full(timezone.now())
        attempt._count()
        return attempt

    def succeeded(self) -> None:
        """Take the try back from the count: it was right."""
        # One statement each: rows locked together in another order could end in a deadlock.
        for bucket in self.buckets:
            SignInThrottle.objects.filter(key=bucket.key, tries__gt=0).update(tries=F("tries") - 1)

    def failed(self) -> None:
        """Leave the try counted, and log and audit what it has locked."""
        for bucket in self.filled:
            where = f"{bucket.kind}, {bucket.scope}"
            log.warning("sign-in locked: %s", where)
            record_action(_existing(self.username), "sign-in locked", about=where)
        _delete_old()

    def _count(self) -> None:
        now = timezone.now()
        ends_at = now + timedelta(seconds=settings.SIGN_IN_WINDOW_SECONDS)
        # In a transaction of its own: a count that is rolled back with something else, as under
        # ATOMIC_REQUESTS, would allow another guess.
        with transaction.atomic():
            # Makes the missing rows and locks the others, in the order of their keys.
            SignInThrottle.objects.bulk_create(
                [
                    SignInThrottle(
                        key=one.key, account=one.account, kind=one.kind, scope=one.scope,
                        ends_at=ends_at,
                    )
                    for one in self.buckets
                ],
                update_conflicts=True,
                unique_fields=["key"],
                update_fields=["account"],
            )  # fmt: skip
            self._refuse_if_full(now)
            rows = SignInThrottle.objects.filter(key__in=[one.key for one in self.buckets])
            rows.filter(ends_at__lte=now).update(tries=0, ends_at=ends_at)
            rows.update(tries=F("tries") + 1)
            tries = dict(rows.values_list("key", "tries"))
        self.filled = [one for one in self.buckets if tries[one.key] >= one.limit]

    def _refuse_if_full(self, now: datetime) -> None:
        limits = {bucket.key: bucket.limit for bucket in self.buckets}
        counted = SignInThrottle.objects.filter(key__in=limits, ends_at__gt=now)
        full = [row.ends_at for row in counted if row.tries >= limits[row.key]]
        if full:
            raise TooManyTries(max(full))


def _existing(username: str) -> str:
    """Return the name if an account has it: anything else may be a password in the wrong box."""
    found = User.objects.filter(username__iexact=username).first() if username else None
    return found.get_username() if found else ""


def _delete_old() -> None:
    old = SignInThrottle.objects.filter(
        ends_at__lte=timezone.now() - timedelta(seconds=KEPT_SECONDS)
    )
    if not old.exists():
        return
    with transaction.atomic():
        # Rows that somebody counts in at this moment are skipped, not waited for.
        found = list(old.select_for_update(skip_locked=True)[:DELETED_AT_ONCE])
        SignInThrottle.objects.filter(pk__in=[row.pk for row in found]).delete()


# --- Looking and unlocking ------------------------------------------------------------------


def is_locked() -> Q:
    """Filter SignInThrottle by what locks somebody out at this moment."""
    full = Q(pk__in=[])
    for kind in Kind:
        for scope in Scope:
            full |= Q(kind=kind, scope=scope, tries__gte=limit_of(kind, scope))
    return full & Q(ends_at__gt=timezone.now())


def names_by_mark(usernames: Iterable[str]) -> dict[str, str]:
    """Return the names by the keyed hash that counters store instead."""
    return {account_mark(_normalised(name)): name for name in usernames}


def locked_until(username: str) -> TooManyTries | None:
    """Return the limit that locks this account out longest, or None."""
    locked = SignInThrottle.objects.filter(is_locked(), account=account_mark(_normalised(username)))
    last = locked.order_by("-ends_at").first()
    return TooManyTries(last.ends_at) if last else None


def unlock(username: str, *, by: User | None) -> int:
    """Forget every try at this account and audit it; return how many counters there were."""
    mark = account_mark(_normalised(username))
    found = _forget(SignInThrottle.objects.filter(account=mark))
    record_action(by, "sign-in unlocked", about=username)
    return found


def unlock_everybody(row: SignInThrottle, *, by: User | None) -> None:
    """Forget the tries of everybody on new devices that one counter counts, and audit it."""
    _forget(SignInThrottle.objects.filter(pk=row.pk))
    record_action(by, "sign-in unlocked", about=f"{row.kind}, {row.scope}")


def _forget(rows: "models.QuerySet[SignInThrottle]") -> int:
    """Delete one by one: rows locked together in another order could end in a deadlock."""
    keys = list(rows.values_list("pk", flat=True))
    for key in keys:
        SignInThrottle.objects.filter(pk=key).delete()
    return len(keys)
