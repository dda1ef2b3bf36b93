"""Decisions on a request to publish a result, for every combination of facts."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from itertools import product
from typing import Any

import pytest

from results.arithmetic import BLOCK, NOTE, REASON, ValidationMessage
from results.arithmetic.decisions import (
    Decision,
    Hold,
    KeyState,
    NightState,
    Pair,
    Publish,
    PublishedState,
    Refusal,
    Refuse,
    Repeat,
    RevisionKind,
    SecondPersonRule,
    Situation,
    decide,
)

BLOCKED = (ValidationMessage("votes_missing", BLOCK, "votes-1"),)
NOTED = (ValidationMessage("close", NOTE, ""),)
WARNED = (ValidationMessage("turnout_far", REASON, ""), *NOTED)
FINE: tuple[ValidationMessage, ...] = ()
MATCHING = 7
VALUES: dict[str, tuple[Any, ...]] = {
    "kind": tuple(RevisionKind),
    "published": tuple(PublishedState),
    "key": tuple(KeyState),
    "unchanged": (False, True),
    "overtaken": (False, True),
    "messages": (FINE, NOTED, WARNED, BLOCKED),
    "has_reason": (False, True),
    "rule": tuple(SecondPersonRule),
    "matching_item": (None, MATCHING),
    "contradicted": (False, True),
    "own_item_waits": (False, True),
    "night": tuple(NightState),
}

NOTHING, POSTPONED = PublishedState.NOTHING, PublishedState.POSTPONED
WINNER_ONLY, FULL = PublishedState.WINNER_ONLY, PublishedState.FULL
DECLARATION, WINNER, UPDATE = (
    RevisionKind.DECLARATION,
    RevisionKind.WINNER_ONLY,
    RevisionKind.UPDATE,
)
INCOMPLETE, SOME = RevisionKind.INCOMPLETE, PublishedState.INCOMPLETE
CORRECTION, WITHDRAWAL = RevisionKind.CORRECTION, RevisionKind.WITHDRAWAL
CLOSED_AND_KNOWN = NightState.CLOSED_AND_KNOWN
NEVER, ASKED, ALWAYS = SecondPersonRule.NEVER, SecondPersonRule.ASKED, SecondPersonRule.ALWAYS


@dataclass(frozen=True)
class Row:
    """One row of the table: values that a situation must have, and the decision then."""

    decision: Decision
    when: dict[str, tuple[Any, ...]]

    def applies_to(self, situation: Situation) -> bool:
        return all(getattr(situation, name) in allowed for name, allowed in self.when.items())


def row(decision: Decision, **when: Any) -> Row:
    """A row; a tuple stands for any of its values, except for `messages`."""
    many = {
        name: value if isinstance(value, tuple) and name != "messages" else (value,)
        for name, value in when.items()
    }
    return Row(decision, many)


#: The first row that applies decides. What a row does not mention may have any value.
TABLE = (
    row(Repeat(), key=KeyState.SAME_REQUEST),
    row(Refuse(Refusal.KEY_REUSED), key=KeyState.OTHER_REQUEST),
    row(Repeat(stored=False), unchanged=True),
    row(Refuse(Refusal.STALE), overtaken=True),
    # What may follow what is published.
    row(
        Refuse(Refusal.UNOPPOSED),
        kind=(DECLARATION, WINNER, INCOMPLETE, UPDATE, CORRECTION, RevisionKind.UNOPPOSED),
        published=PublishedState.UNOPPOSED,
    ),
    row(
        Refuse(Refusal.RESULT_EXISTS),
        kind=(DECLARATION, RevisionKind.UNOPPOSED),
        published=(WINNER_ONLY, FULL),
    ),
    row(Refuse(Refusal.WINNER_AFTER_RESULT), kind=WINNER, published=(WINNER_ONLY, FULL)),
    row(Refuse(Refusal.TOTALS_AFTER_RESULT), kind=INCOMPLETE, published=(WINNER_ONLY, FULL)),
    row(Refuse(Refusal.TOTALS_EXIST), kind=RevisionKind.UNOPPOSED, published=SOME),
    row(Refuse(Refusal.NOTHING_TO_COMPLETE), kind=UPDATE, published=(NOTHING, POSTPONED, SOME)),
    row(Refuse(Refusal.RESULT_EXISTS), kind=UPDATE, published=FULL),
    row(
        Refuse(Refusal.NOTHING_TO_CHANGE),
        kind=(CORRECTION, WITHDRAWAL),
        published=(NOTHING, POSTPONED),
    ),
    row(Refuse(Refusal.POSTPONED), published=POSTPONED),
    row(Refuse(Refusal.CLOSED), night=NightState.CLOSED),
    # What the checks say.
    row(Refuse(Refusal.INVALID), messages=BLOCKED),
    row(Refuse(Refusal.INVALID), messages=WARNED, has_reason=False),
    # Whose word is enough.
    row(Hold(replaces_own=True), night=CLOSED_AND_KNOWN, own_item_waits=True),
    row(Hold(), night=CLOSED_AND_KNOWN),
    row(Publish(), rule=NEVER),
    row(Pair(MATCHING), matching_item=MATCHING),
    row(Publish(), rule=ASKED, messages=FINE, contradicted=False),
    row(Publish(), rule=ASKED, messages=NOTED, contradicted=False),
    row(Hold(replaces_own=True), own_item_waits=True),
    row(Hold()),
)


def situations() -> Iterator[Situation]:
    """Every combination; of a used key and of a contest at another revision, on an open night."""
    for values in product(*VALUES.values()):
        facts = dict(zip(VALUES, values, strict=True))
        is_new = facts["key"] is KeyState.NEW and not facts["overtaken"]
        if is_new or facts["night"] is NightState.OPEN:
            yield Situation(**facts)


@pytest.mark.parametrize("night", NightState)
def test_first_answers_and_conflicts_are_the_same_once_the_night_is_closed(
    night: NightState,
) -> None:
    assert decide(situation(night=night, key=KeyState.SAME_REQUEST)) == Repeat()
    assert decide(situation(night=night, key=KeyState.OTHER_REQUEST)) == Refuse(Refusal.KEY_REUSED)
    assert decide(situation(night=night, overtaken=True)) == Refuse(Refusal.STALE)


def test_lists_every_fact_that_a_decision_depends_on() -> None:
    assert [field.name for field in fields(Situation)] == list(VALUES)


def test_decides_every_combination_by_the_first_row_that_applies() -> None:
    used = set()
    for situation in situations():
        number, expected = next(
            (number, row.decision) for number, row in enumerate(TABLE) if row.applies_to(situation)
        )
        used.add(number)
        assert decide(situation) == expected, situation
    assert used == set(range(len(TABLE)))


def situation(**facts: Any) -> Situation:
    return Situation(**{"kind": DECLARATION, "published": NOTHING} | facts)


@pytest.mark.parametrize(
    ("kind", "published"),
    [
        (DECLARATION, NOTHING),
        (WINNER, NOTHING),
        (INCOMPLETE, NOTHING),
        (INCOMPLETE, SOME),
        (WINNER, SOME),
        (DECLARATION, SOME),
        (CORRECTION, SOME),
        (WITHDRAWAL, SOME),
        (UPDATE, WINNER_ONLY),
        (CORRECTION, WINNER_ONLY),
        (CORRECTION, FULL),
        (WITHDRAWAL, WINNER_ONLY),
        (WITHDRAWAL, FULL),
    ],
)
def test_publishes_on_one_persons_word_without_a_rule(
    kind: RevisionKind, published: PublishedState
) -> None:
    assert decide(situation(kind=kind, published=published)) == Publish()


@pytest.mark.parametrize("rule", SecondPersonRule)
@pytest.mark.parametrize("messages", [FINE, WARNED])
def test_never_publishes_a_new_request_alone_where_the_rule_asks_for_two(
    rule: SecondPersonRule, messages: tuple[ValidationMessage, ...]
) -> None:
    decision = decide(situation(rule=rule, messages=messages, has_reason=True))
    needs_two = rule == ALWAYS or (rule == ASKED and messages == WARNED)
    assert decision == (Hold() if needs_two else Publish())


def test_answers_a_repeated_key_whatever_has_happened_since() -> None:
    facts = {"published": FULL, "overtaken": True, "messages": BLOCKED, "rule": ALWAYS}
    assert decide(situation(key=KeyState.SAME_REQUEST, **facts)) == Repeat()


def test_pairs_with_a_colleague_before_replacing_ones_own_item() -> None:
    facts = {"rule": ALWAYS, "matching_item": MATCHING, "own_item_waits": True}
    assert decide(situation(**facts)) == Pair(MATCHING)


def test_an_invalid_request_is_not_held() -> None:
    decision = decide(situation(rule=ALWAYS, messages=WARNED, has_reason=False))
    assert decision == Refuse(Refusal.INVALID)
