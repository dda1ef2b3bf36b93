"""Find what a restore would discard: what this desk holds and the backup does not."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.models import User
from django.db import DatabaseError, connection

from electiondesk.backup.contents import Contents
from electiondesk.backup.revived import Revived, revived_by
from results.models import AuditEntry, Bulletin, Election, ReporterPass, ReviewItem


@dataclass(frozen=True, slots=True)
class DiscardedBulletin:
    """A bulletin that the backup does not have; `election` is a slug, `by` a username."""

    election: str
    sequence: int
    at: datetime
    kind: str
    summary: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Discarded:
    """Data that a restore would discard; `unreadable` gives the reason if it cannot be read.

    `elections` are slugs, `accounts` usernames. Of the `review_items`, `waiting` are not settled.
    """

    publications: list[DiscardedBulletin] = field(default_factory=list)
    elections: list[str] = field(default_factory=list)
    accounts: list[str] = field(default_factory=list)
    passes: int = 0
    review_items: int = 0
    waiting: int = 0
    audit_entries: int = 0
    revived: Revived = field(default_factory=Revived)
    #: Whether there are elections or accounts in this database.
    holds_a_desk: bool = False
    unreadable: str = ""

    @property
    def needs_consent(self) -> bool:
        return self.holds_a_desk or bool(self.unreadable)

    @property
    def kinds(self) -> dict[str, int]:
        """Number of publications by kind."""
        return dict(Counter(bulletin.kind for bulletin in self.publications))


def discarded_by(backup: Contents | None, made_at: datetime) -> Discarded:
    """Return what the connected database holds and the backup does not.

    For an old backup without a summary of its contents, times are compared.
    """
    try:
        if Election._meta.db_table not in connection.introspection.table_names():
            return Discarded()
        return _compare(backup, made_at)
    except DatabaseError as exc:
        return Discarded(unreadable=str(exc).strip())


def _compare(backup: Contents | None, made_at: datetime) -> Discarded:
    here = Contents.of_database()
    items = ReviewItem.objects.filter(created_at__gt=made_at)
    return Discarded(
        publications=[
            bulletin for slug in here.logs for bulletin in _bulletins(slug, backup, made_at)
        ],
        elections=sorted(here.logs.keys() - backup.logs.keys()) if backup else [],
        accounts=sorted(here.accounts - backup.accounts) if backup else _joined_after(made_at),
        passes=ReporterPass.objects.filter(issued_at__gt=made_at).count(),
        review_items=items.count(),
        waiting=items.filter(state=ReviewItem.State.WAITING).count(),
        audit_entries=AuditEntry.objects.filter(at__gt=made_at).count(),
        revived=revived_by(backup, here, made_at),
        holds_a_desk=bool(here.logs or here.accounts),
    )


def _joined_after(made_at: datetime) -> list[str]:
    joined = User.objects.filter(date_joined__gt=made_at)
    return list(joined.order_by("username").values_list("username", flat=True))


def _bulletins(
    slug: str, backup: Contents | None, made_at: datetime
) -> Iterator[DiscardedBulletin]:
    log = Bulletin.objects.filter(election__slug=slug).order_by("sequence")
    if backup is None:
        log = log.filter(published_at__gt=made_at)
    in_backup = backup.logs.get(slug, frozenset()) if backup else frozenset()
    for bulletin in log.select_related("by", "election").defer("fragments"):
        if (bulletin.sequence, bulletin.published_at.isoformat()) in in_backup:
            continue
        yield DiscardedBulletin(
            slug,
            bulletin.sequence,
            bulletin.published_at.astimezone(bulletin.election.zone),
            str(bulletin.get_kind_display()),
            bulletin.summary,
            bulletin.by.username,
        )
