"""Measure the checks on a past night: alarms at true results, and seeded errors that are caught.

The night is declared again in its order. Each contest is checked, as it is and with errors in its
figures, against what a desk has on record by then. An error is caught if it blocks or needs a
reason.
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
    LastTime,
    Tally,
    Undecided,
    check_ballot_counts,
    compute_contribution,
    compute_outcome,
)
from results.arithmetic.kinds import Rules, rules_of
from results.arithmetic.known import (
    Known,
    NightSoFar,
    TurnoutChanges,
    all_changes,
    turnout_change,
)
from results.arithmetic.misplaced import figures_to_compare, min_shared_of_copy
from results.arithmetic.thresholds import thresholds_of
from results.exchange.recorded_nights import RecordedContest

Figures = list[int]
#: A bundle of this many votes was forgotten in two general elections.
BUNDLE = 6_500


class Knowledge(StrEnum):
    """What the desk has on record."""

    VOTES = "votes only"
    LAST_VOTES = "last time’s votes"
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
        """The share of seeded errors of a kind that is caught; None if none were seeded."""
        seeded = self.seeded.get(error, 0)
        return self.caught.get(error, 0) / seeded if seeded else None


def measure(
    night: Sequence[RecordedContest],
    last: Mapping[str, RecordedContest],
    knowledge: Knowledge,
    *,
    kind: str,
    seed: int = 1,
    rounds: int = 1,
) -> Rates:
    """Declare the night again and count. The same seed gives the same errors.

    Each contest has `rounds` errors of each sort, so that a few contests tell a rate as well.
    """
    rates, chance = Rates(), random.Random(seed)  # noqa: S311 - errors that can be made again
    for contest, conditions in _conditions(night, last, knowledge, kind):
        true = [candidate.votes for candidate in contest.candidates]
        codes = _asking(contest, true, conditions)
        rates.contests += 1
        rates.alarms += bool(codes)
        for code in codes:
            rates.alarms_by_code[code] = rates.alarms_by_code.get(code, 0) + 1
        for _round in range(rounds):
            _seed_errors(rates, contest, conditions, chance)
            _wrong_seat(rates, night, contest, conditions, chance)
    return rates


def _seed_errors(
    rates: Rates, contest: RecordedContest, conditions: Conditions, chance: random.Random
) -> None:
    true = [candidate.votes for candidate in contest.candidates]
    for error, make in ERRORS.items():
        wrong = make(true, chance)
        if wrong is not None and wrong != true:
            _count(rates, error, bool(_asking(contest, wrong, conditions)))


def _count(rates: Rates, error: str, caught: bool) -> None:
    rates.seeded[error] = rates.seeded.get(error, 0) + 1
    rates.caught[error] = rates.caught.get(error, 0) + caught


def _asking(contest: RecordedContest, figures: Figures, conditions: Conditions) -> set[str]:
    """Codes of messages that block or need a reason, without ties, which are settled by lot."""
    messages = check_ballot_counts(_counts(contest, figures), conditions)
    codes = {message.code for message in messages if message.level != NOTE}
    return codes - {"tie_needs_lot"}


def _counts(contest: RecordedContest, figures: Figures) -> BallotCounts:
    return BallotCounts(votes=dict(enumerate(figures)), rejected=contest.rejected)


# --- What the desk has on record --------------------------------------------------------------


@dataclass(slots=True)
class _Night:
    """The results declared so far. A council's wards are those of one region of the files."""

    rules: Rules
    tally: Tally = field(default_factory=Tally)
    by_body: dict[str, Tally] = field(default_factory=dict)
    used: dict[str, list[float]] = field(default_factory=dict)
    changes: dict[str, dict[int, int]] = field(default_factory=dict)

    def so_far(self, region: str) -> NightSoFar:
        regions = {key: TurnoutChanges(dict(counts)) for key, counts in self.changes.items()}
        regions.setdefault(region, TurnoutChanges())
        return NightSoFar(
            tally=self.tally,
            body_tally=self.by_body.get(region, Tally()),
            used=tuple(self.used.get(region, ())),
            changes=all_changes(regions.values()),
            region_changes=regions[region],
            regions=tuple(regions.values()),
        )

    def add(self, contest: RecordedContest, conditions: Conditions) -> None:
        share = _contribution(contest, conditions, self.rules)
        self.tally = self.tally.plus(share)
        region, known = contest.region, conditions.known
        if self.rules.has_body_tallies:
            self.by_body[region] = self.by_body.get(region, Tally()).plus(share)
        if known.verified_papers and contest.seats > 1:
            good = known.verified_papers - (contest.rejected or 0)
            self.used.setdefault(region, []).append(contest.valid / good / contest.seats)
        counted = _counts(contest, [each.votes for each in contest.candidates])
        change = turnout_change(counted, known, seats=contest.seats)
        if change is not None:
            counts = self.changes.setdefault(region, {})
            counts[round(change * 1000)] = counts.get(round(change * 1000), 0) + 1


def _conditions(
    night: Sequence[RecordedContest],
    last: Mapping[str, RecordedContest],
    knowledge: Knowledge,
    kind: str,
) -> Iterator[tuple[RecordedContest, Conditions]]:
    """Yield each contest with what is known when it declares."""
    declared = _Night(rules_of(kind))
    has_electorate = knowledge not in (Knowledge.VOTES, Knowledge.LAST_VOTES)
    has_last = knowledge not in (Knowledge.VOTES, Knowledge.ELECTORATE)
    is_verified = knowledge is Knowledge.VERIFICATION
    for contest in night:
        before = last.get(contest.key) if has_last else None
        known = Known(
            electorate=contest.electorate if has_electorate else None,
            verified_papers=contest.papers if is_verified else None,
            last=_last_time(before, has_electorate) if before else None,
            night=declared.so_far(contest.region),
        )
        conditions = Conditions(
            seats=contest.seats,
            candidacies=_candidacies(contest),
            known=known,
            thresholds=thresholds_of(kind),
        )
        yield contest, conditions
        declared.add(contest, conditions)


def _last_time(before: RecordedContest, has_electorate: bool) -> LastTime:
    last = before.as_last_time
    return last if has_electorate else replace(last, electorate=None)


def _candidacies(contest: RecordedContest) -> tuple[Candidacy, ...]:
    return tuple(
        Candidacy(id=place, label=candidate.label, name=candidate.name)
        for place, candidate in enumerate(contest.candidates)
    )


def _contribution(contest: RecordedContest, conditions: Conditions, rules: Rules) -> Tally:
    counts = _counts(contest, [candidate.votes for candidate in contest.candidates])
    order = list(counts.votes)
    try:
        outcome = compute_outcome(counts, seats=contest.seats, ballot_order=order)
    except Undecided:
        return Tally()
    last = conditions.known.last
    return compute_contribution(outcome, conditions.candidacies, (), last, rules=rules)


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
    """Swap the figures of the winner and of a candidate behind the first two."""
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
    """Enter another contest's figures here: one already declared, and one still to come."""
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
    own = figures_to_compare(figures)
    needed = min_shared_of_copy(own)
    return needed is not None and len(own & set(others)) >= needed
