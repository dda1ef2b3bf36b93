"""Find what a restore would bring back: access that was ended and words that were withdrawn."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from electiondesk.backup.contents import Contents
from results.models import ApiToken, Bulletin, Invitation, ReporterPass


@dataclass(frozen=True, slots=True, kw_only=True)
class Revived:
    """Names of what ended after the backup was made, and is good or public again after a restore.

    For an old backup without a summary of its contents, only what has a time of its own.
    """

    #: Usernames of the owners.
    passes: list[str] = field(default_factory=list)
    invitations: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    deactivated: list[str] = field(default_factory=list)
    #: Accounts with another password, second factor, role, right or count than in the backup.
    changed_accounts: list[str] = field(default_factory=list)
    #: Slugs of elections that were withdrawn.
    elections: list[str] = field(default_factory=list)
    #: Bulletins, as “ge 12”: those whose words are shown again, and erasures that are undone.
    shown_words: list[str] = field(default_factory=list)
    stored_words: list[str] = field(default_factory=list)


def revived_by(backup: Contents | None, here: Contents, made_at: datetime) -> Revived:
    """Return what a restore brings back into the connected database, whose contents are `here`."""
    # In the backup, and not expired meanwhile.
    unexpired = Q(issued_at__lte=made_at, expires_at__gt=timezone.now())
    revoked = unexpired & Q(revoked_at__gt=made_at)
    links = Invitation.objects.filter(revoked | unexpired & Q(used_at__gt=made_at))
    passes = ReporterPass.objects.filter(revoked)
    dated = {
        "passes": sorted(set(passes.values_list("reporter__username", flat=True))),
        "invitations": sorted(set(links.values_list("user__username", flat=True))),
        "tokens": sorted(map(str, ApiToken.objects.filter(revoked))),
    }
    if backup is None:
        return Revived(**dated)
    return Revived(
        **dated,
        deactivated=sorted((here.inactive_accounts & backup.accounts) - backup.inactive_accounts),
        changed_accounts=_changed(backup.access, here.access),
        elections=sorted(backup.published - here.published),
        shown_words=_shown_words(backup),
        stored_words=_stored_words(backup),
    )


def _changed(backup: Mapping[str, str], here: Mapping[str, str]) -> list[str]:
    return sorted(name for name in backup.keys() & here.keys() if backup[name] != here[name])


def _shown_words(backup: Contents) -> list[str]:
    """Bulletins of the backup whose words or result were withdrawn or worded anew since."""
    hiding = Q(hides__isnull=False) | Q(kind=Bulletin.Kind.WITHDRAWAL)
    rows = _discarded(Bulletin.objects.filter(hiding), backup)
    return [
        f"{slug} {number}"
        for slug, number in dict.fromkeys(
            (row.election.slug, row.hides or row.first_sequence) for row in rows
        )
        if number in {sequence for sequence, _at in backup.logs[slug]}
    ]


def _stored_words(backup: Contents) -> list[str]:
    rows = _discarded(Bulletin.objects.filter(kind=Bulletin.Kind.ERASURE), backup)
    return [f"{row.election.slug} {row.sequence}" for row in rows]


def _discarded(bulletins: QuerySet[Bulletin], backup: Contents) -> list[Bulletin]:
    """Those that the backup does not have, of elections that it has."""
    rows = bulletins.select_related("election").defer("fragments")
    return [
        row
        for row in rows.order_by("election__slug", "sequence")
        if (row.sequence, row.published_at.isoformat())
        not in backup.logs.get(row.election.slug, frozenset())
        and row.election.slug in backup.logs
    ]
