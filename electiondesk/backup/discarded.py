"""Find what a restore would discard: what this desk holds and the backup does not."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.models import User
from django.db import DatabaseError, connection
from django.db.models import QuerySet

from electiondesk.backup.contents import Contents
from electiondesk.backup.figures_in_words import figures_in_words
from electiondesk.backup.revived import Revived, revived_by
from results.desk.ballot_papers import names_of
from results.models import (
    AuditEntry,
    Bulletin,
    Candidate,
    Contest,
    Election,
    ReporterPass,
    ReviewItem,
)


@dataclass(frozen=True, slots=True)
class DiscardedBulletin:
    """A bulletin that the backup does not have; `election` is a slug, `by` a username.

    `figures` are those of a result, in words; empty for other kinds.
    """

    election: str
    sequence: int
    at: datetime
    kind: str
    summary: str
    by: str
    figures: str = ""


@dataclass(frozen=True, slots=True)
class DiscardedItem:
    """A review item that waits and that the backup does not have; `text` is what was sent."""

    election: str
    contest: str
    at: datetime
    kind: str
    text: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Discarded:
    """Data that a restore would discard; `unreadable` gives the reason if it cannot be read.

    `elections` are slugs, `accounts` usernames. `review_items` counts all, `waiting` lists those
    that are not settled.
    """

    publications: list[DiscardedBulletin] = field(default_factory=list)
    elections: list[str] = field(default_factory=list)
    accounts: list[str] = field(default_factory=list)
    passes: int = 0
    review_items: int = 0
    waiting: list[DiscardedItem] = field(default_factory=list)
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
        waiting=[_item(each) for each in _waiting(items)],
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
    log = log.select_related("by", "election", "declaration").defer("fragments")
    log = log.prefetch_related("declaration__totals", "contest__candidates")
    for bulletin in log.iterator(chunk_size=500):
        if (bulletin.sequence, bulletin.published_at.isoformat()) in in_backup:
            continue
        yield DiscardedBulletin(
            slug,
            bulletin.sequence,
            bulletin.published_at.astimezone(bulletin.election.zone),
            str(bulletin.get_kind_display()),
            bulletin.summary,
            bulletin.by.username,
            _figures(bulletin),
        )


def _figures(bulletin: Bulletin) -> str:
    if bulletin.declaration is None or bulletin.contest is None:
        return ""
    return figures_in_words(bulletin.declaration.ballot_counts, _names(bulletin.contest))


def _names(contest: Contest) -> dict[int, str]:
    """The candidates' names by id, in the order of the ballot paper."""
    candidates: Iterable[Candidate] = contest.candidates.all()
    return {candidate.pk: candidate.name for candidate in candidates}


def _waiting(items: QuerySet[ReviewItem]) -> QuerySet[ReviewItem]:
    waiting = items.filter(state=ReviewItem.State.WAITING).order_by("created_at", "pk")
    related = waiting.select_related("by", "contest__election")
    return related.prefetch_related("contest__candidates")


def _item(item: ReviewItem) -> DiscardedItem:
    """What was sent: the figures of a result, the words of a quote, the caption of a photo."""
    counts = item.ballot_counts
    names = names_of(item) or _names(item.contest)
    content = item.content
    words = content.get("words") or content.get("caption") or content.get("reason", "")
    speaker = content.get("speaker") or names.get(content.get("candidate") or 0, "")
    parts = [speaker, words, figures_in_words(counts, names) if counts else ""]
    election = item.contest.election
    return DiscardedItem(
        election.slug,
        item.contest.full_name,
        item.created_at.astimezone(election.zone),
        str(item.get_kind_display()),
        ": ".join(filter(None, parts)),
        item.by.username,
    )
