"""Decide whether to publish, queue or refuse a result, from the facts read under the lock.

`decide` is pure: it reads no database. The publishing API collects the `Situation` and
carries the decision out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum, auto

from results.arithmetic.messages import BLOCK, ValidationMessage


class RevisionKind(StrEnum):
    """The kinds of revision of a contest's result."""

    DECLARATION = "declaration"
    WINNER_ONLY = "winner_only"
    UPDATE = "update"
    """Every candidate's votes, for a contest whose winner is published already."""
    CORRECTION = "correction"
    WITHDRAWAL = "withdrawal"
    UNOPPOSED = "unopposed"
    """Everybody who stands is elected without a poll."""
    INCOMPLETE = "incomplete"
    """Some candidates' votes and no winner: no result, and in no tally."""


class PublishedState(Enum):
    """The state of a contest's result as readers see it."""

    NOTHING = auto()
    POSTPONED = auto()
    """Nothing, and none is expected: the poll is postponed."""
    WINNER_ONLY = auto()
    FULL = auto()
    UNOPPOSED = auto()
    """Everybody who stood, without votes: it can be withdrawn, and there is nothing to correct."""
    INCOMPLETE = auto()
    """Some totals, which more totals, a winner or a result may follow."""


class SecondPersonRule(StrEnum):
    """The cases in which an election asks for a second person before a result is published."""

    NEVER = "never"
    ASKED = "asked"
    """Where a check asks for a reason."""
    ALWAYS = "always"


class KeyState(Enum):
    """Whether this person has used the request's idempotency key before."""

    NEW = auto()
    SAME_REQUEST = auto()
    OTHER_REQUEST = auto()


class NightState(Enum):
    """Whether the night is closed for this request: never for an editor's, or a file's."""

    OPEN = auto()
    CLOSED = auto()
    CLOSED_AND_KNOWN = auto()
    """The sender knows, and sends it for the desk to decide."""


class Refusal(Enum):
    """The reason for which a request is refused."""

    KEY_REUSED = auto()
    STALE = auto()
    """Another revision was published after the form was opened."""
    RESULT_EXISTS = auto()
    WINNER_AFTER_RESULT = auto()
    NOTHING_TO_COMPLETE = auto()
    NOTHING_TO_CHANGE = auto()
    POSTPONED = auto()
    UNOPPOSED = auto()
    CLOSED = auto()
    """The night is closed, which the sender did not know."""
    TOTALS_AFTER_RESULT = auto()
    TOTALS_EXIST = auto()
    """Some totals of a poll are published where none is said to be held."""
    INVALID = auto()
    """A check blocks, or asks for a reason and none is given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """A request to publish a result, and everything that its treatment depends on.

    `unchanged`: the request equals what is published already. `overtaken`: the contest is at
    another revision than the one that the request was made for. `messages` are those of the checks,
    and `has_reason` says whether the request gives the reason that they ask for. `matching_item` is
    the id of a waiting result of somebody else's that agrees with this one; `contradicted` says
    whether one waits that this one contradicts.
    """

    kind: RevisionKind
    published: PublishedState
    key: KeyState = KeyState.NEW
    unchanged: bool = False
    overtaken: bool = False
    messages: Sequence[ValidationMessage] = ()
    has_reason: bool = False
    rule: SecondPersonRule = SecondPersonRule.NEVER
    matching_item: int | None = None
    contradicted: bool = False
    own_item_waits: bool = False
    night: NightState = NightState.OPEN


@dataclass(frozen=True, slots=True)
class Publish:
    """Publish the request as the contest's next revision."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Publish the waiting `item`: two people entered the same independently."""

    item: int


@dataclass(frozen=True, slots=True)
class Hold:
    """Queue the request for a second person, in place of the sender's earlier one if any."""

    replaces_own: bool = False


@dataclass(frozen=True, slots=True)
class Repeat:
    """Write nothing and answer as before.

    With `stored` the key has an answer already; without, the answer is what is published.
    """

    stored: bool = True


@dataclass(frozen=True, slots=True)
class Refuse:
    """Write nothing and report why."""

    why: Refusal


Decision = Publish | Pair | Hold | Repeat | Refuse


def decide(situation: Situation) -> Decision:
    """Return the decision for a request to publish: the first of these that applies.

    A used key gets its first answer; what is published already is not published again; a request
    made for an earlier revision, of a kind that cannot follow what is published, or that fails the
    checks is refused, and so is one made before the night was closed. Once it is closed the desk
    alone decides. Two who enter the same confirm each other. Else the election's rule says whether
    one person's word is enough.
    """
    if situation.key is KeyState.SAME_REQUEST:
        return Repeat()
    if situation.key is KeyState.OTHER_REQUEST:
        return Refuse(Refusal.KEY_REUSED)
    if situation.unchanged:
        return Repeat(stored=False)
    if situation.overtaken:
        return Refuse(Refusal.STALE)
    refusal = forbidden(situation.kind, situation.published)
    if refusal is not None:
        return Refuse(refusal)
    if situation.night is NightState.CLOSED:
        return Refuse(Refusal.CLOSED)
    if not _accepted(situation.messages, has_reason=situation.has_reason):
        return Refuse(Refusal.INVALID)
    if situation.night is NightState.CLOSED_AND_KNOWN:
        return Hold(replaces_own=situation.own_item_waits)
    if situation.matching_item is not None and situation.rule != SecondPersonRule.NEVER:
        return Pair(situation.matching_item)
    if not _needs_second_person(situation):
        return Publish()
    return Hold(replaces_own=situation.own_item_waits)


def forbidden(kind: RevisionKind, published: PublishedState) -> Refusal | None:
    """Return the refusal of this kind of revision after what is published; None if allowed."""
    is_empty = published in (PublishedState.NOTHING, PublishedState.POSTPONED)
    has_result = not is_empty and published is not PublishedState.INCOMPLETE
    if published is PublishedState.UNOPPOSED and kind != RevisionKind.WITHDRAWAL:
        return Refusal.UNOPPOSED
    if kind in (RevisionKind.DECLARATION, RevisionKind.UNOPPOSED) and has_result:
        return Refusal.RESULT_EXISTS
    if kind == RevisionKind.WINNER_ONLY and has_result:
        return Refusal.WINNER_AFTER_RESULT
    if kind == RevisionKind.INCOMPLETE and has_result:
        return Refusal.TOTALS_AFTER_RESULT
    if kind == RevisionKind.UNOPPOSED and not is_empty:
        return Refusal.TOTALS_EXIST
    if kind == RevisionKind.UPDATE and published is not PublishedState.WINNER_ONLY:
        return Refusal.RESULT_EXISTS if has_result else Refusal.NOTHING_TO_COMPLETE
    if kind in (RevisionKind.CORRECTION, RevisionKind.WITHDRAWAL) and is_empty:
        return Refusal.NOTHING_TO_CHANGE
    return Refusal.POSTPONED if published is PublishedState.POSTPONED else None


def _accepted(messages: Sequence[ValidationMessage], *, has_reason: bool) -> bool:
    """Whether no message blocks, and a reason is given if one asks for it. Notes ask nothing."""
    if any(message.level == BLOCK for message in messages):
        return False
    return has_reason or not any(message.asks for message in messages)


def _needs_second_person(situation: Situation) -> bool:
    """Whether the rule asks for a second person; under ASKED, for contradictions as well."""
    if situation.rule == SecondPersonRule.ASKED:
        return situation.contradicted or any(message.asks for message in situation.messages)
    return situation.rule == SecondPersonRule.ALWAYS
