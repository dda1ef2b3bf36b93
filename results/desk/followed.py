"""Report the state of a person's requests, and take back one that has no answer yet."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.contrib.auth.models import User

from results.desk import audit
from results.desk.changes import ChangeKind
from results.desk.disagreements import Disagreement, find_disagreements
from results.desk.errors import TakenBack
from results.desk.publishing import SubmitResult
from results.desk.review_items import find_earlier_answer, locked
from results.models import (
    Bulletin,
    Contest,
    Declaration,
    IdempotencyRecord,
    MessageAnswer,
    Notice,
    ReviewItem,
)

CHANGES = Declaration.CHANGES
#: Relations from a bulletin to all that it published, for one query.
PUBLISHED = (
    "contest__election",
    "election",
    "declaration",
    *(f"{name}__replaced_by" for name in ("quote", "photo")),
)


class AnswerState(StrEnum):
    """The state of a request that the desk has answered."""

    WAITING = "in-review"
    DIFFERS = "differs"
    """It waits, and another person's waiting result contradicts it."""
    SET_ASIDE = "set-aside"
    REPLACED = "replaced"
    SUPERSEDED = "superseded"
    """A later one of its sender's own took its place."""
    PUBLISHED = "published"
    UNCHANGED = "unchanged"
    REWORDED = "reworded"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    KEPT = "kept"
    TAKEN_BACK = "taken-back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A request with its present state.

    `at` is when the desk received it or, where there is a `bulletin`, when that was published.
    `later` is the bulletin that reworded, corrected or withdrew it; `item` its item of the review
    queue, and `disagreement` another person's result that contradicts it.
    """

    state: AnswerState
    at: datetime
    contest: Contest | None = None
    bulletin: Bulletin | None = None
    later: Bulletin | None = None
    item: ReviewItem | None = None
    disagreement: Disagreement | None = None


def follow(by: User, keys: Collection[str]) -> dict[str, Followed]:
    """Return the states of this person's requests by idempotency key, without unknown keys.

    Costs a fixed number of queries, one for each publication that was reworded since, and some for
    each result that was withdrawn.
    """
    # PostgreSQL does not allow NUL characters in text.
    texts = [key for key in keys if "\0" not in key]
    lookup: dict[str, Any] = {"by": by, "idempotency_key__in": texts}
    followed: dict[str, Followed] = {}
    for notice in Notice.objects.filter(**lookup).select_related("contest__election"):
        followed[notice.idempotency_key] = Followed(
            state=AnswerState.KEPT, at=notice.created_at, contest=notice.contest
        )
    answers = MessageAnswer.objects.filter(reading__reporter=by, idempotency_key__in=texts)
    for answer in answers:
        followed[answer.idempotency_key] = Followed(state=AnswerState.KEPT, at=answer.written_at)
    records = IdempotencyRecord.objects.filter(**lookup).select_related(
        *(f"bulletin__{name}" for name in PUBLISHED)
    )
    items = ReviewItem.objects.filter(**lookup).select_related(
        "contest__election", "settled_by", *(f"bulletin__{name}" for name in PUBLISHED)
    )
    bulletins = [each.bulletin for each in [*records, *items] if each.bulletin is not None]
    changes = _changes(bulletins)
    for record in records:
        followed[record.idempotency_key] = _of_record(record, changes)
    # An item replaces the record under its sender's key, because its state has more detail.
    disagreements = find_disagreements(items)
    for item in items:
        followed[item.idempotency_key] = _of_item(item, changes, disagreements.get(item.pk))
    return followed


def take_back(contest: Contest, *, by: User, idempotency_key: str) -> SubmitResult | Notice | None:
    """Take back a request that may not have arrived; None if it will never be published.

    If the desk has answered it already, that answer is returned and nothing changes.
    """
    with locked(contest):
        try:
            earlier = find_earlier_answer(by, idempotency_key)
        except TakenBack:
            return None
        if earlier is not None:
            return earlier.answer
        notice = Notice.objects.filter(by=by, idempotency_key=idempotency_key).first()
        if notice is not None:
            return notice
        IdempotencyRecord.objects.create(by=by, idempotency_key=idempotency_key, bulletin=None)
        change = audit.contest_change(ChangeKind.REVIEW, contest, by.pk)
        audit.record_action(by, "taken back", contest=contest, change=change)
    return None


def find_later(bulletin: Bulletin) -> Bulletin | None:
    """Return the newest bulletin that reworded, corrected or withdrew what this one published."""
    return _later(bulletin, _changes([bulletin]))


def _changes(bulletins: Collection[Bulletin]) -> dict[int, list[Bulletin]]:
    """Return the corrections and withdrawals of each contest's result that stand, oldest first."""
    contests = {each.contest_id for each in bulletins if each.declaration_id is not None}
    found = _by_contest(declaration__contest__in=contests, declaration__kind__in=CHANGES)
    withdrawn = [contest for contest, rows in found.items() if any(map(_is_withdrawal, rows))]
    if withdrawn:
        for contest, rows in _by_contest(declaration__contest__in=withdrawn).items():
            found[contest] = [
                row for row in _without_undone(rows) if _declaration(row).kind in CHANGES
            ]
    return found


