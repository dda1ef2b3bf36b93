"""Summary of a database's logs and accounts, which a restore compares with the present one."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import User
from django.utils.crypto import salted_hmac
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from results.models import Assignment, Bulletin, Election

#: Version of `about.json`. The first one had only "engine" and "made_at".
FORMAT = 2


#: A bulletin's sequence and time of publication, which differs in another log of that sequence.
LogEntry = tuple[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """Bulletins by election slug, usernames, and what readers see and accounts may do.

    Backups of earlier releases lack the last two.
    """

    logs: dict[str, frozenset[LogEntry]]
    accounts: frozenset[str]
    inactive_accounts: frozenset[str]
    #: Slugs of the elections that readers see.
    published: frozenset[str] = frozenset()
    #: By username: a digest of the account's password, second factor, role, rights and counts.
    access: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of_database(cls) -> Self:
        """Summarise the database that Django is connected to. Raises DatabaseError."""
        return cls(
            logs=_logs(),
            accounts=_usernames(),
            inactive_accounts=_usernames(is_active=False),
            published=frozenset(Election.public.values_list("slug", flat=True)),
            access=_access(),
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "logs": {slug: sorted(log) for slug, log in self.logs.items()},
            "accounts": sorted(self.accounts),
            "inactive_accounts": sorted(self.inactive_accounts),
            "published": sorted(self.published),
            "access": self.access,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            logs={
                slug: frozenset((int(sequence), str(at)) for sequence, at in log)
                for slug, log in data["logs"].items()
            },
            accounts=frozenset(map(str, data["accounts"])),
            inactive_accounts=frozenset(map(str, data["inactive_accounts"])),
            published=frozenset(map(str, data.get("published", ()))),
            access={str(name): str(digest) for name, digest in data.get("access", {}).items()},
        )


def _logs() -> dict[str, frozenset[LogEntry]]:
    logs: dict[str, set[LogEntry]] = {
        slug: set() for slug in Election.objects.values_list("slug", flat=True)
    }
    bulletins = Bulletin.objects.values_list("election__slug", "sequence", "published_at")
    for slug, sequence, at in bulletins:
        logs[slug].add((sequence, at.isoformat()))
    return {slug: frozenset(log) for slug, log in logs.items()}


def _usernames(**filters: bool) -> frozenset[str]:
    return frozenset(User.objects.filter(**filters).values_list("username", flat=True))


def _access() -> dict[str, str]:
    """A digest of what each account signs in with and may do, by username."""
    parts = defaultdict[str, list[str]](list)
    columns: Iterable[tuple[object, ...]]
    for columns in (
        User.objects.values_list("username", "password", "is_staff", "is_superuser"),
        User.groups.through.objects.values_list("user__username", "group__name"),
        User.user_permissions.through.objects.values_list("user__username", "permission__codename"),
        TOTPDevice.objects.filter(confirmed=True).values_list("user__username", "key"),
        StaticToken.objects.values_list("device__user__username", "token"),
        Assignment.objects.values_list("reporter__username", "contest"),
    ):
        for name, *values in columns:
            parts[str(name)].append(json.dumps(values))
    return {
        name: hashlib.sha256("\n".join(sorted(each)).encode()).hexdigest()
        for name, each in sorted(parts.items())
    }


def secret_key_hash() -> str:
    """Return a hash that tells whether two desks have the same SECRET_KEY."""
    return salted_hmac("electiondesk.backup", "SECRET_KEY", secret=settings.SECRET_KEY).hexdigest()
