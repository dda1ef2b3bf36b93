"""The check page: the result as it would be read out, and its sums in a sentence."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from results.arithmetic import BallotCounts, Outcome, compute_outcome
from results.live.seat import Seat
from results.models import Candidate
from results.words.number_format import grouped, percent


@dataclass(frozen=True, slots=True)
class StatementRow:
    candidate: Candidate
    party: str
    votes: int
    elected: bool
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """What the returning officer would say, in ballot-paper order."""

    lines: tuple[StatementRow, ...]
    outcome: Outcome
    sums: tuple[str, ...]


def statement_of(seat: Seat, ballot_counts: BallotCounts) -> Statement:
    """Of figures that the checks let through. Raises Undecided for a tie without a lot."""
    outcome = compute_outcome(
        ballot_counts,
        seats=seat.contest.seats,
        ballot_order=[one.pk for one, _party_name in seat.candidates],
        deposits=seat.contest.election.deposits,
    )
    before = _votes_last_time(seat)
    lines = tuple(
        StatementRow(
            candidate,
            party_name.name,
            ballot_counts.votes[candidate.pk] or 0,
            candidate.pk in outcome.elected,
            before.get(candidate.label),
        )
        for candidate, party_name in seat.candidates
    )
    return Statement(lines, outcome, tuple(_sums(seat, ballot_counts, outcome)))


def _votes_last_time(seat: Seat) -> dict[str, int]:
    """By label, of those who stood once: only these can be set beside a candidate."""
    if seat.last_time is None:
        return {}
    listed = [(vote.label, vote.votes) for vote in seat.last_time.votes if vote.votes is not None]
    once = [label for label, _votes in listed]
    standing = [candidate.label for candidate, _party_name in seat.candidates]
    return {
        label: votes
        for label, votes in listed
        if once.count(label) == 1 and standing.count(label) == 1
    }


def _sums(seat: Seat, ballot_counts: BallotCounts, outcome: Outcome) -> list[str]:
    """“Your six totals make 53,805; with 227 rejected that is 54,032 of 75,162, 71.9%.”"""
    said = [_totals(ballot_counts, outcome)]
    if outcome.majority is not None:
        majority = {"votes": grouped(outcome.majority)}
        said.append(_("The majority is %(votes)s.") % majority)
    if ballot_counts.turnout_announced is not None:
        announced = f"{ballot_counts.turnout_announced.normalize():f}"
        said.append(_("The officer said %(turnout)s%%.") % {"turnout": announced})
    last = seat.last_time
    if last is not None and last.valid and last.electorate and seat.contest.seats == 1:
        before = {"valid": grouped(last.valid), "electorate": grouped(last.electorate)}
        said.append(_("Last time: %(valid)s valid votes of %(electorate)s.") % before)
    return said


def _totals(ballot_counts: BallotCounts, outcome: Outcome) -> str:
    count = len(ballot_counts.votes)
    words = {"count": count, "valid": grouped(outcome.valid or 0)}
    text = ngettext(
        "Your %(count)s total makes %(valid)s", "Your %(count)s totals make %(valid)s", count
    ) % {**words, "count": _number(count)}
    turnout = outcome.turnout_ballots or outcome.turnout_valid
    if ballot_counts.rejected is not None and outcome.papers is not None:
        papers = {"rejected": grouped(ballot_counts.rejected), "papers": grouped(outcome.papers)}
        text += _("; with %(rejected)s rejected that is %(papers)s") % papers
    if ballot_counts.electorate and turnout is not None:
        part = {"electorate": grouped(ballot_counts.electorate), "turnout": percent(turnout)}
        text += _(" of %(electorate)s, %(turnout)s%%") % part
    return f"{text}."


def _number(count: int) -> str:
    words = [
        *(_("no"), _("one"), _("two"), _("three"), _("four"), _("five"), _("six")),
        *(_("seven"), _("eight"), _("nine"), _("ten"), _("eleven"), _("twelve")),
    ]
    return words[count] if count < len(words) else str(count)
