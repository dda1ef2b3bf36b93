"""What may change on a ballot paper, and whether a form was filled in for the one of now."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from results.desk.errors import DeskError
from results.live.seat import Seat
from results.models import Candidate, Contest, ReviewItem


def why_candidate_stays(candidate: Candidate) -> str:
    """Say why a candidate may not be taken off the ballot paper; empty where they may."""
    words = {"name": candidate.name, "contest": candidate.contest.name}
    if candidate.totals.exists():
        return _("%(name)s has published votes in %(contest)s.") % words
    if candidate.quotes.exists():
        return _("%(name)s is quoted in %(contest)s.") % words
    waiting = ReviewItem.objects.filter(
        contest=candidate.contest_id, state=ReviewItem.State.WAITING
    )
    if any(_names(item, candidate.pk) for item in waiting):
        return _("%(name)s is in a submission of %(contest)s that waits for review.") % words
    return ""


def _names(item: ReviewItem, candidate: int) -> bool:
    """Whether a review item has votes for the candidate, or quotes them."""
    counts = item.ballot_counts
    return item.content.get("candidate") == candidate or (
        counts is not None and candidate in counts.votes
    )


def why_nobody_joins(contest: Contest) -> str:
    """Say why nobody may be put on the ballot paper; empty where somebody may."""
    standing = getattr(contest, "standing", None)
    if standing is not None and standing.has_result:
        return _("%(contest)s has a result without them: withdraw it first.") % {
            "contest": contest.name
        }
    return ""


#: Names by the id of their candidate, as a form or a page showed them.
Names = Mapping[int, str]


def names_on(seat: Seat) -> dict[int, str]:
    """The ballot paper of now, in its order."""
    return {candidate.pk: candidate.name for candidate, _party_name in seat.candidates}


def names_to_text(names: Names) -> str:
    """Write names for a hidden field of a form."""
    return json.dumps({str(pk): name for pk, name in names.items()}, ensure_ascii=False)


def names_from_text(text: str) -> dict[int, str] | None:
    """Read a hidden field again; None where it is empty or was damaged."""
    try:
        return {int(pk): str(name) for pk, name in json.loads(text).items()}
    except (ValueError, AttributeError, RecursionError):
        return None


@dataclass(frozen=True, slots=True)
class BallotPaperChange:
    """How a ballot paper differs from the one that a form showed. The order does not matter."""

    renamed: tuple[tuple[str, str], ...] = ()
    added: tuple[str, ...] = ()
    removed: tuple[tuple[int, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.renamed or self.added or self.removed)

    @classmethod
    def between(cls, shown: Names, current: Names) -> "BallotPaperChange":
        return cls(
            renamed=tuple(
                (name, current[pk])
                for pk, name in shown.items()
                if pk in current and current[pk] != name
            ),
            added=tuple(name for pk, name in current.items() if pk not in shown),
            removed=tuple((pk, name) for pk, name in shown.items() if pk not in current),
        )

    def sentences(self, typed: Mapping[int, str] | None = None) -> list[str]:
        """Say what changed. `typed` are the votes in the form, as text, by id of the candidate."""
        sentences = [
            _("“%(old)s” is now “%(new)s” on the ballot paper.") % {"old": old, "new": new}
            for old, new in self.renamed
        ]
        sentences += [
            _("%(name)s has been put on the ballot paper: enter their votes.") % {"name": name}
            for name in self.added
        ]
        for pk, name in self.removed:
            votes = (typed or {}).get(pk, "")
            sentences.append(
                _("%(name)s, for whom you entered %(votes)s, is no longer on the ballot paper.")
                % {"name": name, "votes": votes}
                if votes
                else _("%(name)s is no longer on the ballot paper.") % {"name": name}
            )
        return sentences


class BallotPaperChanged(DeskError):
    """The ballot paper is not the one that the form showed: `change` says how it differs."""

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


def require_same_ballot_paper(seat: Seat, shown: Names | None) -> None:
    """Raise BallotPaperChanged unless the names are those of now; None was not told."""
    if shown is None:
        return
    change = BallotPaperChange.between(shown, names_on(seat))
    if change:
        raise BallotPaperChanged(change)
