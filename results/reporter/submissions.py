"""What is filed beside the result: the state of the count, quotes, photos, one's own mistake."""

from http import HTTPStatus

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.translation import gettext as _

from results import desk
from results.desk.checks import check
from results.desk.pictures import NotAPicture, PicturesBusy, store
from results.live.seat import Seat
from results.models import Notice, ReviewItem, Standing
from results.reporter.count_page import REPORTED, show_count
from results.reporter.forms import AskForm, CountForm, Filed, NoticeForm, PhotoForm, QuoteForm
from results.reporter.permissions import user_of
from results.reporter.responses import done, from_outbox, here, tell
from results.words.validation_messages import message_text


def status(request: HttpRequest, seat: Seat) -> HttpResponse:
    """One tap: how the count is going."""
    chosen = request.POST.get("status", "")
    form = Filed(request.POST)
    if chosen not in REPORTED or not form.is_valid():
        return show_count(request, seat, status=422)
    key = form.cleaned_data["key"]
    try:
        answer = desk.report_status(
            seat.contest, Standing.Status(chosen), by=user_of(request), idempotency_key=key
        )
    except desk.DeskError:
        # A result has come meanwhile: the page shows it, and says more than the state did.
        if from_outbox(request):
            return tell(request, seat, 409, state="past", words=_("There is a result here now."))
        return HttpResponseRedirect(here(seat))
    return done(request, seat, answer, here(seat))


def count(request: HttpRequest, seat: Seat) -> HttpResponse:
    """What was announced at verification, and when the declaration is expected."""
    form = CountForm(seat, request.POST)
    if not form.is_valid():
        return _again(request, seat, about=form)
    said = form.cleaned_data
    told = desk.Verification(
        electorate=said["electorate"], papers=said["papers"], turnout=said["turnout"]
    )
    try:
        answer = desk.report_status(
            seat.contest,
            _onwards(seat, told),
            by=user_of(request),
            idempotency_key=said["key"],
            expected_at=said["expected_at"],
            verification=told,
        )
    except desk.ValidationRefused as refusal:
        for finding in refusal.messages:
            form.add_error(finding.field, message_text(finding))
        return _again(request, seat, about=form)
    except desk.DeskError as refusal:
        form.add_error(None, str(refusal) or _("Send it once more."))
        return _again(request, seat, about=form)
    return done(request, seat, answer, here(seat))


def _onwards(seat: Seat, told: desk.Verification) -> Standing.Status:
    """Papers that have been verified are being counted; otherwise the state stays as it is."""
    now = Standing.Status(seat.standing.status)
    if now == Standing.Status.AWAITING and told != desk.Verification():
        return Standing.Status.UNDER_WAY
    return now


