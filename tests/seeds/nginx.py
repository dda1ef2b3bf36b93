"""Seed functions of the nginx tests."""

from results.models import Assignment, AuditEntry, Contest, Election
from tests import nights
from tests.seeds.counts import with_password


def islington_north() -> None:
    """Create an election of one contest at /ge/."""
    nights.islington_north(nights.election())


def second_language() -> None:
    """Have its pages at /cy/ge/ as well."""
    Election.objects.update(second_language="cy")


def reporter() -> None:
    """Send the user `reporter` to the contest."""
    who = with_password(nights.user())
    Assignment.objects.create(reporter=who, contest=Contest.objects.get())


def editor() -> int:
    """Give the user `editor` a password; return the election's primary key."""
    with_password(nights.user("editor", staff=True))
    return Election.objects.get(slug="ge").pk


def networks() -> list[str | None]:
    """The network that each entry of the audit log came from."""
    return [
        None if entry.network is None else str(entry.network) for entry in AuditEntry.objects.all()
    ]
