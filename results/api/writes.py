"""Publishing for other systems: the same publishing API, checks and second person as for people."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Annotated, Any

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest
from ninja import Header, Path, Router, Status as Answered
from ninja.errors import ValidationError

from results import desk
from results.api import schemas, write_schemas as sent
from results.api.results_sent import (
    about,
    ballot_counts_of,
    correction_content,
    revision_request,
    shown_names,
)
from results.api.slugs import ContestSlug, ElectionSlug
from results.api.tokens import Token, require
from results.desk.ballot_papers import require_same_ballot_paper
from results.live.seat import Seat, read_seats
from results.models import (
    ApiToken,
    Contest,
    Election,
    Headline,
    ReviewItem,
    Standing,
    contest_at,
)
from results.reader.priority import staff_requests
from results.reader.public import public_election
from results.words.typed_times import UnreadableTime, read_night_time

#: Printable ASCII: what every proxy passes on as it is.
Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=64,
        pattern=r"^[!-~]+$",
        description="Made once for each thing to publish: repeat the request with it until it "
        "is answered.",
    ),
]
REFUSALS = dict.fromkeys((400, 401, 403, 404, 409, 410, 413, 422, 429, 503), schemas.Problem)
ANSWERS = {200: sent.Receipt, 202: sent.Receipt, **REFUSALS}

router = Router(tags=["Publishing"], auth=Token())


def _before_readers(view: Callable[..., Any]) -> Callable[..., Any]:
    """Delay readers' requests during the view, as during those of reporters and editors."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        with staff_requests.in_progress():
            return view(request, *args, **kwargs)

    return wrapper


router.add_decorator(_before_readers)


class Sender:
    """A request's token, and the election and contest that it writes to."""

    def __init__(self, request: HttpRequest, scope: ApiToken.Scope, election_slug: str) -> None:
        self.election: Election = public_election(election_slug)
        token: ApiToken = request.auth  # type: ignore[attr-defined]  # set by Ninja
        require(token, scope, self.election)
        self.by: User = token.account

    def seat(self, contest_slug: str) -> Seat:
        """The contest at this address, or the one that it was merged into. Raises Http404."""
        contest = contest_at(self.election, contest_slug)
        if contest is None:
            raise Http404(contest_slug)
        (seat,) = read_seats([contest])
        return seat


def receipt(answer: desk.SubmitResult, page: str) -> Answered[Any]:
    """200 for what is published, 202 for what waits for a person."""
    if isinstance(answer, ReviewItem):
        return Answered(
            202,
            {
                "state": "waiting" if answer.waits else "declined",
                "repeated": False,
                "sequence": None,
                "summary": None,
                "review_item": answer.pk,
                "note": answer.note or None,
                "page": page,
            },
        )
    return Answered(
        200,
        {
            "state": "unchanged" if answer.unchanged else "published",
            "repeated": answer.repeated,
            "sequence": answer.sequence,
            "summary": answer.bulletin.summary or None,
            "review_item": None,
            "note": None,
            "page": page,
        },
    )


_CONTEST = "/elections/{election_slug}/contests/{contest_slug}"


@router.post(f"{_CONTEST}/result", response=ANSWERS)
def send_result(
    request: HttpRequest,
    election_slug: ElectionSlug,
    contest_slug: ContestSlug,
    key: Key,
    result: sent.Result,
) -> Any:
    """Publish a result, or queue it for a second person by the election's rule.

    Two systems, or a system and a reporter, that send the same are each other's second person.
    """
    sender = Sender(request, ApiToken.Scope.DECLARE, election_slug)
    seat = sender.seat(contest_slug)
    page = seat.contest.get_absolute_url()
    counts = ballot_counts_of(seat, result)
    if result.kind == "correction":
        return receipt(_ask_for_correction(sender, seat, key, result), page)
    revision = revision_request(seat, result, by=sender.by, idempotency_key=key)
    return receipt(desk.submit_result(seat.contest, counts, revision), page)


def _ask_for_correction(
    sender: Sender, seat: Seat, key: str, result: sent.Result
) -> desk.SubmitResult:
    """Queue a correction request for an editor, unless the same is published already."""
    content = correction_content(seat, result)
    if desk.find_earlier_answer(sender.by, key) is None:
        require_same_ballot_paper(seat, shown_names(seat, result))
    kind = ReviewItem.Kind.CORRECTION
    compared = {name: value for name, value in content.items() if name != "names"}
    return desk.request_correction(
        seat.contest,
        content,
        by=sender.by,
        idempotency_key=key,
        intent=desk.Intent({"offer": kind, "contest": seat.contest.pk, **compared}),
        declared_at=result.declared_at,
    )


