"""What a restore would discard: everything that this desk holds and the backup does not."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.models import User
from django.db import DatabaseError, connection

from electiondesk.backup.contents import Contents
from results.models import AuditEntry, Bulletin, Election, ReporterPass, ReviewItem


@dataclass(frozen=True, slots=True)
class Publication:
    """A bulletin that the backup does not have."""

    election: str
    sequence: int
    at: datetime
    kind: str
    summary: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Discarded:
    """``unreadable`` says why it is not known what this database holds; empty where it is."""

    publications: list[Publication] = field(default_factory=list)
    elections: list[str] = field(default_factory=list)
    accounts: list[str] = field(default_factory=list)
    passes: int = 0
    waiting: int = 0
    acts: int = 0
    #: Revoked or deactivated after the backup was made, and good again once it is restored.
    revived_passes: list[str] = field(default_factory=list)
    revived_accounts: list[str] = field(default_factory=list)
    #: This database holds a desk, whatever the backup has of it.
    holds_a_desk: bool = False
    unreadable: str = ""

    @property
    def needs_consent(self) -> bool:
        return self.holds_a_desk or bool(self.unreadable)

    @property
    def kinds(self) -> dict[str, int]:
        """How many publications of each kind."""
        counted: dict[str, int] = {}
        for one in self.publications:
            counted[one.kind] = counted.get(one.kind, 0) + 1
        return counted


def discarded_by(kept: Contents | None, made_at: datetime) -> Discarded:
    """What the connected database holds and ``kept``, made at that time, does not.

    Without ``kept``, for a backup that does not say what it holds, times are compared.
    """
    try:
        if Election._meta.db_table not in connection.introspection.table_names():
            return Discarded()
        return _compare(kept, made_at)
    except DatabaseError as exc:
        return Discarded(unreadable=str(exc).strip())


def _compare(kept: Contents | None, made_at: datetime) -> Discarded:
    here = Contents.of_the_database()
    later = ReporterPass.objects.filter(revoked_at__gt=made_at, issued_at__lte=made_at)
    return Discarded(
        publications=[one for slug in here.logs for one in _publications(slug, kept, made_at)],
        elections=sorted(here.logs.keys() - kept.logs.keys()) if kept else [],
        accounts=sorted(here.accounts - kept.accounts) if kept else _joined_after(made_at),
        passes=ReporterPass.objects.filter(issued_at__gt=made_at).count(),
        waiting=ReviewItem.objects.filter(created_at__gt=made_at).count(),
        acts=AuditEntry.objects.filter(at__gt=made_at).count(),
        revived_passes=sorted(set(later.values_list("reporter__username", flat=True))),
        revived_accounts=sorted(
            (here.inactive_accounts & kept.accounts) - kept.inactive_accounts if kept else ()
        ),
        holds_a_desk=bool(here.logs or here.accounts),
    )


def _joined_after(made_at: datetime) -> list[str]:
    joined = User.objects.filter(date_joined__gt=made_at)
    return list(joined.order_by("username").values_list("username", flat=True))


def _publications(slug: str, kept: Contents | None, made_at: datetime) -> Iterator[Publication]:
    log = Bulletin.objects.filter(election__slug=slug).order_by("sequence")
    if kept is None:
        log = log.filter(published_at__gt=made_at)
    in_backup = kept.logs.get(slug, frozenset()) if kept else frozenset()
    for bulletin in log.select_related("by", "election").defer("fragments"):
        if (bulletin.sequence, bulletin.published_at.isoformat()) in in_backup:
            continue
        yield Publication(
            slug,
            bulletin.sequence,
            bulletin.published_at.astimezone(bulletin.election.zone),
            str(bulletin.get_kind_display()),
            bulletin.summary,
            bulletin.by.username,
        )
