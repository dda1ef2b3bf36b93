"""Requests to publish a revision of a contest's result, and their checks under the night's lock."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from results.arithmetic import (
    BLOCK,
    BallotCounts,
    Method,
    ValidationMessage,
    check_unopposed,
    clean_text,
)
from results.arithmetic.decisions import KeyState, PublishedState, RevisionKind, Situation
from results.arithmetic.declaration_times import check_declared_at, time_as_sent
from results.desk import reversals
from results.desk.ballot_papers import names_of, require_same_ballot_paper
from results.desk.checks import check, following_totals, same_figures_as
from results.desk.errors import ValidationRefused
from results.desk.intents import Intent
from results.desk.publishing import EarlierAnswer, party_names_of
from results.desk.regions import with_constituencies
from results.live.published_details import is_incomplete
from results.live.seat import Seat, with_results
from results.models import Contest, Declaration, Night, ReviewItem, Standing
from results.words.ballot_papers import Names

#: Kinds that begin a contest's entry in the feed.
FIRST = (
    Declaration.Kind.DECLARATION,
    Declaration.Kind.WINNER_ONLY,
    Declaration.Kind.UNOPPOSED,
)
#: Kinds that copy neither a time nor a source from the revision before.
BEGINNINGS = (*FIRST, Declaration.Kind.INCOMPLETE)
#: Kinds that may follow incomplete totals, and are corrections where they change one of them.
AFTER_TOTALS = (
    Declaration.Kind.DECLARATION,
    Declaration.Kind.WINNER_ONLY,
    Declaration.Kind.INCOMPLETE,
)

#: Names of kinds in fingerprints, which are compared with those of earlier releases.
FINGERPRINT_NAMES = {
    Declaration.Kind.DECLARATION: "result",
    Declaration.Kind.UPDATE: "result",
    Declaration.Kind.WINNER_ONLY: "flash",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionRequest:
    """A request to publish one revision: everything but its ballot counts.

    `base_revision` is the revision that the form was opened at, 0 for none. `declared_at` is when
    the result was read out, as typed: None means not known, or as published before. Where it is
    None, `sent_at` is used instead: when a form without a time left its phone. Readers see `reason`
    beside a correction or withdrawal; `note` is for the newsroom. `warning_reason` accepts the
    checks' warnings, except that an update contradicts the published result: `reason` accepts that,
    and the update is published as a correction. `names` are compared with the present ballot paper,
    so that no vote is published under another name than the one it was entered for.

    Raises ValidationRefused for a correction or withdrawal without a reason.
    """

    kind: Declaration.Kind
    by: User
    idempotency_key: str
    base_revision: int = 0
    declared_at: datetime | None = None
    sent_at: datetime | None = None
    recount: bool = False
    source: str = ""
    reason: str = ""
    blame: str = ""
    note: str = ""
    warning_reason: str = ""
    #: Codes of the warnings that the sender was shown, and gave the reason for; None for all.
    seen_warnings: frozenset[str] | None = None
    #: Whether the figures are from an official file, whose impossible sums are published.
    from_file: bool = False
    #: Whether a reporter sends it although the night is closed, for the desk to decide.
    knows_closed: bool = False
    #: The ballot paper that the form showed: names by candidate id; None where it was not sent.
    names: Names | None = None
    #: Whether names are compared where the same figures are published already, too: a program's
    #: are its own reading of the ballot paper, and no page that was opened before a renaming.
    always_compares_names: bool = False
    #: The person who published it, if other than its sender.
    approved_by: User | None = None
    #: The person whose request or result an editor publishes as this correction.
    asked_by: User | None = None

    def __post_init__(self) -> None:
        for name in ("source", "reason", "note", "warning_reason"):
            object.__setattr__(self, name, clean_text(getattr(self, name)))
        if self.kind in Declaration.CHANGES and not self.reason:
            raise ValidationRefused([ValidationMessage("reason_missing", BLOCK, "reason")])

    def intent(self, contest: Contest, ballot_counts: BallotCounts | None) -> Intent:
        """Return the intent, which distinguishes a repetition from another request with the key.

        A declaration and an update are equal: a phone that sends full counts again does not know
        whether a winner was published in between. Their time is left out, since a phone only
        sends for how long it held the counts back. A change has all details, because an editor
        types each of them.
        """
        asked = {
            "act": FINGERPRINT_NAMES.get(self.kind, self.kind),
            "contest": contest.pk,
            "figures": ballot_counts.to_json() if ballot_counts else None,
            "reason": self.reason,
        }
        if self.kind not in Declaration.CHANGES:
            return Intent(asked)
        names = ("declared_at", "blame", "note", "warning_reason")
        return Intent(asked | {name: getattr(self, name) for name in names}, [asked])


@dataclass(frozen=True, kw_only=True)
class CheckedRequest:
    """A request that was checked against the contest under the night's lock.

    `ballot_counts` are those to publish: the ones `asked` for, completed by published totals.
    """

    seat: Seat
    asked: BallotCounts | None
    ballot_counts: BallotCounts | None
    request: RevisionRequest
    messages: tuple[ValidationMessage, ...]

    @cached_property
    def kind(self) -> Declaration.Kind:
        """The kind of the revision; a correction for an update that contradicts the result."""
        kind = self.request.kind
        follows = kind in AFTER_TOTALS and self.seat.is_incomplete
        if (kind == Declaration.Kind.UPDATE or follows) and self._takes_back:
            return Declaration.Kind.CORRECTION
        return kind

    @property
    def _takes_back(self) -> bool:
        return any(message.code in reversals.CODES for message in self.messages)

    @cached_property
    def intent(self) -> Intent:
        return self.request.intent(self.seat.contest, self.asked)

    def key_state(self, earlier: EarlierAnswer[Any] | None) -> KeyState:
        """Compare the request with the one that used the same key before."""
        if earlier is None:
            return KeyState.NEW
        same = self.intent.matches(earlier.fingerprint)
        return KeyState.SAME_REQUEST if same else KeyState.OTHER_REQUEST

    def require_same_ballot_paper(self) -> None:
        """Raise BallotPaperChanged where the form showed other names."""
        require_same_ballot_paper(self.seat, self.request.names)

    @property
    def declared_at(self) -> datetime | None:
        """The time of the declaration: as typed, else when it was sent, else None."""
        request = self.request
        if request.declared_at or request.sent_at is None:
            return request.declared_at
        polls_close = self.seat.contest.election.polls_close
        return time_as_sent(request.sent_at, polls_close=polls_close, now=timezone.now())

    @property
    def situation(self) -> Situation:
        """The situation for `decide`, for a new key and one person's request."""
        return Situation(
            kind=RevisionKind(self.kind),
            published=published_state(self.seat),
            unchanged=self._is_published(),
            overtaken=self.seat.standing.revision != self.request.base_revision,
            messages=self.messages,
            has_reason=self._has_reasons(),
        )

    def _has_reasons(self) -> bool:
        """Whether each message that needs a reason has one, for readers or for the desk."""
        asked = {message.code for message in self.messages if message.asks}.difference(
            reversals.CODES
        )
        if self._takes_back and not self.request.reason:
            return False
        seen = self.request.seen_warnings
        is_for_all = seen is None or asked <= seen
        return not asked or (bool(self.request.warning_reason) and is_for_all)

    def _is_published(self) -> bool:
        """Whether the contest's published result is the same already."""
        is_correction = self.request.kind == Declaration.Kind.CORRECTION
        declared_at = self.request.declared_at if is_correction else None
        return is_published(self.seat, self.ballot_counts, declared_at=declared_at)