@router.post(f"{_CONTEST}/status", response=ANSWERS)
def send_status(
    request: HttpRequest,
    election_slug: ElectionSlug,
    contest_slug: ContestSlug,
    key: Key,
    status: sent.Status,
) -> Any:
    """Publish the state of a count that has no result: under way, a recount and so on."""
    sender = Sender(request, ApiToken.Scope.STATUS, election_slug)
    contest = sender.seat(contest_slug).contest
    if status.expected_at is not None:
        _require_night_time(status.expected_at, sender.election)
    answer = desk.report_status(
        contest,
        Standing.Status(status.status),
        by=sender.by,
        idempotency_key=key,
        expected_at=status.expected_at,
        may_resume=False,
    )
    return receipt(answer, contest.get_absolute_url())


def _require_night_time(expected_at: datetime, election: Election) -> None:
    """Raise ValidationError for a time that an editor's form would refuse as another night's."""
    try:
        read_night_time(expected_at.isoformat(), election)
    except UnreadableTime as exc:
        at = ("body", "status", "expected_at")
        raise ValidationError([{"type": "another_night", "loc": at, "msg": str(exc)}]) from None


@router.post(f"{_CONTEST}/quotes", response=ANSWERS)
def send_quote(
    request: HttpRequest,
    election_slug: ElectionSlug,
    contest_slug: ContestSlug,
    key: Key,
    quote: sent.Quote,
) -> Any:
    """Queue a quote for an editor; publish it at once where the newsroom's account is trusted."""
    sender = Sender(request, ApiToken.Scope.QUOTE, election_slug)
    seat = sender.seat(contest_slug)
    content = desk.QuoteContent(
        contest=seat.contest,
        words=quote.words,
        candidate=_candidate(seat, quote.candidate),
        speaker=quote.speaker,
        role=quote.role,
        reported=quote.reported,
        said_at=quote.said_at,
    )
    answer = desk.submit(seat.contest, content, by=sender.by, idempotency_key=key)
    return receipt(answer, seat.contest.get_absolute_url())


def _candidate(seat: Seat, pk: int | None) -> Any:
    """Return the contest's candidate with this id. Raises ValidationRefused for any other."""
    if pk is None:
        return None
    found = {candidate.pk: candidate for candidate, _name in seat.candidates}
    if pk not in found:
        raise desk.ValidationRefused([about("no_such_candidate", "candidate", pk)])
    return found[pk]


@router.post("/elections/{election_slug}/headline", response=ANSWERS)
def send_headline(
    request: HttpRequest, election_slug: ElectionSlug, key: Key, headline: sent.Headline
) -> Any:
    """Publish a headline above the generated one, in place of the one that stands."""
    sender = Sender(request, ApiToken.Scope.HEADLINE, election_slug)
    content = desk.HeadlineContent(text=headline.text)
    answer = desk.publish(sender.election, content, by=sender.by, idempotency_key=key)
    return receipt(answer, sender.election.get_absolute_url())


@router.delete("/elections/{election_slug}/headline", response=ANSWERS)
def withdraw_headline(request: HttpRequest, election_slug: ElectionSlug, key: Key) -> Any:
    """Withdraw the headline that stands: the generated one returns."""
    sender = Sender(request, ApiToken.Scope.HEADLINE, election_slug)
    answer = desk.withdraw_standing(sender.election, Headline, by=sender.by, idempotency_key=key)
    return receipt(answer, sender.election.get_absolute_url())


@router.get("/answers/{key}", response={200: sent.Receipt, 202: sent.Receipt, **REFUSALS})
def answer_of(
    request: HttpRequest,
    key: Annotated[str, Path(max_length=64, description="An Idempotency-Key that you sent.")],
) -> Any:
    """The present state of a request: whether an editor has approved it or set it aside."""
    token: ApiToken = request.auth  # type: ignore[attr-defined]  # set by Ninja
    earlier = desk.find_earlier_answer(token.account, key)
    if earlier is None:
        raise Http404(key)
    answer = earlier.answer
    about: Contest | Election
    if isinstance(answer, ReviewItem):
        about, election = answer.contest, answer.contest.election
    else:
        election = answer.bulletin.election
        about = answer.bulletin.contest or election
    # One account has all of a newsroom's tokens, each of which may be for another election.
    if token.election_id not in (None, election.pk):
        raise Http404(key)
    public_election(election.slug)
    return receipt(answer, about.get_absolute_url())
