"""Steps of a count other than its result: status, quotes, photos, correction requests."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.translation import gettext as _

from results import desk
from results.arithmetic import BLOCK
from results.desk.checks import check
from results.desk.messages import find_answer
from results.desk.pictures import NotAPicture, PicturesBusy, PicturesNotStored
from results.desk.uploads import drop
from results.forms import BallotPaperMixin
from results.live.seat import Seat
from results.models import Notice, ReviewItem, Standing, Upload
from results.reporter.count_page import ANOTHER_RECOUNT, REPORTABLE, render_count
from results.reporter.forms import (
    CorrectionRequestForm,
    SubmissionForm,
    TakeBackForm,
    VerificationForm,
)
from results.reporter.permissions import user_of
from results.reporter.picture_forms import LATER, NEVER, NoticeForm, PhotoForm
from results.reporter.published_since import PublishedSince, require_newest
from results.reporter.quote_form import QuoteForm
from results.reporter.refusals import words_of_refusal
from results.reporter.responses import (
    answer_url,
    count_url,
    from_outbox,
    outbox_response,
    respond,
    stopped,
)
from results.reporter.sent_before import answer_sent_before, notice_kept
from results.reporter.uploads import takes_parts
from results.words.ballot_papers import names_as_json

Data = dict[str, Any]


def submit_status(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Publish the status of the count, reported with one tap."""
    status = request.POST.get("status", "")
    form = SubmissionForm(request.POST)
    another = status == ANOTHER_RECOUNT
    status = Standing.Status.RECOUNT if another else status
    if status not in REPORTABLE or not form.is_valid():
        if from_outbox(request):
            # Without an answer the outbox would send it again for ever.
            words = _("The desk does not take this status: open the page again.")
            return outbox_response(request, seat, 422, state="refused", words=words)
        return render_count(request, seat, status=422)
    report = partial(desk.report_status, seat.contest, Standing.Status(status), by=user_of(request))
    report = partial(report, may_resume=False, sent_at=form.sent_at, another=another)
    try:
        with suppress(desk.IdempotencyKeyReused):
            answer = report(idempotency_key=form.cleaned_data["key"])
            return respond(request, seat, answer, count_url(seat))
        # Another button of a page that was sent before.
        answer = report(idempotency_key=uuid.uuid4().hex)
    except desk.DeskError as refusal:
        return _status_refused(request, seat, form, refusal)
    return respond(request, seat, answer, count_url(seat))


def _status_refused(
    request: HttpRequest, seat: Seat, form: SubmissionForm, refusal: desk.DeskError
) -> HttpResponse:
    if from_outbox(request):
        if isinstance(refusal, desk.NightClosed | desk.PollPostponed):
            return stopped(request, seat, refusal)
        words = words_of_refusal(refusal, overtaken=_("There is a result here now."))
        return outbox_response(request, seat, 422, state="refused", words=words)
    if isinstance(refusal, desk.NightClosed | desk.PollPostponed | desk.InvalidTransition):
        # A result was published meanwhile, or the poll is off: the page shows it.
        return HttpResponseRedirect(count_url(seat))
    form.add_error(None, str(refusal))
    return render_count(request, seat, status=422, status_form=form)


