"""Exceptions of the publishing API. Nothing is written before one is raised."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from results.arithmetic import BLOCK, ValidationMessage
from results.models import Declaration, Election, Standing
from results.words.validation_messages import message_text


class DeskError(Exception):
    """Base of refusals. The text is for the sender of the request, except where noted."""


class ValidationRefused(DeskError):
    """Raised for impossible ballot counts, or unlikely ones without a reason, in `messages`.

    With `needs_reason`, the same counts are accepted with a reason for the warnings.
    """

    def __init__(self, messages: Sequence[ValidationMessage]) -> None:
        self.messages = tuple(messages)
        super().__init__(self.messages)

    def __str__(self) -> str:
        # In the language of whoever reads it, which may be another than where it was raised.
        return " ".join(map(message_text, self.messages))

    @property
    def needs_reason(self) -> bool:
        return all(message.level != BLOCK for message in self.messages)


class StaleRevision(DeskError):
    """Raised where another revision was published since the form was opened.

    `standing` is the current one. The text is for the log: callers show the two results side by
    side.
    """

    def __init__(self, standing: Standing) -> None:
        self.standing = standing
        super().__init__(f"contest {standing.contest_id} is at revision {standing.revision}")

    @property
    def declaration(self) -> Declaration | None:
        return self.standing.declaration


class IdempotencyKeyReused(DeskError):
    """Raised where the idempotency key was used for another request before."""

    def __init__(self, idempotency_key: str) -> None:
        self.idempotency_key = idempotency_key
        super().__init__(
            _(
                "This form was sent before with something else in it, which has arrived. "
                "Send it again if this is to be published as well."
            )
        )


class InvalidTransition(DeskError):
    """Raised where the step cannot follow the contest's state."""


class PollPostponed(InvalidTransition):
    """Raised where the poll is postponed, so that nothing is published from the count."""


class PollsOpen(InvalidTransition):
    """Raised while the polls are open, so that there is nothing to report of a count."""

    def __init__(self) -> None:
        super().__init__(_("The polls are still open: nothing is counted yet."))


class PictureUnreadable(DeskError):
    """Raised where the stored file of a photo is missing, or may not be read."""

    def __init__(self) -> None:
        super().__init__(
            _("The file of this picture cannot be read. Tell whoever runs the server.")
        )


class NightClosed(DeskError):
    """Raised where the night was closed before a request arrived. `offer` is what to do, or "".

    It is not raised for editors.
    """

    def __init__(self, text: str = "", offer: str = "") -> None:
        self.offer = offer
        super().__init__(text or _("The night is closed: nothing is published from the counts."))


class TakenBack(DeskError):
    """Raised where the request's sender took it back before it had an answer."""

    def __init__(self) -> None:
        super().__init__(_("You took this back before it arrived: it is not published."))


class ElectionNotPublic(DeskError):
    """Raised on publishing in an election that readers do not see."""

    def __init__(self, election: Election) -> None:
        words = (
            _("“%(name)s” is a draft: nothing in it can be published before it is itself.")
            if election.is_draft
            else _("“%(name)s” was withdrawn: nothing in it can be published.")
        )
        super().__init__(words % {"name": election.local_name})
