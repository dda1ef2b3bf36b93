"""Limit wrong passwords, codes and links; docs/security.md has the rules and the reasons.

A try is counted before anything is checked, under database locks, so that parallel guesses at any
number of processes stay within the limit. A right one is subtracted again.
"""

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

from electiondesk.client_network import client_network
from results.desk.audit import record_action
from results.desk.devices import account_hash, device_of
from results.models import Election, SignInThrottle

log = logging.getLogger(__name__)

Kind = SignInThrottle.Kind
Scope = SignInThrottle.Scope

#: How far the clocks of several machines may be apart.
CLOCKS_APART = timedelta(minutes=1)
#: How long a counter is stored after its window, and how many are deleted at a time.
RETENTION_SECONDS = 3600
DELETE_BATCH = 100


class TooManyTries(Exception):
    """Raised where a limit is reached, so that nothing is checked before `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"closed until {until:%H:%M:%S}")
        self.until = until

    @property
    def clock(self) -> str:
        """`until` as HH:MM in the zone of the latest election, rounded up to a minute."""
        election = Election.objects.order_by("-date", "-pk").first()
        rounded = self.until + timedelta(minutes=1) - timedelta(microseconds=1)
        return date_format(timezone.localtime(rounded, election.zone if election else None), "H:i")

    @property
    def seconds(self) -> int:
        """Seconds to wait, for a Retry-After header."""
        return max(1, math.ceil((self.until - timezone.now()).total_seconds()))


@dataclass(frozen=True)
class Bucket:
    """A counter of tries: of one kind, in one scope, by account and by device or network."""

    kind: SignInThrottle.Kind
    scope: SignInThrottle.Scope
    account: str = ""
    #: Id of the device, or network address, by scope.
    source: str = ""

    @property
    def key(self) -> str:
        parts = "\0".join([self.kind, self.scope, self.account, self.source])
        return salted_hmac("results.sign-in-throttle", parts, algorithm="sha256").hexdigest()

    @property
    def limit(self) -> int:
        return limit_of(self.kind, self.scope)


def limit_of(kind: str, scope: str) -> int:
    """Return how many tries a window has."""
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


# --- Attempts and the buckets they count in -------------------------------------------------


def password_attempt(request: HttpRequest, username: str) -> "Attempt":
    """Count a password that is about to be checked. Raises TooManyTries."""
    name = _normalised(username)
    device, account = device_of(request), account_hash(name)
    if device.knows(name):
        return Attempt.begin([Bucket(Kind.PASSWORD, Scope.DEVICE, account, device.id)], name)
    address = client_network(request.META.get("REMOTE_ADDR", ""))
    return Attempt.begin(
        [
            Bucket(Kind.PASSWORD, Scope.ACCOUNT_AND_ADDRESS, account, address),
            Bucket(Kind.PASSWORD, Scope.ACCOUNT, account),
            Bucket(Kind.PASSWORD, Scope.ADDRESS, source=address),
        ],
        name,
    )


def pass_attempt(request: HttpRequest, kind: SignInThrottle.Kind, last_account: str) -> "Attempt":
    """Count a code or a link. Raises TooManyTries.

    `last_account` is the hash of the account that used this device last, "" for a new device. The
    limit of known devices is by account: otherwise anybody with an account could guess from as many
    devices as they like.
    """
    if last_account:
        return Attempt.begin([Bucket(kind, Scope.DEVICE, last_account)])
    buckets = [
        Bucket(kind, Scope.ADDRESS, source=client_network(request.META.get("REMOTE_ADDR", "")))
    ]
    if kind == Kind.CODE:
        # Eight characters withstand guesses from one address, not from thousands.
        buckets.append(Bucket(kind, Scope.EVERYWHERE))
    return Attempt.begin(buckets)


def second_factor_attempt(request: HttpRequest, user: User) -> "Attempt":
    """Count a code of the second factor. Raises TooManyTries.

    It is never counted by address: six digits are few, and whoever tries them knows the password.
    """
    name = _normalised(user.get_username())
    device, account = device_of(request), account_hash(name)
    if device.knows(name):
        return Attempt.begin([Bucket(Kind.SECOND_FACTOR, Scope.DEVICE, account, device.id)], name)
    return Attempt.begin([Bucket(Kind.SECOND_FACTOR, Scope.ACCOUNT, account)], name)


def old_password_attempt(user: User) -> "Attempt":
    """Count a try at the old password in a password change. Raises TooManyTries."""
    name = _normalised(user.get_username())
    bucket = Bucket(Kind.PASSWORD, Scope.DEVICE, account_hash(name), "change of password")
    return Attempt.begin([bucket], name)


def _normalised(username: str) -> str:
    """Return one spelling for all usernames that Django considers the same."""
    return unicodedata.normalize("NFKC", username).strip().casefold()


# --- Counting -------------------------------------------------------------------------------


@dataclass
class Attempt:
    """A counted try that is not checked yet; `filled` are the buckets that it filled."""

    buckets: Sequence[Bucket]
    username: str
    filled: list[Bucket] = field(default_factory=list)
    until: datetime | None = None

    @classmethod
    def begin(cls, buckets: Iterable[Bucket], username: str = "") -> "Attempt":
        """Count one try in each bucket; if one is full, count none and raise TooManyTries."""
        attempt = cls(sorted(buckets, key=lambda bucket: bucket.key), username)
        # Checked without locks first, so that a locked-out client causes no writes.
        attempt._refuse_if_full(timezone.now())
        attempt._count()
        return attempt

    def succeeded(self) -> None:
        """Subtract the try, because it was right."""
        # One statement for each row, because locking rows together in another order could deadlock.
        for bucket in self.buckets:
            SignInThrottle.objects.filter(key=bucket.key, tries__gt=0).update(tries=F("tries") - 1)

    def failed(self) -> None:
        """Leave the try counted; log and audit what it has locked."""
        for bucket in self.filled:
            limit = f"{bucket.kind}, {bucket.scope}"
            log.warning("sign-in locked: %s", limit)
            record_action(_existing(self.username), "sign-in locked", about=limit)
        _delete_old()

    def _count(self) -> None:
        now = timezone.now()
        ends_at = now + timedelta(seconds=settings.SIGN_IN_WINDOW_SECONDS)
        # In its own transaction, because a count that is rolled back with the request would allow
        # another guess.
        with transaction.atomic():
            # Creates the missing rows and locks the others, in the order of their keys.
            SignInThrottle.objects.bulk_create(
                [
                    SignInThrottle(
                        key=bucket.key, account=bucket.account, kind=bucket.kind,
                        scope=bucket.scope, ends_at=ends_at,
                    )
                    for bucket in self.buckets
                ],
                update_conflicts=True,
                unique_fields=["key"],
                update_fields=["account"],
            )  # fmt: skip
            self._refuse_if_full(now)
            rows = SignInThrottle.objects.filter(key__in=[bucket.key for bucket in self.buckets])
            rows.exclude(_is_open(now)).update(tries=0, ends_at=ends_at)
            rows.update(tries=F("tries") + 1)
            tries = dict(rows.values_list("key", "tries"))
        self.filled = [bucket for bucket in self.buckets if tries[bucket.key] >= bucket.limit]

    def _refuse_if_full(self, now: datetime) -> None:
        limits = {bucket.key: bucket.limit for bucket in self.buckets}
        counted = SignInThrottle.objects.filter(_is_open(now), key__in=limits)
        full = [row.ends_at for row in counted if row.tries >= limits[row.key]]
        if full:
            raise TooManyTries(max(full))


def _is_open(now: datetime) -> Q:
    """Return a filter for windows that have not ended.

    One that would end later than any can was begun before the clock was set back, and is over.
    """
    longest = timedelta(seconds=settings.SIGN_IN_WINDOW_SECONDS)
    return Q(ends_at__gt=now, ends_at__lte=now + longest + CLOCKS_APART)


def _existing(username: str) -> str:
    """Return the name if an account has it: other text may be a password in the wrong box."""
    user = User.objects.filter(username__iexact=username).first() if username else None
    return user.get_username() if user else ""


def _delete_old() -> None:
    old = SignInThrottle.objects.filter(
        ends_at__lte=timezone.now() - timedelta(seconds=RETENTION_SECONDS)
    )
    if not old.exists():
        return
    with transaction.atomic():
        # Rows that another request is counting in are skipped.
        rows = list(old.select_for_update(skip_locked=True)[:DELETE_BATCH])
        SignInThrottle.objects.filter(pk__in=[row.pk for row in rows]).delete()


# --- Locks and unlocking --------------------------------------------------------------------


def is_locked() -> Q:
    """Return a filter for the counters that lock somebody out now."""
    full = Q(pk__in=[])
    for kind in Kind:
        for scope in Scope:
            full |= Q(kind=kind, scope=scope, tries__gte=limit_of(kind, scope))
    return full & _is_open(timezone.now())


def usernames_by_hash(usernames: Iterable[str]) -> dict[str, str]:
    """Return usernames by their keyed hash, which counters store instead."""
    return {account_hash(_normalised(name)): name for name in usernames}


def locked_until(username: str) -> TooManyTries | None:
    """Return the limit that locks this account out longest; None if it is not locked."""
    locked = SignInThrottle.objects.filter(is_locked(), account=account_hash(_normalised(username)))
    last = locked.order_by("-ends_at").first()
    return TooManyTries(last.ends_at) if last else None


def unlock(username: str, *, by: User | None) -> None:
    """Delete every counter of this account, and audit it."""
    _delete(SignInThrottle.objects.filter(account=account_hash(_normalised(username))))
    record_action(by, "sign-in unlocked", about=username)


def unlock_everybody(row: SignInThrottle, *, by: User | None) -> None:
    """Delete one counter of tries from new devices, and audit it."""
    _delete(SignInThrottle.objects.filter(pk=row.pk))
    record_action(by, "sign-in unlocked", about=f"{row.kind}, {row.scope}")


def _delete(rows: "models.QuerySet[SignInThrottle]") -> None:
    """Delete rows one by one: locking them together in another order could deadlock."""
    for row in rows:
        row.delete()