def quote(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Straight out, or to the desk: the publishing API decides."""
    form = QuoteForm(seat, request.POST)
    if not form.is_valid():
        return _again(request, seat, quote=form)
    said = form.cleaned_data
    candidate = next((c for c, _f in seat.candidates if str(c.pk) == said["candidate"]), None)
    try:
        content = desk.QuoteContent(
            contest=seat.contest,
            words=said["words"],
            candidate=candidate,
            speaker=said["speaker"],
            role=said["role"],
            reported=bool(said["reported"]),
            said_at=form.sent_at,
        )
        outcome = desk.submit(
            seat.contest, content, by=user_of(request), idempotency_key=said["key"]
        )
    except desk.ValidationRefused as refusal:
        for finding in refusal.messages:
            form.add_error(finding.field, message_text(finding))
        return _again(request, seat, quote=form)
    except desk.IdempotencyKeyReused:
        form.add_error(None, _("Send it once more."))
        return _again(request, seat, quote=form)
    return done(request, seat, outcome, _filed(seat, outcome, "quote"))


def photo(request: HttpRequest, seat: Seat) -> HttpResponse:
    """As a quote. The same key again is answered without keeping the picture twice."""
    form = PhotoForm(request.POST, request.FILES)
    if not form.is_valid():
        return _again(request, seat, photo=form)
    said, by = form.cleaned_data, user_of(request)
    outcome = desk.find_earlier_response(by, said["key"])
    if outcome is None:
        stored = _stored(form)
        if stored is None:
            return _again(request, seat, photo=form)
        words = {name: said[name] for name in ("caption", "alt", "credit")}
        content = desk.PhotoContent(contest=seat.contest, name=stored, **words)
        outcome = desk.submit(seat.contest, content, by=by, idempotency_key=said["key"])
    return done(request, seat, outcome, _filed(seat, outcome, "photo"))


def notice(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The officer's notice: the source of a declaration, for the desk alone."""
    form = NoticeForm(request.POST, request.FILES)
    if not form.is_valid():
        return _again(request, seat, notice=form)
    key = form.cleaned_data["key"]
    if not Notice.objects.filter(by=user_of(request), idempotency_key=key).exists():
        stored = _stored(form)
        if stored is None:
            return _again(request, seat, notice=form)
        Notice.objects.get_or_create(
            by=user_of(request),
            idempotency_key=key,
            defaults={"contest": seat.contest, "name": stored},
        )
    if from_outbox(request):
        words = _("The desk has it. Readers never see it.")
        return tell(request, seat, 200, state="kept", words=words)
    return HttpResponseRedirect(f"{here(seat)}?noticed#notice")


def ask(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The right figures, with how one knows: the desk publishes them, or says why not."""
    form = AskForm(seat, request.POST)
    if not form.is_valid():
        return _again(request, seat, ask=form)
    ballot_counts = form.ballot_counts()
    blocks = [one for one in check(seat, ballot_counts) if one.level == "block"]
    if blocks:
        form.add_findings(blocks)
        return _again(request, seat, ask=form)
    content = {
        "figures": ballot_counts.to_json(),
        "base_revision": form.cleaned_data["base_revision"],
        "reason": form.cleaned_data["reason"],
    }
    try:
        offer = desk.queue_for_review(
            seat.contest,
            ReviewItem.Kind.CORRECTION,
            content,
            by=user_of(request),
            idempotency_key=form.cleaned_data["key"],
        )
    except desk.IdempotencyKeyReused:
        form.add_error(None, _("Send it once more."))
        return _again(request, seat, ask=form)
    return done(request, seat, offer, _filed(seat, offer, "ask"))


# --- Pictures -------------------------------------------------------------------------------


def _stored(form: forms.Form) -> str | None:
    """The name that the form's picture is kept under; else None, and why in the form."""
    picture = form.cleaned_data["picture"]
    try:
        return store(picture, picture.size).name
    except NotAPicture as refusal:
        form.add_error("picture", forms.ValidationError(str(refusal), code=NEVER))
    except PicturesBusy:
        words = _("Other pictures are being read. Send it again in a moment.")
        form.add_error("picture", forms.ValidationError(words, code=LATER))
    return None


# --- What all of them answer ----------------------------------------------------------------

#: Codes of an error in a form: sent again as it is, it will never be taken; it may be taken soon.
NEVER, LATER = "never", "later"


def _again(request: HttpRequest, seat: Seat, **form: forms.Form) -> HttpResponse:
    """The page with the form as it was sent, and what is wrong in it."""
    ((_name, sent),) = form.items()
    if any(sent.has_error(name, LATER) for name in sent.fields):
        return _later(request, seat, **form)
    if not from_outbox(request):
        return show_count(request, seat, status=422, **form)
    found = [str(fault) for faults in sent.errors.values() for fault in faults]
    never = any(sent.has_error(name, NEVER) for name in sent.fields)
    return tell(request, seat, 422, state="refused" if never else "faulty", findings=found)


def _later(request: HttpRequest, seat: Seat, **form: forms.Form) -> HttpResponse:
    """No answer to the outbox's key: it tries again by itself."""
    status = HTTPStatus.SERVICE_UNAVAILABLE
    if from_outbox(request):
        response: HttpResponse = JsonResponse({"state": "busy"}, status=status)
    else:
        response = show_count(request, seat, status=status, **form)
    response.headers["Retry-After"] = "10"
    return response


def _filed(seat: Seat, outcome: desk.PublishResult | ReviewItem, what: str) -> str:
    if isinstance(outcome, ReviewItem):
        return f"{here(seat)}?kept={what}#{what}"
    return f"{here(seat)}?{what}={outcome.sequence}#{what}"
