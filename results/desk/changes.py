"""Changes that signed-in users' pages are notified of: a kind and its scope, no content.

The page then requests what it shows, as it always does.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self

from django.contrib.auth.models import User
from django.db import models

from results.models import Assignment, Contest, Election, Message, ReporterPass


class ChangeKind(StrEnum):
    """The kind of a change, by which a page chooses the parts to request again."""

    #: A bulletin: a result, a quote, a photo, a post, the state of a count.
    PUBLISHED = "published"
    #: An item of the review queue was added or settled.
    REVIEW = "review"
    #: The desk wrote to reporters, or one of them answered.
    MESSAGE = "message"
    #: A count's reporters, expected time or names; or an election was opened or closed.
    COUNT = "count"
    #: Access of users. Sockets whose session has ended are closed.
    ACCESS = "access"
    #: A user signed in or out or failed to, or another action that concerns no election.
    PEOPLE = "people"
    #: Any change, sent where a process missed a notification.
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Change:
    """One change and its scope: the whole election without `contests` and `users`."""

    kind: ChangeKind
    #: Primary keys, as in the fields below.
    election: int | None = None
    contests: tuple[int, ...] = ()
    users: tuple[int, ...] = ()
    #: Keys of the audit trail's entries about it.
    entries: tuple[int, ...] = ()

    def as_message(self) -> dict[str, Any]:
        """Return the change as a message of the channel layer."""
        return asdict(self) | {"kind": str(self.kind)}

    @classmethod
    def of_message(cls, message: Mapping[str, Any]) -> Self:
        """Parse a message. Raises KeyError, ValueError or TypeError for one of another release."""
        return cls(
            kind=ChangeKind(message["kind"]),
            election=message["election"],
            **{name: tuple(message[name]) for name in ("contests", "users", "entries")},
        )


def change_of(obj: models.Model) -> Change:
    """Return the change that an edit of this object in the admin makes."""
    if isinstance(obj, Message):
        to = (obj.to_id,) if obj.to_id else ()
        return Change(ChangeKind.MESSAGE, election=obj.election_id, users=to)
    if isinstance(obj, User):
        return Change(ChangeKind.ACCESS, users=(obj.pk,))
    if isinstance(obj, ReporterPass):
        return Change(ChangeKind.ACCESS, users=(obj.reporter_id,))
    if isinstance(obj, Contest):
        sent = Assignment.objects.filter(contest=obj).values_list("reporter", flat=True)
        users = tuple(sent)
        return Change(ChangeKind.COUNT, election=obj.election_id, contests=(obj.pk,), users=users)
    if obj._meta.app_label in ("auth", "otp_totp", "otp_static"):
        return Change(ChangeKind.ACCESS)
    election = obj if isinstance(obj, Election) else getattr(obj, "election", None)
    return Change(ChangeKind.COUNT, election=getattr(election, "pk", None))
