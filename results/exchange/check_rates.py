"""Measure the checks on a past night: alarms at true results, and seeded errors that are caught.

The night is declared again in its order. Each contest is checked, as it is and with errors in its
figures, against what a desk has on record by then. Caught is what blocks or needs a reason.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from results.arithmetic import (
    NOTE,
    BallotCounts,
    Candidacy,
    Conditions,
    Tally,
    Undecided,
    check_ballot_counts,
    compute_contribution,
    compute_outcome,
)
from results.arithmetic.known import (
    Known,
    NightSoFar,
    TurnoutChanges,
    turnout_change,
)
from results.arithmetic.misplaced import shared_to_be_same, telling_figures
from results.arithmetic.thresholds import Thresholds
from results.exchange.recorded_nights import RecordedContest

Figures = list[int]
#: A bundle of this many votes was forgotten in two general elections.
BUNDLE = 6_500


class Knowledge(StrEnum):
    """What the desk has on record, each with what is before it."""

    VOTES = "votes only"
    ELECTORATE = "electorate"
    LAST_TIME = "electorate and last time"
    VERIFICATION = "electorate, last time and verification"


@dataclass(slots=True)
class Rates:
    """Counts of one night: true results with each code, and errors seeded and caught by kind."""

    contests: int = 0
    alarms: int = 0
    alarms_by_code: dict[str, int] = field(default_factory=dict)
    seeded: dict[str, int] = field(default_factory=dict)
    caught: dict[str, int] = field(default_factory=dict)

    @property
    def alarm_rate(self) -> float:
        return self.alarms / self.contests if self.contests else 0.0

    def caught_rate(self, error: str) -> float | None:
        """The part of the errors of a kind that is caught; None where there were none."""
        seeded = self.seeded.get(error, 0)
        return self.caught.get(error, 0) / seeded if seeded else None


def measure(
    night: Sequence[RecordedContest],
    last: Mapping[str, RecordedContest],
    knowledge: Knowledge,
    *,
    thresholds: Thresholds,
    seed: int = 1,
) -> Rates:
    """Declare the night again and count. The same seed gives the same errors."""
    rates, chance = Rates(), random.Random(seed)  # noqa: S311 - errors that can be made again
    for contest, conditions in _conditions(night, last, knowledge, thresholds):
        true = [candidate.votes for candidate in contest.candidates]
        codes = _asking(contest, true, conditions)
        rates.contests += 1
        rates.alarms += bool(codes)
        for code in codes:
            rates.alarms_by_code[code] = rates.alarms_by_code.get(code, 0) + 1
        for error, make in ERRORS.items():
            wrong = make(true, chance)
            if wrong is None or wrong == true:
                continue
            _count(rates, error, bool(_asking(contest, wrong, conditions)))
        _wrong_seat(rates, night, contest, conditions, chance)
    return rates


def _count(rates: Rates, error: str, caught: bool) -> None:
    rates.seeded[error] = rates.seeded.get(error, 0) + 1
    rates.caught[error] = rates.caught.get(error, 0) + caught


def _asking(contest: RecordedContest, figures: Figures, conditions: Conditions) -> set[str]:
    """Codes of what blocks or needs a reason. A tie is settled by lot, as at the count."""
    messages = check_ballot_counts(_counts(contest, figures), conditions)
    codes = {message.code for message in messages if message.level != NOTE}
    return codes - {"tie_needs_lot"}


def _counts(contest: RecordedContest, figures: Figures) -> BallotCounts:
    return BallotCounts(votes=dict(enumerate(figures)), rejected=contest.rejected)


# --- What the desk has on record --------------------------------------------------------------


def _conditions(
    night: Sequence[RecordedContest],
    last: Mapping[str, RecordedContest],
    knowledge: Knowledge,
    thresholds: Thresholds,
) -> Iterator[tuple[RecordedContest, Conditions]]:
    """Yield each contest with what is known when it declares."""
    tally, changes, regions = Tally(), dict[int, int](), dict[str, dict[int, int]]()
    levels = list(Knowledge)
    has_electorate, has_last, is_verified = (
        levels.index(knowledge) >= place for place in (1, 2, 3)
    )
    for contest in night:
        before = last.get(contest.key) if has_last else None
        known = Known(
            electorate=contest.electorate if has_electorate else None,
            verified_papers=contest.papers if is_verified else None,
            last=before.as_last_time if before else None,
            night=NightSoFar(
                tally=tally,
                changes=TurnoutChanges(dict(changes)),
                region_changes=TurnoutChanges(dict(regions.setdefault(contest.region, {}))),
                regions=tuple(TurnoutChanges(dict(each)) for each in regions.values()),
            ),
        )
        conditions = Conditions(
            seats=contest.seats,
            candidacies=_candidacies(contest),
            known=known,
            thresholds=thresholds,
        )
        yield contest, conditions
        tally = tally.plus(_contribution(contest, conditions))
        change = turnout_change(
            _counts(contest, [each.votes for each in contest.candidates]),
            known,
            seats=contest.seats,
        )
        if change is not None:
            for counts in (changes, regions[contest.region]):
                counts[round(change * 1000)] = counts.get(round(change * 1000), 0) + 1


def _candidacies(contest: RecordedContest) -> tuple[Candidacy, ...]:
    return tuple(
        Candidacy(id=place, label=candidate.label, name=candidate.name)
        for place, candidate in enumerate(contest.candidates)
    )


def _contribution(contest: RecordedContest, conditions: Conditions) -> Tally:
    counts = _counts(contest, [candidate.votes for candidate in contest.candidates])
    order = list(counts.votes)
    try:
        outcome = compute_outcome(counts, seats=contest.seats, ballot_order=order)
    except Undecided:
        return Tally()
    return compute_contribution(outcome, conditions.candidacies, (), conditions.known.last)


# --- Seeded errors ----------------------------------------------------------------------------


def _with_digits(change: Callable[[str, random.Random], str]) -> "Maker":
    """Change the digits of one candidate's figure."""

    def make(figures: Figures, chance: random.Random) -> Figures | None:
        places = [place for place, votes in enumerate(figures) if votes >= 10]
        if not places:
            return None
        place = chance.choice(places)
        wrong = list(figures)
        wrong[place] = int(change(str(figures[place]), chance) or "0")
        return wrong

    return make


