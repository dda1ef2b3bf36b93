"""Changes that pages of signed-in people are notified of: a kind and whom it concerns, no content.

The page then requests what it shows, as it always does.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self

from django.contrib.auth.models import User
from django.db import models

from results.models import Assignment, Contest, Election, Message, ReporterPass


class Kind(StrEnum):
    """What has changed, as far as a page has to know which of its parts to ask for again."""

    #: A bulletin: a result, a quote, a photo, a post, the state of a count.
    PUBLISHED = "published"
    #: Something waits for the desk or for a second person, or was settled.
    REVIEW = "review"
    #: The desk wrote to reporters, or one of them answered.
    MESSAGE = "message"
    #: Who is sent to a count, what is expected of it, its names; an election opened or closed.
    COUNT = "count"
    #: Who may be signed in. Sockets whose session has ended are closed.
    ACCESS = "access"
    #: Somebody signed in or out, or failed to.
    PEOPLE = "people"
    #: What a process was not notified of.
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Change:
    """One change, and whom it concerns: all of the election without `contests` and `users`."""

    kind: Kind
    #: Primary keys, as in the fields below.
    election: int | None = None
    contests: tuple[int, ...] = ()
    users: tuple[int, ...] = ()
    #: The entries of the audit trail that it stands for.
    entries: tuple[int, ...] = ()

    def as_message(self) -> dict[str, Any]:
        """The change as the channel layer carries it."""
        return asdict(self) | {"kind": str(self.kind)}

    @classmethod
    def of_message(cls, message: Mapping[str, Any]) -> Self:
        """Read a message. Raises KeyError, ValueError or TypeError for one of another release."""
        return cls(
            kind=Kind(message["kind"]),
            election=message["election"],
            **{name: tuple(message[name]) for name in ("contests", "users", "entries")},
        )


def change_of(obj: models.Model) -> Change:
    """The change that an edit of this object in the admin is."""
    if isinstance(obj, Message):
        to = (obj.to_id,) if obj.to_id else ()
        return Change(Kind.MESSAGE, election=obj.election_id, users=to)
    if isinstance(obj, User):
        return Change(Kind.ACCESS, users=(obj.pk,))
    if isinstance(obj, ReporterPass):
        return Change(Kind.ACCESS, users=(obj.reporter_id,))
    if isinstance(obj, Contest):
        sent = Assignment.objects.filter(contest=obj).values_list("reporter", flat=True)
        users = tuple(sent)
        return Change(Kind.COUNT, election=obj.election_id, contests=(obj.pk,), users=users)
    if obj._meta.app_label in ("auth", "otp_totp", "otp_static"):
        return Change(Kind.ACCESS)
    election = obj if isinstance(obj, Election) else getattr(obj, "election", None)
    return Change(Kind.COUNT, election=getattr(election, "pk", None))
