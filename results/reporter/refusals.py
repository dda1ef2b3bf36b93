"""Refusals of the publishing API, in the words that a phone shows."""

from results import desk


def words_of_refusal(refusal: desk.DeskError, *, overtaken: str) -> str:
    """The refusal's own words, or `overtaken` if somebody else has published meanwhile."""
    came_first = isinstance(refusal, desk.StaleRevision) or type(refusal) is desk.InvalidTransition
    return overtaken if came_first else str(refusal)
