"""Why the desk may refuse. Every refusal happens before anything is changed."""

from collections.abc import Sequence

from results.arithmetic import BLOCK, ValidationMessage
from results.models import Declaration, Standing


class DeskError(Exception):
    """A refusal of the desk."""


class ValidationRefused(DeskError):
    """The figures cannot be, or are unlikely and come without a reason.

    ``findings`` has all that was found; without a block, ``needs_reason`` is True and the same
    figures are accepted with a reason for the warnings.
    """

    def __init__(self, messages: Sequence[ValidationMessage]) -> None:
        self.messages = tuple(messages)
        super().__init__(", ".join(f"{message.code} {message.field}" for message in messages))

    @property
    def needs_reason(self) -> bool:
        return all(message.level != BLOCK for message in self.messages)


class StaleRevision(DeskError):
    """Someone else published for this contest meanwhile. ``standing`` says what stands now."""

    def __init__(self, standing: Standing) -> None:
        self.standing = standing
        super().__init__(f"contest {standing.contest_id} is at revision {standing.revision}")

    @property
    def declaration(self) -> Declaration | None:
        return self.standing.declaration


class IdempotencyKeyReused(DeskError):
    """The same key came with another content: two intents must never share a key."""


class InvalidTransition(DeskError):
    """The step makes no sense where the contest stands; the message says why, for people."""