def is_published(
    seat: Seat, ballot_counts: BallotCounts | None, *, declared_at: datetime | None = None
) -> bool:
    """Whether the contest's published result is the same, at this time if one is given."""
    declaration = seat.declaration
    if ballot_counts is None or declaration is None or not seat.is_published:
        return False
    return declared_at in (None, declaration.declared_at) and same_result(
        ballot_counts,
        declaration.ballot_counts,
        as_declared=seat.system.method is Method.DECLARED,
    )


def completed(seat: Seat, ballot_counts: BallotCounts) -> BallotCounts:
    """Return the counts with published totals and a region's constituencies filled in."""
    return with_constituencies(seat, following_totals(seat, ballot_counts))


def check_request(
    night: Night, contest: Contest, ballot_counts: BallotCounts | None, request: RevisionRequest
) -> CheckedRequest:
    """Read the contest again and run every check on the request, under the night's lock."""
    asked, seat = ballot_counts, read_seat(night, contest, ballot_counts)
    if ballot_counts is not None:
        ballot_counts = completed(seat, ballot_counts)
    messages: tuple[ValidationMessage, ...] = ()
    if request.kind == Declaration.Kind.UNOPPOSED:
        messages = check_unopposed(
            ballot_counts or BallotCounts(),
            [candidacy.id for candidacy in seat.contest.candidacies],
            seat.contest.seats,
        )
    elif ballot_counts is not None:
        incomplete = _is_incomplete(seat, ballot_counts, request)
        as_declared = seat.system.method is Method.DECLARED
        winner_only = request.kind == Declaration.Kind.WINNER_ONLY or (
            (request.kind == Declaration.Kind.CORRECTION or as_declared)
            and not ballot_counts.complete
        )
        messages = (
            *check(
                seat,
                ballot_counts,
                winner_only=winner_only,
                incomplete=incomplete,
                typed=not request.from_file,
                night=night,
            ),
            *_check_time(seat, request),
        )
    return CheckedRequest(
        seat=seat, asked=asked, ballot_counts=ballot_counts, request=request, messages=messages
    )


