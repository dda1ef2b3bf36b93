"""The result of the check page: as it would be read out, with its sums in sentences."""

from dataclasses import dataclass

from django.utils.translation import gettext as _, ngettext

from results.arithmetic import BallotCounts, Outcome, compute_outcome
from results.live.seat import Seat
from results.models import Candidate
from results.words.number_format import grouped, percent


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One candidate; `before` is the party's votes last time where they can be compared."""

    candidate: Candidate
    party: str
    votes: int
    elected: bool
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """A result as a returning officer reads it out, in ballot order."""

    rows: tuple[StatementRow, ...]
    outcome: Outcome
    sentences: tuple[str, ...]
    duly_elected: str

    @property
    def elected(self) -> list[Candidate]:
        return [row.candidate for row in self.rows if row.elected]


def statement_of(seat: Seat, ballot_counts: BallotCounts) -> Statement:
    """Build the statement of counts that no check blocks."""
    outcome = compute_outcome(
        ballot_counts,
        seats=seat.contest.seats,
        ballot_order=[candidate.pk for candidate, _party_name in seat.candidates],
        deposits=seat.contest.election.pays_deposits,
        system=seat.system,
    )
    before = _votes_last_time(seat)
    rows = tuple(
        StatementRow(
            candidate,
            party_name.name,
            ballot_counts.votes[candidate.pk] or 0,
            candidate.pk in outcome.elected,
            before.get(candidate.label),
        )
        for candidate, party_name in seat.candidates
    )
    duly_elected = seat.words.duly_elected(len(outcome.elected), seat.contest.full_name)
    sentences = tuple(_sentences(seat, ballot_counts, outcome))
    return Statement(rows, outcome, sentences, duly_elected)


def _votes_last_time(seat: Seat) -> dict[str, int]:
    """Return votes by label, for labels with one candidate both now and last time."""
    if seat.last_time is None:
        return {}
    known = [(vote.label, vote.votes) for vote in seat.last_time.votes if vote.votes is not None]
    then = [label for label, _votes in known]
    now = [candidate.label for candidate, _party_name in seat.candidates]
    return {
        label: votes for label, votes in known if then.count(label) == 1 and now.count(label) == 1
    }


def _sentences(seat: Seat, ballot_counts: BallotCounts, outcome: Outcome) -> list[str]:
    sentences = [_totals_sentence(ballot_counts, outcome)]
    if outcome.majority is not None:
        sentences.append(_("The majority is %(votes)s.") % {"votes": grouped(outcome.majority)})
    if ballot_counts.turnout_announced is not None:
        announced = f"{ballot_counts.turnout_announced.normalize():f}"
        sentences.append(_("The officer said %(turnout)s%%.") % {"turnout": announced})
    last = seat.last_time
    if last is not None and last.valid and last.electorate and seat.contest.seats == 1:
        before = {"valid": grouped(last.valid), "electorate": grouped(last.electorate)}
        sentences.append(_("Last time: %(valid)s valid votes of %(electorate)s.") % before)
    return sentences


def _totals_sentence(ballot_counts: BallotCounts, outcome: Outcome) -> str:
    """“Your six totals make 53,805; with 227 rejected that is 54,032 of 75,162, 71.9%.”"""
    count = len(ballot_counts.votes)
    text = ngettext(
        "Your %(count)s total makes %(valid)s", "Your %(count)s totals make %(valid)s", count
    ) % {"count": _number(count), "valid": grouped(outcome.valid or 0)}
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
