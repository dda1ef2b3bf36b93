"""What is filed beside the result: the state of the count, quotes, photos, one's own mistake."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from results import desk
from results.desk.checks import check
from results.desk.pictures import NotAPicture, store
from results.live.seat import Seat
from results.models import Notice, Offer, OfferKind, Receipt, Status
from results.reporter.admission import is_trusted, user_of
from results.reporter.answers import done, from_outbox, here, tell
from results.reporter.forms import AskForm, CountForm, Filed, NoticeForm, PhotoForm, QuoteForm
from results.reporter.page import REPORTED, show_count
from results.words.findings import sentence


def status(request: HttpRequest, seat: Seat) -> HttpResponse:
    """One tap: how the count is going."""
    chosen = request.POST.get("status", "")
    form = Filed(request.POST)
    if chosen not in REPORTED or not form.is_valid():
        return show_count(request, seat, status=422)
    key = form.cleaned_data["key"]
    try:
        answer = desk.report_status(seat.contest, Status(chosen), by=user_of(request), key=key)
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
            key=said["key"],
            expected_at=said["expected_at"],
            verification=told,
        )
    except desk.Refused as refusal:
        for finding in refusal.findings:
            form.add_error(finding.field, sentence(finding))
        return _again(request, seat, about=form)
    except desk.DeskError as refusal:
        form.add_error(None, str(refusal) or _("Send it once more."))
        return _again(request, seat, about=form)
    return done(request, seat, answer, here(seat))


def _onwards(seat: Seat, told: desk.Verification) -> Status:
    """Papers that have been verified are being counted; otherwise the state stays as it is."""
    now = Status(seat.standing.status)
    if now == Status.AWAITING and told != desk.Verification():
        return Status.UNDER_WAY
    return now


def quote(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Straight out, or to the desk, by the reporter's trust."""
    form = QuoteForm(seat, request.POST)
    if not form.is_valid():
        return _again(request, seat, quote=form)
    said = form.cleaned_data
    candidate = next((c for c, _f in seat.candidates if str(c.pk) == said["candidate"]), None)
    by: dict[str, Any] = {"by": user_of(request), "key": said["key"]}
    outcome: desk.Answer | Offer
    try:
        if is_trusted(user_of(request)) or _answered(by):
            outcome = desk.quote(
                seat.contest.election,
                said["words"],
                contest=seat.contest,
                candidate=candidate,
                speaker=said["speaker"],
                role=said["role"],
                reported=bool(said["reported"]),
                said_at=form.sent_at,
                **by,
            )
        else:
            outcome = desk.offer(seat.contest, OfferKind.QUOTE, _quoted(form, candidate), **by)
    except desk.KeyReused:
        form.add_error(None, _("Send it once more."))
        return _again(request, seat, quote=form)
    return done(request, seat, outcome, _filed(seat, outcome, "quote"))


def _quoted(form: QuoteForm, candidate: Any) -> dict[str, Any]:
    said = form.cleaned_data
    return {
        "words": said["words"],
        "candidate": candidate.pk if candidate else None,
        "speaker": candidate.name if candidate else said["speaker"].strip(),
        "role": said["role"].strip(),
        "reported": bool(said["reported"]),
        "said_at": form.sent_at.isoformat(),
    }


def photo(request: HttpRequest, seat: Seat) -> HttpResponse:
    """As a quote. The same key again is answered without keeping the picture twice."""
    form = PhotoForm(request.POST, request.FILES)
    if not form.is_valid():
        return _again(request, seat, photo=form)
    said, by = form.cleaned_data, user_of(request)
    earlier = _earlier(by.pk, said["key"])
    if earlier is not None:
        return done(request, seat, earlier, _filed(seat, earlier, "photo"))
    picture = said["picture"]
    try:
        stored = store(picture, picture.size)
    except NotAPicture as fault:
        form.add_error("picture", str(fault))
        return _again(request, seat, photo=form)
    words = {name: said[name].strip() for name in ("caption", "alt", "credit")}
    outcome: desk.Answer | Offer | None
    if is_trusted(by):
        try:
            outcome = desk.photo(
                seat.contest.election,
                stored.name,
                by=by,
                key=said["key"],
                contest=seat.contest,
                **words,
            )
        except desk.KeyReused:
            # The same photo was on its way twice: it has one answer.
            outcome = _earlier(by.pk, said["key"])
            if outcome is None:
                raise
    else:
        content = {"name": stored.name, **words}
        outcome = desk.offer(seat.contest, OfferKind.PHOTO, content, by=by, key=said["key"])
    return done(request, seat, outcome, _filed(seat, outcome, "photo"))


def notice(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The officer's notice: the source of a declaration, for the desk alone."""
    form = NoticeForm(request.POST, request.FILES)
    if not form.is_valid():
        return _again(request, seat, notice=form)
    key = form.cleaned_data["key"]
    if not Notice.objects.filter(by=user_of(request), key=key).exists():
        picture = form.cleaned_data["picture"]
        try:
            stored = store(picture, picture.size)
        except NotAPicture as fault:
            form.add_error("picture", str(fault))
            return _again(request, seat, notice=form)
        Notice.objects.get_or_create(
            by=user_of(request), key=key, defaults={"contest": seat.contest, "name": stored.name}
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
    figures = form.figures()
    blocks = [one for one in check(seat, figures) if one.level == "block"]
    if blocks:
        form.add_findings(blocks)
        return _again(request, seat, ask=form)
    content = {
        "figures": figures.to_json(),
        "base_revision": form.cleaned_data["base_revision"],
        "reason": form.cleaned_data["reason"].strip(),
    }
    try:
        offer = desk.offer(
            seat.contest,
            OfferKind.CORRECTION,
            content,
            by=user_of(request),
            key=form.cleaned_data["key"],
        )
    except desk.KeyReused:
        form.add_error(None, _("Send it once more."))
        return _again(request, seat, ask=form)
    return done(request, seat, offer, _filed(seat, offer, "ask"))


# --- What all of them answer ----------------------------------------------------------------


def _again(request: HttpRequest, seat: Seat, **form: forms.Form) -> HttpResponse:
    """The page with the form as it was sent, and what is wrong in it."""
    if not from_outbox(request):
        return show_count(request, seat, status=422, **form)
    ((_name, sent),) = form.items()
    found = [str(fault) for faults in sent.errors.values() for fault in faults]
    return tell(request, seat, 422, state="faulty", findings=found)


def _answered(by: dict[str, Any]) -> bool:
    """Whether this very submission was published before, whatever trust there is by now."""
    return Receipt.objects.filter(**by).exists()


def _earlier(by: int, key: str) -> desk.Answer | Offer | None:
    receipt = Receipt.objects.filter(by=by, key=key).select_related("bulletin").first()
    if receipt is not None:
        return desk.Answer(receipt.bulletin, repeated=True, unchanged=receipt.unchanged)
    return Offer.objects.filter(by=by, key=key).first()


def _filed(seat: Seat, outcome: desk.Answer | Offer, what: str) -> str:
    if isinstance(outcome, Offer):
        return f"{here(seat)}?kept={what}#{what}"
    return f"{here(seat)}?{what}={outcome.sequence}#{what}"