def submit_verification(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Publish what was announced at verification, and when the declaration is expected."""

    def send(data: Data, by: User) -> desk.PublishResult:
        verification = desk.Verification(
            electorate=data["electorate"], papers=data["papers"], turnout=data["turnout"]
        )
        return desk.report_status(
            seat.contest,
            None,
            by=by,
            idempotency_key=data["key"],
            expected_at=data["expected_at"],
            verification=verification,
            may_resume=False,
            sent_at=form.sent_at,
        )

    form = VerificationForm(seat, request.POST)
    return _submit(request, seat, "verification", form, send, lambda _answer: count_url(seat))


def submit_quote(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Publish a quote, or queue it for review."""
    form = QuoteForm(seat, request.POST)
    candidates = {str(candidate.pk): candidate for candidate, _party_name in seat.candidates}

    def validate() -> None:
        if form.speaker_change:
            raise desk.BallotPaperChanged(form.speaker_change)

    def send(data: Data, by: User) -> desk.SubmitResult:
        content = desk.QuoteContent(
            contest=seat.contest,
            words=data["words"],
            candidate=candidates.get(data["candidate"]),
            speaker=data["speaker"],
            role=data["role"],
            reported=bool(data["reported"]),
            said_at=form.sent_at,
        )
        return desk.submit(
            seat.contest,
            content,
            by=by,
            idempotency_key=data["key"],
            knows_closed=data["knows_closed"],
            validate=validate,
        )

    return _submit(request, seat, "quote", form, send)


@takes_parts
def submit_photo(request: HttpRequest, seat: Seat, upload: Upload | None) -> HttpResponse:
    """Publish a photo, or queue it for review."""
    form = PhotoForm(request.POST, request.FILES, upload=upload)

    def send(data: Data, by: User) -> desk.SubmitResult:
        content = desk.PhotoContent(
            contest=seat.contest, caption=data["caption"], alt=data["alt"], credit=data["credit"]
        )
        return desk.submit_photo(
            seat.contest,
            content,
            form.store_picture,
            digest=form.picture_digest,
            by=by,
            idempotency_key=data["key"],
            knows_closed=data["knows_closed"],
        )

    return _submit(request, seat, "photo", form, send)


@takes_parts
def submit_notice(request: HttpRequest, seat: Seat, upload: Upload | None) -> HttpResponse:
    """Keep a photo of the officer's notice, for editors to verify a declaration against."""
    form = NoticeForm(request.POST, request.FILES, upload=upload)
    if not form.is_valid():
        return answer_sent_before(request, seat) or _invalid(request, seat, notice=form)
    with _errors_in(form):
        desk.submit_notice(
            seat.contest,
            form.store_picture,
            digest=form.picture_digest,
            by=user_of(request),
            idempotency_key=form.cleaned_data["key"],
        )
    if form.errors:
        return _invalid(request, seat, notice=form)
    if from_outbox(request):
        return notice_kept(request, seat)
    return HttpResponseRedirect(f"{count_url(seat)}?noticed#notice")


def request_correction(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Queue a request to correct the published result, with the reporter's source.

    Figures that were published since it was opened are answered as an equal result is. With those
    that it was opened with, the words alone are for the desk.
    """
    form = CorrectionRequestForm(seat, request.POST)
    if form.is_valid():
        ballot_counts = form.ballot_counts()
        messages = check(seat, ballot_counts)
        form.add_messages(message for message in messages if message.level == BLOCK)

    def validate(published: Seat) -> None:
        if form.ballot_paper_change:
            raise desk.BallotPaperChanged(form.ballot_paper_change)
        require_newest(form, published)

    def send(data: Data, by: User) -> desk.SubmitResult:
        content = {
            "figures": ballot_counts.to_json(),
            "base_revision": data["base_revision"],
            "reason": data["reason"],
        }
        kind = ReviewItem.Kind.CORRECTION
        return desk.request_correction(
            seat.contest,
            content | {"names": names_as_json(seat.candidate_names)},
            by=by,
            idempotency_key=data["key"],
            # As an earlier release compared it: the names are those of its candidates anyway.
            intent=desk.Intent({"offer": kind, "contest": seat.contest.pk, **content}),
            has_words=True,
            validate=validate,
        )

    def url_of(answer: desk.SubmitResult) -> str:
        if isinstance(answer, ReviewItem):
            return _section_url(seat, answer, "ask")
        return answer_url(seat, answer)

    return _submit(request, seat, "correction", form, send, url_of)


def take_back(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Take back a submission that the phone got no response to, or report what became of it."""
    form = TakeBackForm(request.POST)
    if not form.is_valid():
        if not from_outbox(request):
            return render_count(request, seat, status=422)
        texts = [str(error) for errors in form.errors.values() for error in errors]
        return outbox_response(request, seat, 422, state="faulty", findings=texts)
    key = form.cleaned_data["key"]
    if find_answer(user_of(request), key) is not None:
        words = _("The desk has your answer.")
        return outbox_response(request, seat, 200, state="kept", words=words)
    answer = desk.take_back(seat.contest, by=user_of(request), idempotency_key=key)
    drop(user_of(request), key)
    if answer is None:
        words = _("You took this back before it arrived: it is not published.")
        return outbox_response(request, seat, 200, state="taken-back", words=words)
    if isinstance(answer, Notice):
        return notice_kept(request, seat)
    return respond(request, seat, answer, answer_url(seat, answer))


# --- Shared by the steps --------------------------------------------------------------------


def _submit(
    request: HttpRequest,
    seat: Seat,
    name: str,
    form: SubmissionForm,
    send: Callable[[Data, User], desk.SubmitResult],
    url_of: Callable[[desk.SubmitResult], str] | None = None,
) -> HttpResponse:
    """Send a valid form's data, and respond with its outcome or the form's errors.

    `name` is that of the form in the page and, unless `url_of` gives another address, that of the
    page's section which reports the answer.
    """
    if not form.is_valid() and (earlier := answer_sent_before(request, seat)):
        return earlier
    if form.is_valid():
        with _errors_in(form):
            answer = send(form.cleaned_data, user_of(request))
    if form.errors:
        return _invalid(request, seat, **{name: form})
    url = url_of(answer) if url_of else _section_url(seat, answer, name)
    return respond(request, seat, answer, url)


@contextmanager
def _errors_in(form: SubmissionForm) -> Iterator[None]:
    """Turn what the publishing API raises into errors of the form."""
    try:
        yield
    except desk.ValidationRefused as refusal:
        form.add_messages(refusal.messages)
    except desk.IdempotencyKeyReused as refusal:
        form.refuse_reused_key(refusal)
    except desk.BallotPaperChanged as refusal:
        if not (isinstance(form, BallotPaperMixin) and form.follow_ballot_paper()):
            form.add_error(None, str(refusal))
    except PublishedSince as refusal:
        form.add_error(None, str(refusal))
        for text in refusal.changes:
            form.add_error(None, text)
    except (desk.NightClosed, desk.PollPostponed) as refusal:
        form.stopped = refusal
        form.add_error(None, str(refusal))
    except desk.DeskError as refusal:
        form.add_error(None, str(refusal))
    except NotAPicture as exc:
        form.add_error("picture", forms.ValidationError(str(exc), code=NEVER))
    except PicturesNotStored:
        words = _("The desk cannot take this now. Send it again in a minute.")
        form.add_error("picture", forms.ValidationError(words, code=LATER))
    except PicturesBusy:
        words = _("Other pictures are being read. Send it again in a moment.")
        form.add_error("picture", forms.ValidationError(words, code=LATER))


def _invalid(request: HttpRequest, seat: Seat, **submitted: SubmissionForm) -> HttpResponse:
    """Show the submitted form again with its errors, or list them for the outbox."""
    ((_name, form),) = submitted.items()
    codes = {error.code for errors in form.errors.as_data().values() for error in errors}
    if LATER in codes:
        return _busy(request, seat, **submitted)
    if not from_outbox(request):
        return render_count(request, seat, status=422, **submitted)
    if form.stopped is not None:
        return stopped(request, seat, form.stopped)
    state = "refused" if NEVER in codes else "faulty"
    texts = [str(error) for errors in form.errors.values() for error in errors]
    return outbox_response(request, seat, 422, state=state, findings=texts)


def _busy(request: HttpRequest, seat: Seat, **submitted: SubmissionForm) -> HttpResponse:
    """Answer 503 with Retry-After. Without its key in the response, the outbox retries."""
    status = HTTPStatus.SERVICE_UNAVAILABLE
    if from_outbox(request):
        response: HttpResponse = JsonResponse({"state": "busy"}, status=status)
    else:
        response = render_count(request, seat, status=status, **submitted)
    response.headers["Retry-After"] = "10"
    return response


def _section_url(seat: Seat, answer: desk.SubmitResult, section: str) -> str:
    """Return the section of the count's page that reports the answer."""
    done = f"kept={section}" if isinstance(answer, ReviewItem) else f"{section}={answer.sequence}"
    return f"{count_url(seat)}?{done}#{section}"