def _by_contest(**lookup: Any) -> dict[int, list[Bulletin]]:
    rows = Bulletin.objects.filter(**lookup).select_related("declaration").order_by("sequence")
    found: dict[int, list[Bulletin]] = {}
    for row in rows:
        found.setdefault(row.contest_id or 0, []).append(row)
    return found


def _without_undone(rows: Collection[Bulletin]) -> list[Bulletin]:
    """Leave out each withdrawal whose result was published again, with the same figures."""
    standing: list[Bulletin] = []
    for row in rows:
        is_restored = (
            len(standing) > 1
            and _is_withdrawal(standing[-1])
            and _declaration(standing[-2]).ballot_counts == _declaration(row).ballot_counts
        )
        if is_restored:
            standing.pop()
        else:
            standing.append(row)
    return standing


def _is_withdrawal(row: Bulletin) -> bool:
    return _declaration(row).withdrawn


def _declaration(row: Bulletin) -> Declaration:
    assert row.declaration is not None
    return row.declaration


def _of_record(record: IdempotencyRecord, changes: dict[int, list[Bulletin]]) -> Followed:
    if record.bulletin is None:
        return Followed(state=AnswerState.TAKEN_BACK, at=record.created_at)
    state = AnswerState.UNCHANGED if record.unchanged else AnswerState.PUBLISHED
    return _of_bulletin(record.bulletin, changes, state)


def _of_item(
    item: ReviewItem, changes: dict[int, list[Bulletin]], disagreement: Disagreement | None
) -> Followed:
    if item.bulletin is not None:
        return _of_bulletin(item.bulletin, changes, AnswerState.PUBLISHED, item)
    states = {
        ReviewItem.State.DECLINED: AnswerState.SET_ASIDE,
        ReviewItem.State.REPLACED: AnswerState.REPLACED,
    }
    waiting = AnswerState.DIFFERS if disagreement else AnswerState.WAITING
    state = states.get(ReviewItem.State(item.state), waiting)
    if state == AnswerState.REPLACED and item.settled_by_id == item.by_id:
        state = AnswerState.SUPERSEDED
    return Followed(
        state=state,
        at=item.settled_at or item.created_at,
        contest=item.contest,
        item=item,
        disagreement=disagreement,
    )


def _of_bulletin(
    bulletin: Bulletin,
    changes: dict[int, list[Bulletin]],
    state: AnswerState,
    item: ReviewItem | None = None,
) -> Followed:
    later = _later(bulletin, changes)
    if later is not None:
        state = _state_since(later)
    return Followed(
        state=state,
        at=bulletin.published_at,
        contest=bulletin.contest,
        bulletin=bulletin,
        later=later,
        item=item,
    )


def _later(bulletin: Bulletin, changes: dict[int, list[Bulletin]]) -> Bulletin | None:
    """Return the newest bulletin that changed what this one published; None if there is none."""
    if bulletin.declaration is not None:
        since = [
            each
            for each in changes.get(bulletin.contest_id or 0, ())
            if each.declaration is not None
            and each.declaration.revision > bulletin.declaration.revision
        ]
        return since[-1] if since else None
    publication = bulletin.publication
    if publication is None or publication.is_current or publication.withdrawn:
        return None
    newest = publication.newest
    return Bulletin.objects.filter(election=bulletin.election_id, sequence=newest.sequence).first()


def _state_since(later: Bulletin) -> AnswerState:
    if later.declaration is not None:
        withdrawn = later.declaration.kind == Declaration.Kind.WITHDRAWAL
        return AnswerState.WITHDRAWN if withdrawn else AnswerState.CORRECTED
    publication = later.publication
    gone = publication is not None and publication.withdrawn
    return AnswerState.WITHDRAWN if gone else AnswerState.REWORDED
