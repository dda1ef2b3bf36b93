"""Seed functions of the nginx tests."""

from results import desk
from results.models import AuditEntry, Election
from tests import nights


def islington_north() -> None:
    """Create an election of one contest at /ge/."""
    nights.islington_north(nights.election())


def headline(text: str) -> None:
    desk.publish(
        Election.objects.get(slug="ge"),
        desk.HeadlineContent(text=text),
        by=nights.user(),
        idempotency_key=text,
    )


def networks() -> list[str | None]:
    """The network that each entry of the audit log came from."""
    return [
        None if entry.network is None else str(entry.network) for entry in AuditEntry.objects.all()
    ]
