"""Convert a result sent by another system to the publishing API's types."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User

from results import desk
from results.api.write_schemas import Result
from results.arithmetic import BLOCK, REASON, BallotCounts, ValidationMessage, clean_text
from results.desk.checks import check
from results.live.seat import Seat
from results.models import Declaration
from results.words.ballot_papers import names_as_json

#: Kinds of revisions by the kind sent; a result is an update if one is published already.
KINDS = {
    "result": Declaration.Kind.DECLARATION,
    "winner_only": Declaration.Kind.WINNER_ONLY,
    "incomplete": Declaration.Kind.INCOMPLETE,
}


def ballot_counts_of(seat: Seat, result: Result) -> BallotCounts:
    """The ballot counts. Raises ValidationRefused for unknown and for repeated ids."""
    sent = [row.candidate for row in result.votes]
    voted_for = [candidacy.id for candidacy in seat.voted_for]
    winner_only = result.kind == "winner_only"
    _require_known(seat.candidate_names, "winners", result.winners)
    _require_known(seat.candidate_names, "lot", result.lot)
    _require_known(seat.candidate_names, "stages", [row.candidate for row in result.stages])
    _require_known(voted_for, "votes", sent)
    missing = [pk for pk in voted_for if pk not in sent]
    if missing and not winner_only and result.kind != "incomplete":
        raise desk.ValidationRefused([about("candidate_missing", "votes", pk) for pk in missing])
    votes = dict.fromkeys(seat.candidate_names if winner_only else voted_for)
    return BallotCounts(
        votes={**votes, **{row.candidate: row.votes for row in result.votes}},
        rejected=result.rejected,
        electorate=result.electorate,
        turnout_announced=result.turnout_announced,
        valid_announced=result.valid_announced,
        papers=result.papers,
        lot=tuple(result.lot),
        winners=tuple(result.winners),
        stages={row.candidate: row.stage for row in result.stages} or None,
        quota=result.quota,
    )


def _require_known(known: Iterable[int], field: str, sent: Iterable[int]) -> None:
    known, counted = set(known), Counter(sent)
    wrong = [about("no_such_candidate", field, pk) for pk in counted if pk not in known]
    wrong += [about("candidate_twice", field, pk) for pk, times in counted.items() if times > 1]
    if wrong:
        raise desk.ValidationRefused(wrong)


def about(code: str, field: str, pk: int) -> ValidationMessage:
    return ValidationMessage(code, BLOCK, field, {"candidate": str(pk)})


def revision_request(
    seat: Seat, result: Result, *, by: User, idempotency_key: str
) -> desk.RevisionRequest:
    kind = KINDS[result.kind]
    if kind is Declaration.Kind.DECLARATION and seat.has_result:
        kind = Declaration.Kind.UPDATE
    is_first = kind is not Declaration.Kind.UPDATE
    return desk.RevisionRequest(
        kind=kind,
        by=by,
        idempotency_key=idempotency_key,
        base_revision=result.base_revision,
        declared_at=result.declared_at if is_first else None,
        recount=result.recount,
        source=result.source,
        reason=result.reason,
        warning_reason=result.warning_reason,
        names=shown_names(seat, result),
        always_compares_names=True,
        # Its refusal asks a reporter whether to send it all the same, which no program can say.
        knows_closed=True,
    )


def shown_names(seat: Seat, result: Result) -> dict[int, str] | None:
    """The ballot paper as the sender saw it: names sent, else present ones; None without any."""
    sent = {row.candidate: row.name for row in result.votes if row.name is not None}
    return {**seat.candidate_names, **sent} if sent else None


def correction_content(seat: Seat, result: Result) -> dict[str, Any]:
    """The content of a requested correction.

    Raises ValidationRefused for impossible counts, and without a reason for readers.
    """
    counts = ballot_counts_of(seat, result)
    refused = [message for message in check(seat, counts) if message.level == BLOCK]
    if not clean_text(result.reason):
        refused.append(ValidationMessage("reason_missing", REASON, "reason"))
    if refused:
        raise desk.ValidationRefused(refused)
    return {
        "figures": counts.to_json(),
        "base_revision": result.base_revision,
        "reason": result.reason,
        "names": names_as_json(shown_names(seat, result) or seat.candidate_names),
        **({"warning_reason": result.warning_reason} if result.warning_reason else {}),
        **({"declared_at": result.declared_at.isoformat()} if result.declared_at else {}),
    }
