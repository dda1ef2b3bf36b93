"""The result of the check page: as it would be read out, with its sums in sentences."""

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _, ngettext

from results.arithmetic import BallotCounts, Outcome, compute_outcome
from results.desk.checks import following_totals
from results.desk.regions import with_constituencies
from results.live.candidate_names import told_apart
from results.live.lists import list_name
from results.live.seat import Seat
from results.words.nouns import listing
from results.words.number_format import grouped, percent


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One candidate or list; `before` is the party's votes last time where they compare."""

    name: str
    party: str
    votes: int | None
    elected: bool
    before: int | None = None
    stage: int | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """A result as it is read out, in ballot order; some totals have no outcome."""

    rows: tuple[StatementRow, ...]
    outcome: Outcome | None
    sentences: tuple[str, ...]
    elected: tuple[str, ...]
    duly_elected: str


def statement_of(seat: Seat, ballot_counts: BallotCounts) -> Statement:
    """Build the statement of counts that no check blocks."""
    ballot_counts = with_constituencies(seat, ballot_counts)
    outcome = compute_outcome(
        ballot_counts,
        seats=seat.contest.seats,
        ballot_order=[candidate.pk for candidate, _party_name in seat.candidates],
        deposits=seat.contest.election.pays_deposits,
        system=seat.system,
    )
    rows = _rows(seat, ballot_counts, outcome.elected)
    names = told_apart(seat.candidates)
    elected = tuple(names[candidate] for candidate in _in_order(seat, outcome))
    duly_elected = ""
    if elected:
        duly_elected = seat.words.duly_elected(len(elected), seat.contest.full_name)
    sentences = tuple(_sentences(seat, ballot_counts, outcome))
    return Statement(rows, outcome, sentences, elected, duly_elected)


def statement_of_totals(seat: Seat, ballot_counts: BallotCounts) -> Statement:
    """Build the statement of some totals, with those that are published already."""
    ballot_counts = following_totals(seat, ballot_counts)
    missing = [
        list_name(seat, candidate) if seat.has_lists else told_apart(seat.candidates)[candidate.pk]
        for candidate, _party_name in seat.candidates
        if ballot_counts.votes.get(candidate.pk, 0) is None
    ]
    known, of = len(ballot_counts.votes) - len(missing), len(ballot_counts.votes)
    sentences = (
        _("Incomplete: %(known)d of %(of)d totals known.") % {"known": known, "of": of},
        _("Missing: %(names)s.") % {"names": listing(missing)},
    )
    rows = _rows(seat, ballot_counts, ())
    return Statement(rows, outcome=None, sentences=sentences, elected=(), duly_elected="")


def _rows(
    seat: Seat, ballot_counts: BallotCounts, elected: Collection[int]
) -> tuple[StatementRow, ...]:
    before = _votes_last_time(seat)
    stages = ballot_counts.stages or {}
    return tuple(
        StatementRow(
            list_name(seat, candidate) if seat.has_lists else candidate.name,
            "" if seat.has_lists else party_name.name,
            ballot_counts.votes[candidate.pk],
            candidate.pk in elected and not seat.has_lists,
            before.get(candidate.label),
            stages.get(candidate.pk),
        )
        for candidate, party_name in seat.candidates
        if candidate.pk in ballot_counts.votes
    )


def _in_order(seat: Seat, outcome: Outcome) -> list[int]:
    """Ids of those elected: in the order of seats or stages, or else of the ballot paper."""
    if seat.has_lists or seat.as_declared:
        return list(outcome.elected)
    return [pk for pk in seat.candidate_names if pk in outcome.elected]


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
    record = seat.contest.electorate if seat.contest.seats == 1 else None
    sentences = []
    if outcome.valid is not None:
        sentences.append(_totals_sentence(ballot_counts, outcome, record))
    if ballot_counts.quota is not None:
        sentences.append(_("The quota is %(quota)s.") % {"quota": grouped(ballot_counts.quota)})
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


def _totals_sentence(ballot_counts: BallotCounts, outcome: Outcome, record: int | None) -> str:
    """“Your six totals make 53,805; with 227 rejected that is 54,032 of 75,162, 71.9%.”

    Where nobody said how many electors there are, of those on `record`.
    """
    count = sum(votes is not None for votes in ballot_counts.votes.values())
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
    elif record and not ballot_counts.electorate:
        turnout = Fraction(outcome.papers or outcome.valid or 0, record)
        part = {"electorate": grouped(record), "turnout": percent(turnout)}
        text += _(" of the %(electorate)s on record, %(turnout)s%%") % part
    return f"{text}."


def _number(count: int) -> str:
    words = [
        *(_("no"), _("one"), _("two"), _("three"), _("four"), _("five"), _("six")),
        *(_("seven"), _("eight"), _("nine"), _("ten"), _("eleven"), _("twelve")),
    ]
    return words[count] if count < len(words) else str(count)


def published_rows(seat: Seat) -> list[StatementRow]:
    """The rows of what is published, in the order of its page."""
    if seat.has_lists:
        return [
            StatementRow(each.name, "", each.candidate_result.votes, elected=False)
            for each in seat.lists.rows
        ]
    return [
        StatementRow(
            row.candidate.name,
            row.party_name.abbreviation,
            row.candidate_result.votes,
            row.candidate_result.elected,
            stage=row.candidate_result.stage,
        )
        for row in seat.rows
    ]
