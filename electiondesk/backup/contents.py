"""Summary of a database's logs and accounts, which a restore compares with the present one."""

from dataclasses import dataclass
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import User
from django.utils.crypto import salted_hmac

from results.models import Bulletin, Election

#: Version of `about.json`. The first one had only "engine" and "made_at".
FORMAT = 2


#: A bulletin's sequence and time of publication, which differs in another log of that sequence.
LogEntry = tuple[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """Bulletins by election slug, and usernames."""

    logs: dict[str, frozenset[LogEntry]]
    accounts: frozenset[str]
    inactive_accounts: frozenset[str]

    @classmethod
    def of_database(cls) -> Self:
        """Summarise the database that Django is connected to. Raises DatabaseError."""
        return cls(
            logs=_logs(),
            accounts=_usernames(),
            inactive_accounts=_usernames(is_active=False),
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "logs": {slug: sorted(log) for slug, log in self.logs.items()},
            "accounts": sorted(self.accounts),
            "inactive_accounts": sorted(self.inactive_accounts),
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


def secret_key_hash() -> str:
    """Return a hash that tells whether two desks have the same SECRET_KEY."""
    return salted_hmac("electiondesk.backup", "SECRET_KEY", secret=settings.SECRET_KEY).hexdigest()
