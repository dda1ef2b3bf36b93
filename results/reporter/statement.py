"""Statement of a result on the check page: as it would be read out, with its sums in sentences."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _, gettext_lazy, ngettext

from results.arithmetic import BallotCounts, Outcome, compute_outcome
from results.desk.checks import following_totals
from results.desk.regions import with_constituencies
from results.live.candidate_names import told_apart
from results.live.lists import list_name
from results.live.seat import Seat
from results.words.nouns import listing
from results.words.number_format import grouped, percent

PAPERS_FIELD = gettext_lazy("Ballot papers at verification")
#: Sentences that a phone writes as well (`results/reporter/phone_rules.py`).
MAJORITY = gettext_lazy("The majority is %(votes)s.")
BY_LOT = gettext_lazy("The vote was tied and decided by lot.")
ANNOUNCED = gettext_lazy("The officer said %(turnout)s%%.")
REJECTED = gettext_lazy("Rejected ballots: %(rejected)s.")
PAPERS_OF = gettext_lazy("Ballot papers: %(papers)s of %(electorate)s, %(turnout)s%%.")
PAPERS = gettext_lazy("Ballot papers: %(papers)s.")
ELECTORATE = gettext_lazy("Electorate: %(electorate)s.")
SEVERAL_VOTES = gettext_lazy(
    "Each ballot paper has several votes: for the turnout, enter “%(field)s”."
)


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
    """Ids of the elected, in order of seats or stages, or else in ballot-paper order."""
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
    sentences: list[str] = []
    if outcome.valid is not None and (seat.system.votes_per_paper or seat.contest.seats) > 1:
        sentences += _sentences_of_several_votes(ballot_counts, outcome)
    elif outcome.valid is not None:
        sentences.append(_totals_sentence(ballot_counts, outcome, record))
    if ballot_counts.quota is not None:
        sentences.append(_("The quota is %(quota)s.") % {"quota": grouped(ballot_counts.quota)})
    if outcome.majority is not None and outcome.by_lot:
        sentences.append(str(BY_LOT))
    elif outcome.majority is not None:
        sentences.append(MAJORITY % {"votes": grouped(outcome.majority)})
    if ballot_counts.turnout_announced is not None:
        announced = f"{ballot_counts.turnout_announced.normalize():f}"
        sentences.append(ANNOUNCED % {"turnout": announced})
    return [*sentences, *filter(None, [last_time_sentence(seat)])]


def last_time_sentence(seat: Seat) -> str:
    """“Last time: 54,118 valid votes of 75,162.”; empty for several seats, and if not known."""
    last = seat.last_time
    if last is None or not (last.valid and last.electorate) or seat.contest.seats > 1:
        return ""
    before = {"valid": grouped(last.valid), "electorate": grouped(last.electorate)}
    return _("Last time: %(valid)s valid votes of %(electorate)s.") % before


def _totals_sentence(ballot_counts: BallotCounts, outcome: Outcome, record: int | None) -> str:
    """“Your six totals make 53,805; with 227 rejected that is 54,032 of 75,162, 71.9%.”

    Without an announced electorate, of the one on `record`.
    """
    count = sum(votes is not None for votes in ballot_counts.votes.values())
    turnout = outcome.turnout_ballots or outcome.turnout_valid
    electorate, of_record = ballot_counts.electorate, False
    if record and not electorate:
        electorate, of_record = record, True
        turnout = Fraction(outcome.papers or outcome.valid or 0, record)
    part = electorate if turnout is not None else None
    papers = outcome.papers if ballot_counts.rejected is not None else None
    text = (
        text_of_papers(count, part, of_record=of_record)
        if papers is not None
        else text_of_votes(count, part, of_record=of_record)
    )
    return text % {
        "count": number_in_words(count),
        "valid": grouped(outcome.valid or 0),
        "rejected": grouped(ballot_counts.rejected or 0),
        "papers": grouped(papers or 0),
        "electorate": grouped(part or 0),
        "turnout": percent(turnout) if turnout is not None else "",
    }


def _sentences_of_several_votes(ballot_counts: BallotCounts, outcome: Outcome) -> Iterator[str]:
    """The totals where each ballot paper has several votes: no number of papers follows from them.

    “Your five totals make 3,400. Rejected ballots: 5. Ballot papers: 1,205 of 4,000, 30.1%.”
    """
    count = len(ballot_counts.votes)
    papers, electorate = ballot_counts.papers, ballot_counts.electorate
    values = {
        "count": number_in_words(count),
        "valid": grouped(outcome.valid or 0),
        "rejected": grouped(ballot_counts.rejected or 0),
        "papers": grouped(papers or 0),
        "electorate": grouped(electorate or 0),
        "turnout": percent(outcome.turnout_ballots) if outcome.turnout_ballots is not None else "",
        "field": str(PAPERS_FIELD),
    }
    yield text_of_votes(count, None, of_record=False) % values
    if ballot_counts.rejected is not None:
        yield REJECTED % values
    if papers is not None and electorate:
        yield PAPERS_OF % values
    elif papers is not None:
        yield PAPERS % values
    elif electorate:
        yield ELECTORATE % values
    if papers is None and (electorate or ballot_counts.rejected is not None):
        yield SEVERAL_VOTES % values


def text_of_votes(count: int, electorate: int | None, *, of_record: bool) -> str:
    """The sentence of valid votes, a whole one for each case: languages order its parts."""
    if not electorate:
        return ngettext(
            "Your %(count)s total makes %(valid)s.", "Your %(count)s totals make %(valid)s.", count
        )
    if of_record:
        return ngettext(
            "Your %(count)s total makes %(valid)s of the %(electorate)s on record, %(turnout)s%%.",
            "Your %(count)s totals make %(valid)s of the %(electorate)s on record, %(turnout)s%%.",
            count,
        )
    return ngettext(
        "Your %(count)s total makes %(valid)s of %(electorate)s, %(turnout)s%%.",
        "Your %(count)s totals make %(valid)s of %(electorate)s, %(turnout)s%%.",
        count,
    )


def text_of_papers(count: int, electorate: int | None, *, of_record: bool) -> str:
    """The sentence of valid votes and rejected ballots, a whole one for each case."""
    if not electorate:
        return ngettext(
            "Your %(count)s total makes %(valid)s; with %(rejected)s rejected that is %(papers)s.",
            "Your %(count)s totals make %(valid)s; with %(rejected)s rejected that is %(papers)s.",
            count,
        )
    if of_record:
        return ngettext(
            "Your %(count)s total makes %(valid)s; with %(rejected)s rejected that is %(papers)s "
            "of the %(electorate)s on record, %(turnout)s%%.",
            "Your %(count)s totals make %(valid)s; with %(rejected)s rejected that is %(papers)s "
            "of the %(electorate)s on record, %(turnout)s%%.",
            count,
        )
    return ngettext(
        "Your %(count)s total makes %(valid)s; with %(rejected)s rejected that is %(papers)s of "
        "%(electorate)s, %(turnout)s%%.",
        "Your %(count)s totals make %(valid)s; with %(rejected)s rejected that is %(papers)s of "
        "%(electorate)s, %(turnout)s%%.",
        count,
    )


def number_in_words(count: int) -> str:
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
