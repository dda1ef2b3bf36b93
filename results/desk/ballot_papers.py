"""Check changes of a ballot paper, and whether a form was filled in for the present one."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from results.desk.errors import DeskError
from results.live.seat import Seat
from results.models import Candidate, Contest, ReviewItem, Total
from results.words.ballot_papers import BallotPaperChange, Names


def why_candidate_stays(candidate: Candidate) -> str:
    """Return why a candidate may not be removed from the ballot paper; "" where they may."""
    words = {"name": candidate.name, "contest": candidate.contest.full_name}
    # A list's votes are stored under its first candidate.
    on_list = candidate.list_position is not None
    if candidate.totals.exists() or (
        on_list and Total.objects.filter(declaration__contest=candidate.contest_id).exists()
    ):
        return _("%(name)s has published votes in %(contest)s.") % words
    if candidate.quotes.exists():
        return _("%(name)s is quoted in %(contest)s.") % words
    waiting = ReviewItem.objects.filter(
        contest=candidate.contest_id, state=ReviewItem.State.WAITING
    )
    if any(_names(item, candidate.pk) for item in waiting):
        return _("%(name)s is in a submission of %(contest)s that waits for review.") % words
    # Removal would also remove the same candidate in counting areas.
    reasons = (why_candidate_stays(each) for each in candidate.counted_as.all())
    return next(filter(None, reasons), "")


def _names(item: ReviewItem, candidate: int) -> bool:
    """Whether a review item has votes for the candidate or is a quote of theirs."""
    counts = item.ballot_counts
    return item.content.get("candidate") == candidate or (
        counts is not None and candidate in counts.votes
    )


def why_nobody_joins(contest: Contest) -> str:
    """Return why nobody may be added to the ballot paper; "" where somebody may."""
    standing = getattr(contest, "standing", None)
    if standing is not None and standing.is_published:
        return _("%(contest)s has a result without them: withdraw it first.") % {
            "contest": contest.full_name
        }
    # New candidates are also added to the ballot papers of counting areas.
    return next(filter(None, map(why_nobody_joins, contest.parts.select_related("standing"))), "")


def names_of(item: ReviewItem) -> dict[int, str] | None:
    """Return the names that a review item's sender saw; None for items of earlier releases."""
    names = item.content.get("names")
    return {int(pk): name for pk, name in names.items()} if names is not None else None


def change_since(item: ReviewItem, seat: Seat) -> BallotPaperChange:
    """Return the changes of the ballot paper since the item's sender saw it."""
    names = names_of(item)
    return (
        BallotPaperChange()
        if names is None
        else BallotPaperChange.between(names, seat.candidate_names)
    )


class BallotPaperChanged(DeskError):
    """Raised where the ballot paper is not the one that the form showed; `change` has how."""

    def __init__(self, change: BallotPaperChange) -> None:
        self.change = change
        super().__init__(
            " ".join(
                [
                    *change.sentences(),
                    _("Nothing was published. Check every figure against its name."),
                ]
            )
        )


def require_same_speaker(contest: Contest, content: Mapping[str, Any]) -> None:
    """Raise BallotPaperChanged where the candidate of a waiting quote was renamed.

    An editor who types another speaker has seen the quote, and its content has no candidate.
    """
    chosen, speaker = content.get("candidate"), content.get("speaker")
    candidate = contest.candidates.filter(pk=chosen).first() if chosen else None
    if candidate is not None and speaker and candidate.name != speaker:
        names = {candidate.pk: str(speaker)}
        change = BallotPaperChange.between(names, {candidate.pk: candidate.name})
        raise BallotPaperChanged(change)


def require_same_ballot_paper(seat: Seat, shown: Names | None) -> None:
    """Raise BallotPaperChanged unless the names shown are the present ones; None is not checked."""
    if shown is None:
        return
    change = BallotPaperChange.between(shown, seat.candidate_names)
    if change:
        raise BallotPaperChanged(change)
