"""What a desk's database holds, as far as a restore has to compare it with another one's."""

from dataclasses import dataclass
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import User
from django.utils.crypto import salted_hmac

from results.models import Bulletin, Election

#: Of `about.json`. The first format had only "engine" and "made_at".
FORMAT = 2


#: A bulletin's number and when it was published, which tells it from another of that number.
LogEntry = tuple[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    logs: dict[str, frozenset[LogEntry]]
    accounts: frozenset[str]
    inactive_accounts: frozenset[str]

    @classmethod
    def of_the_database(cls) -> Self:
        """Of the database that Django is connected to. Raises DatabaseError."""
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
    def from_json(cls, given: dict[str, Any]) -> Self:
        return cls(
            logs={
                slug: frozenset((int(number), str(at)) for number, at in log)
                for slug, log in given["logs"].items()
            },
            accounts=frozenset(map(str, given["accounts"])),
            inactive_accounts=frozenset(map(str, given["inactive_accounts"])),
        )


def _logs() -> dict[str, frozenset[LogEntry]]:
    logs: dict[str, set[LogEntry]] = {
        slug: set() for slug in Election.objects.values_list("slug", flat=True)
    }
    for slug, number, at in Bulletin.objects.values_list(
        "election__slug", "sequence", "published_at"
    ):
        logs[slug].add((number, at.isoformat()))
    return {slug: frozenset(log) for slug, log in logs.items()}


def _usernames(**having: bool) -> frozenset[str]:
    return frozenset(User.objects.filter(**having).values_list("username", flat=True))


def key_mark() -> str:
    """What tells this desk's SECRET_KEY from another one, and gives nothing of it away."""
    return salted_hmac("electiondesk.backup", "SECRET_KEY", secret=settings.SECRET_KEY).hexdigest()
