"""Differences between two people's entries for one count, and their agreement, as text."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from results import desk
from results.arithmetic import BallotCounts
from results.arithmetic.claims import claim_of
from results.live.candidate_names import told_apart
from results.live.seat import Seat
from results.models import Bulletin, ReviewItem
from results.words.nouns import listing
from results.words.number_format import grouped
from results.words.user_names import user_name


@dataclass(frozen=True, slots=True)
class DifferingRow:
    """One value that two people entered differently, as text."""

    label: str
    theirs: str
    ours: str


def differing_rows(disagreement: desk.Disagreement, item: ReviewItem) -> Iterator[DifferingRow]:
    """The rows in which a waiting result and the other one differ."""
    seat = disagreement.seat
    both = [counts for each in (disagreement.other, item) if (counts := each.ballot_counts)]
    shown = told_apart(seat.candidates)
    for name in disagreement.names:
        key = name.removeprefix("votes-")
        label = shown[int(key)] if name != key else _figure_name(name)
        theirs, ours = (_text(seat, counts, name) for counts in both)
        yield DifferingRow(label, theirs, ours)


def disagreement_text(disagreement: desk.Disagreement, item: ReviewItem) -> str:
    """“Priya Rao entered something else. Nick Wakeling: 8,451, you have 8,415. …”"""
    rows = (
        _("%(figure)s: %(theirs)s, you have %(ours)s.")
        % {"figure": row.label, "theirs": row.theirs, "ours": row.ours}
        for row in differing_rows(disagreement, item)
    )
    who = _("%(name)s entered something else.") % {"name": user_name(disagreement.other.by)}
    what_now = _("Nothing is published: send yours again if it was misheard, or ring the desk.")
    return " ".join([who, *rows, what_now])


def agreement_text(bulletin: Bulletin, reader: int | None) -> str:
    """“Confirmed by two people: you and Priya Rao.”; empty if nobody else confirmed the bulletin.

    `reader` is the key of the user who reads it.
    """
    items = ReviewItem.objects.filter(bulletin=bulletin, kind=ReviewItem.Kind.RESULT)
    for item in items.select_related("by", "settled_by"):
        return agreement_of(item, reader)
    return ""


def agreement_of(item: ReviewItem, reader: int | None) -> str:
    """Return `agreement_text` of an item of the review queue."""
    if item.kind != ReviewItem.Kind.RESULT or item.settled_by is None:
        return ""
    other = item.by if item.settled_by_id == reader else item.settled_by
    return _("Confirmed by two people: you and %(name)s.") % {"name": user_name(other)}


def _figure_name(name: str) -> str:
    return {
        "elected": _("Elected"),
        "rejected": _("Rejected ballots"),
        "electorate": _("Electorate"),
        "turnout_announced": _("Turnout as announced"),
        "valid_announced": _("Total valid votes as announced"),
        "papers": _("Ballot papers at verification"),
        "quota": _("Quota"),
        "stages": _("Stages"),
        "lot": _("Drawn by lot"),
    }.get(name, name)


def _text(seat: Seat, counts: BallotCounts, name: str) -> str:
    names = told_apart(seat.candidates)
    if name == "elected":
        order = [candidacy.id for candidacy in seat.contest.candidacies]
        claim = claim_of(counts, seats=seat.contest.seats, ballot_order=order, system=seat.system)
        return listing([names[pk] for pk in order if pk in claim.elected])
    if name == "lot":
        return listing([names[pk] for pk in counts.lot])
    if name == "stages":
        return ", ".join(f"{names[pk]} {stage}" for pk, stage in (counts.stages or {}).items())
    key = name.removeprefix("votes-")
    value: Any = counts.votes[int(key)] if name != key else getattr(counts, name)
    return f"{value.normalize():f}%" if isinstance(value, Decimal) else grouped(value)
