"""Record actions in the audit trail, in the same transaction as the action."""

from contextvars import ContextVar
from typing import Any

from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from results.desk.change_notifications import notify_change
from results.desk.changes import Change, ChangeKind
from results.models import AuditEntry, Contest, Election

#: The client's network address in the current request; None in a management command.
current_client_ip: ContextVar[str | None] = ContextVar("current_client_ip", default=None)

#: Whether a form of the admin has an entry of its own, with what it changed from what to what.
form_has_entry: ContextVar[bool] = ContextVar("form_has_entry", default=False)


def record_action(
    by: User | str | None, what: str, *, change: Change | None = None, **details: Any
) -> None:
    """Record one action, and notify open pages of it; the other arguments are those of `action`.

    `change` is the change to notify of, if it is not an edit of the contest or election.
    """
    entry = action(by, what, **details)
    entry.save()
    notify_change(change or _change(**details), [entry])


def _change(
    election: Election | None = None, contest: Contest | None = None, **_more: Any
) -> Change:
    if contest is not None:
        return contest_change(ChangeKind.COUNT, contest)
    return Change(
        ChangeKind.COUNT if election else ChangeKind.PEOPLE, election.pk if election else None
    )


def contest_change(kind: ChangeKind, contest: Contest, *users: int) -> Change:
    """Return a change of one contest that concerns these users as well."""
    return Change(kind, election=contest.election_id, contests=(contest.pk,), users=users)


def action(
    by: User | str | None,
    what: str,
    *,
    election: Election | None = None,
    contest: Contest | None = None,
    about: str = "",
    before: str = "",
    after: str = "",
) -> AuditEntry:
    """Return one action as an unsaved entry; `by` is a user, or the name tried at signing in."""
    night = election or (contest.election if contest else None)
    return AuditEntry(
        user=(by if isinstance(by, str) else by.get_username() if by else "")[:150],
        network=current_client_ip.get(),
        what=what[:60],
        election=night.slug[:60] if night else "",
        contest=contest.full_name if contest else "",
        about=about[:400],
        before=before,
        after=after,
    )


# --- Signing in -----------------------------------------------------------------------------


@receiver(user_logged_in, dispatch_uid="results.audit.in")
def _signed_in(sender: Any, user: User, **_more: Any) -> None:
    record_action(user, "signed in")


@receiver(user_logged_out, dispatch_uid="results.audit.out")
def _signed_out(sender: Any, user: User | None, **_more: Any) -> None:
    if user is not None:
        record_action(user, "signed out")


@receiver(user_login_failed, dispatch_uid="results.audit.failed")
def _failed(sender: Any, credentials: dict[str, Any], **_more: Any) -> None:
    """Record a failed sign-in, but no unknown username: it may be a password in the wrong field."""
    name = str(credentials.get("username", ""))[:150]
    record_action(name if User.objects.filter(username=name).exists() else "", "sign-in failed")
