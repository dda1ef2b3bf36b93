"""Rules about several figures, and the sentences of a statement, for a phone without a signal.

`static/reporter/rules.js` applies the rules as `check_ballot_counts` does, and writes the sentences
as `results/reporter/statement.py` does. What needs other contests, or the night so far, is asked
when the result arrives.
"""

from collections.abc import Iterator
from typing import Any, Self

from django.utils.translation import gettext as _

from results.arithmetic import Method
from results.arithmetic.inputs import SPEAKER
from results.arithmetic.plausibility import (
    LEAST_USED,
    LEAST_USED_OF_MANY,
    MANY_SEATS,
    PAPERS_SLACK,
    TURNOUT_SLACK,
)
from results.arithmetic.thresholds import thresholds_of
from results.live.seat import Seat
from results.reporter.statement import (
    ANNOUNCED,
    BY_LOT,
    ELECTORATE,
    MAJORITY,
    PAPERS,
    PAPERS_FIELD,
    PAPERS_OF,
    REJECTED,
    SEVERAL_VOTES,
    last_time_sentence,
    number_in_words,
    text_of_papers,
    text_of_votes,
)
from results.words.validation_messages import MESSAGES, SOURCES

#: Messages about ballot papers of several votes, and of one.
SEVERAL_CODES = (
    "sum_over_electors",
    "votes_over_papers_of_seats",
    "candidate_over_total",
    "few_votes",
    "turnout_too_low",
)
SINGLE_CODES = ("sum_over_electorate", "votes_over_papers", "papers_over_sum", "papers_under_sum")
#: Messages about who is elected by votes.
LOT_CODES = (
    "only_zeros",
    "tie_needs_lot",
    "lot_not_tied",
    "lot_without_tie",
    "close",
    "close_tie",
)
#: The other messages that a phone can know.
CODES = (
    "papers_over_electorate",
    "all_zero",
    "valid_announced_mismatch",
    "papers_changed",
    "turnout_unusual",
    "turnout_differs",
    "rejected_high",
    "electorate_repeats",
    "electorate_differs",
)


class Placeholder(int):
    """A number of several, for the plural form of a message, that is printed as `{name}`."""

    name: str

    def __new__(cls, name: str) -> Self:
        number = super().__new__(cls, 3)
        number.name = name
        return number

    def __str__(self) -> str:
        return f"{{{self.name}}}"


class Placeholders(dict[str, Placeholder | str]):
    """Replaces each `%(name)s` of a message by `{name}`, for the phone to fill in."""

    def __missing__(self, name: str) -> Placeholder:
        return Placeholder(name)


def phone_rules(seat: Seat) -> dict[str, Any]:
    """Return what the scripts need of a contest, as JSON types. It makes no query.

    Thresholds are in thousandths. Electorates are in the order in which they are used.
    """
    contest, standing, last = seat.contest, seat.standing, seat.last_time
    least = LEAST_USED if _seats_used(seat) <= MANY_SEATS else LEAST_USED_OF_MANY
    return {
        "method": str(seat.system.method),
        "seats": contest.seats,
        "votesPerPaper": seat.system.votes_per_paper or contest.seats,
        "seatsUsed": _seats_used(seat),
        "electorates": [
            ["verified", standing.verified_electorate],
            ["record", contest.electorate],
            ["last", last.electorate if last else None],
        ],
        "papers": standing.verified_papers,
        "hasSpeaker": any(each.label == SPEAKER for each in contest.candidacies),
        "thresholds": {**_thresholds(seat), "used": int(least * 1000)},
        "messages": {code: MESSAGES[code] % Placeholders() for code in _codes(seat)},
        "sources": {source: str(words) for source, words in SOURCES.items()},
        "sentences": _sentences(seat),
    }


def _codes(seat: Seat) -> Iterator[str]:
    yield from CODES
    several = (seat.system.votes_per_paper or seat.contest.seats) > 1
    yield from SEVERAL_CODES if several else SINGLE_CODES
    if seat.system.method == Method.VOTES:
        yield from LOT_CODES


def _seats_used(seat: Seat) -> int:
    """How many votes of a ballot paper can be used: there may be fewer candidates."""
    return min(seat.system.votes_per_paper or seat.contest.seats, len(seat.voted_for))


def _thresholds(seat: Seat) -> dict[str, Any]:
    of_kind = thresholds_of(seat.contest.election.kind, by_election=seat.contest.by_election)
    least, most = of_kind.turnout
    return {
        "turnout": [int(least * 1000), int(most * 1000)],
        "turnoutSlack": int(TURNOUT_SLACK * 1000),
        "papersSlack": int(PAPERS_SLACK * 1000),
        "rejected": int(of_kind.rejected * 1000),
        "electorate": int(of_kind.electorate_change * 1000),
        "closeVotes": of_kind.close_votes,
        "closeShare": int(of_kind.close_share * 1000),
    }


def _sentences(seat: Seat) -> dict[str, Any]:
    """The sentences of a statement with every total, and what is said of each number of elected."""
    count, name = len(seat.voted_for), seat.contest.full_name
    texts = {
        "votes": text_of_votes(count, None, of_record=False),
        "votesOf": text_of_votes(count, 1, of_record=False),
        "votesOfRecord": text_of_votes(count, 1, of_record=True),
        "withRejected": text_of_papers(count, None, of_record=False),
        "withRejectedOf": text_of_papers(count, 1, of_record=False),
        "withRejectedOfRecord": text_of_papers(count, 1, of_record=True),
        "rejected": REJECTED,
        "papersOf": PAPERS_OF,
        "papers": PAPERS,
        "electorate": ELECTORATE,
        "severalVotes": SEVERAL_VOTES,
        "majority": MAJORITY,
        "byLot": BY_LOT,
        "announced": ANNOUNCED,
        "stage": _("stage %(stage)s"),
    }
    values = Placeholders(count=number_in_words(count), field=str(PAPERS_FIELD))
    elected = range(min(seat.contest.seats, len(seat.candidates)) + 1)
    return {
        **{key: str(text) % values for key, text in texts.items()},
        "lastTime": last_time_sentence(seat),
        "elected": [seat.words.duly_elected(n, name) for n in elected],
    }