def _drop(digits: str, chance: random.Random) -> str:
    place = chance.randrange(len(digits))
    return digits[:place] + digits[place + 1 :]


def _double(digits: str, chance: random.Random) -> str:
    place = chance.randrange(len(digits))
    return digits[: place + 1] + digits[place:]


def _transpose(digits: str, chance: random.Random) -> str:
    place = chance.randrange(len(digits) - 1)
    return digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]


def _shift(figures: Figures, chance: random.Random) -> Figures | None:
    if len(figures) < 3:
        return None
    down = chance.random() < 0.5
    return figures[-1:] + figures[:-1] if down else figures[1:] + figures[:1]


def _swap_any(figures: Figures, chance: random.Random) -> Figures | None:
    if len(figures) < 2:
        return None
    return _swapped(figures, *chance.sample(range(len(figures)), 2))


def _swap_leaders(figures: Figures, chance: random.Random) -> Figures | None:
    if len(figures) < 2:
        return None
    first, second = sorted(range(len(figures)), key=lambda place: -figures[place])[:2]
    return _swapped(figures, first, second)


def _swap_with_leader(figures: Figures, chance: random.Random) -> Figures | None:
    """The winner and one of those behind the first two."""
    ranked = sorted(range(len(figures)), key=lambda place: -figures[place])
    return _swapped(figures, ranked[0], chance.choice(ranked[2:])) if len(ranked) > 2 else None


def _swapped(figures: Figures, first: int, second: int) -> Figures:
    wrong = list(figures)
    wrong[first], wrong[second] = wrong[second], wrong[first]
    return wrong


def _without_bundle(size: Callable[[Figures, random.Random], int]) -> "Maker":
    """Leave a bundle of votes out of the figure of somebody who has so many."""

    def make(figures: Figures, chance: random.Random) -> Figures | None:
        missing = size(figures, chance)
        places = [place for place, votes in enumerate(figures) if votes >= missing]
        if not places or not missing:
            return None
        wrong = list(figures)
        wrong[chance.choice(places)] -= missing
        return wrong

    return make


Maker = Callable[[Figures, random.Random], Figures | None]

ERRORS: dict[str, Maker] = {
    "digit dropped": _with_digits(_drop),
    "digit doubled": _with_digits(_double),
    "ten times": _with_digits(lambda digits, chance: f"{digits}0"),
    "digits transposed": _with_digits(_transpose),
    "rows shifted by one": _shift,
    "bundle of a tenth missing": _without_bundle(lambda figures, chance: -(-sum(figures) // 10)),
    "bundle of a tenth to a quarter missing": _without_bundle(
        lambda figures, chance: int(sum(figures) * chance.uniform(0.1, 0.25)) + 1
    ),
    "bundle of 6,500 missing": _without_bundle(lambda figures, chance: BUNDLE),
    "any two swapped": _swap_any,
    "first two swapped": _swap_leaders,
    "winner and a minor one swapped": _swap_with_leader,
}
WRONG_SEAT = "another seat's figures"
WRONG_SEAT_TO_COME = "figures of a seat still to come"


def _wrong_seat(
    rates: Rates,
    night: Sequence[RecordedContest],
    contest: RecordedContest,
    conditions: Conditions,
    chance: random.Random,
) -> None:
    """Enter another contest's figures here: of one that has declared, and of one to come."""
    at = night.index(contest)
    for error, others in ((WRONG_SEAT, night[:at]), (WRONG_SEAT_TO_COME, night[at + 1 :])):
        if not others:
            continue
        other = chance.choice(others)
        figures = [candidate.votes for candidate in other.candidates]
        room = len(contest.candidates)
        wrong = (figures + [0] * room)[:room]
        found = error == WRONG_SEAT and _is_same(wrong, figures)
        known = replace(conditions.known, same_figures_as=other.name if found else "")
        _count(rates, error, bool(_asking(contest, wrong, replace(conditions, known=known))))


def _is_same(figures: Figures, others: Figures) -> bool:
    own = telling_figures(figures)
    needed = shared_to_be_same(own)
    return needed is not None and len(own & set(others)) >= needed