def _is_incomplete(seat: Seat, ballot_counts: BallotCounts, request: RevisionRequest) -> bool:
    """Whether the request is for incomplete totals, or corrects such."""
    if request.kind == Declaration.Kind.CORRECTION:
        return seat.is_incomplete and is_incomplete(seat, ballot_counts)
    return request.kind == Declaration.Kind.INCOMPLETE


def _check_time(seat: Seat, request: RevisionRequest) -> tuple[ValidationMessage, ...]:
    """Check the request's time, unless it is published already.

    It is skipped while polls are open, because the check of the close of poll fails then.
    """
    published = seat.declaration.declared_at if seat.declaration else None
    now, polls_close = timezone.now(), seat.contest.election.polls_close
    if request.declared_at == published or now < polls_close:
        return ()
    return check_declared_at(request.declared_at, polls_close=polls_close, now=now)


def same_result(first: BallotCounts, second: BallotCounts, *, as_declared: bool = False) -> bool:
    """Whether two results are equal, whatever the order of their parts.

    Once every vote is known the votes decide who won, so that announced winners are left out,
    except under the method DECLARED.
    """

    def plain(ballot_counts: BallotCounts) -> BallotCounts:
        by_votes = ballot_counts.complete and not as_declared
        winners = () if by_votes else tuple(sorted(ballot_counts.winners))
        lot = tuple(sorted(ballot_counts.lot))
        stages = dict(ballot_counts.stages) if ballot_counts.stages else None
        return replace(
            ballot_counts,
            votes=dict(ballot_counts.votes),
            winners=winners,
            lot=lot,
            stages=stages,
            constituencies=None,
        )

    return plain(first) == plain(second)


def read_seat(night: Night, contest: Contest, ballot_counts: BallotCounts | None = None) -> Seat:
    """Read the contest under the night's lock; with counts, also a contest with the same ones."""
    read = with_results(Contest.objects.filter(pk=contest.pk))
    if ballot_counts is not None:
        read = read.annotate(same_figures_as=same_figures_as(ballot_counts))
    current = read.get()
    if not hasattr(current, "standing"):
        Standing.objects.create(contest=current)
    return Seat(current, party_names_of(night))


def published_state(seat: Seat) -> PublishedState:
    standing = seat.standing
    if standing.status == Standing.Status.POSTPONED:
        return PublishedState.POSTPONED
    if standing.status == Standing.Status.UNOPPOSED:
        return PublishedState.UNOPPOSED
    if seat.is_incomplete:
        return PublishedState.INCOMPLETE
    if not standing.has_result:
        return PublishedState.NOTHING
    return PublishedState.WINNER_ONLY if seat.to_be_completed else PublishedState.FULL


def queued_request(item: ReviewItem) -> RevisionRequest:
    """Return the request of a queued review item, in its sender's name."""
    content = item.content
    kind = Declaration.Kind(content["act"])
    is_first = kind != Declaration.Kind.UPDATE
    declared_at, sent_at = _moment(content["declared_at"]), _moment(content.get("sent_at"))
    return RevisionRequest(
        kind=kind,
        by=item.by,
        idempotency_key=item.idempotency_key,
        base_revision=content["base_revision"],
        declared_at=declared_at if is_first else None,
        sent_at=(sent_at or item.created_at) if is_first else None,
        recount=content["recount"],
        source=content["source"],
        reason=content.get("reason", ""),
        warning_reason=content["warning_reason"],
        names=names_of(item),
    )


def queued_intent(item: ReviewItem) -> Intent:
    """Return the intent of the request that queued a result."""
    content = item.content
    asked = {
        "act": FINGERPRINT_NAMES.get(content["act"], content["act"]),
        "contest": item.contest_id,
        "figures": BallotCounts.from_json(content["figures"]).to_json(),
        "reason": content.get("reason", ""),
    }
    return Intent(asked)


def _moment(stored: str | None) -> datetime | None:
    return datetime.fromisoformat(stored) if stored else None
