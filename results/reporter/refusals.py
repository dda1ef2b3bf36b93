"""Refusals of the publishing API, in the words that a phone shows."""

from results import desk
from results.words.validation_messages import message_text


def words_of_refusal(refusal: desk.DeskError, *, overtaken: str) -> str:
    """The refusal's own words, or `overtaken` if somebody else has published meanwhile."""
    if isinstance(refusal, desk.ValidationRefused):
        return " ".join(message_text(message) for message in refusal.messages)
    came_first = isinstance(refusal, desk.StaleRevision) or type(refusal) is desk.InvalidTransition
    return overtaken if came_first else str(refusal)
