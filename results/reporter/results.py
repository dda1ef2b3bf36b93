"""The steps of a result: typed, checked, published; the winner alone; a colleague's confirmed."""

import uuid
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from results import desk
from results.arithmetic import BallotCounts, read_id
from results.desk.checks import check
from results.live.seat import Seat
from results.models import Declaration, ReviewItem, Standing
from results.reporter.count_page import show, show_count
from results.reporter.forms import Filed, ResultForm, WinnerOnlyForm
from results.reporter.permissions import user_of
from results.reporter.responses import done, from_outbox, here, page_of, tell
from results.reporter.statement import statement_of
from results.words.validation_messages import message_text

# --- The figures ----------------------------------------------------------------------------


def change(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Back from the check, with everything as it was typed and without a fault shown."""
    typed: dict[str, Any] = dict(ResultForm(seat, request.POST).as_typed)
    typed |= {"lot": request.POST.getlist("lot")}
    return show_count(request, seat, result=ResultForm(seat, initial=typed))


def check_result(request: HttpRequest, seat: Seat, *, publishing: bool = False) -> HttpResponse:
    """The statement, if the figures can be; else the form with what is wrong beside each field."""
    form = ResultForm(seat, request.POST)
    if not form.is_valid():
        return _faulty(request, seat, form)
    ballot_counts = form.ballot_counts()
    findings = check(seat, ballot_counts)
    blocks = [finding for finding in findings if finding.level == "block"]
    if blocks:
        form.add_findings(blocks)
        return _faulty(request, seat, form)
    sentences = [message_text(finding) for finding in findings]
    if publishing and from_outbox(request):
        return tell(request, seat, 422, state="reason", findings=sentences)
    context = {
        "form": form,
        "statement": statement_of(seat, ballot_counts),
        "findings": findings,
        "sentences": sentences,
        "reason_missing": publishing and not form.cleaned_data["warning_reason"],
        "key": form.cleaned_data["key"] if publishing else uuid.uuid4().hex,
        "completing": seat.standing.status == Standing.Status.WINNER_ONLY,
    }
    return show(request, seat, "reporter/check.html", context, 422 if publishing else 200)


def _faulty(request: HttpRequest, seat: Seat, form: ResultForm, status: int = 422) -> HttpResponse:
    """What is wrong, beside each field; to the outbox as sentences, with the form to go back to."""
    if not from_outbox(request):
        return show_count(request, seat, status=status, result=form)
    found = [
        f"{form[name].label}: {fault}" if name in form.fields else str(fault)
        for name, faults in form.errors.items()
        for fault in faults
    ]
    return tell(request, seat, status, state="faulty", findings=found)


def publish(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Send it through the door. The same key again gets the same answer."""
    form = ResultForm(seat, request.POST)
    if not form.is_valid():
        return _faulty(request, seat, form)
    try:
        outcome = desk.submit_result(
            seat.contest, form.ballot_counts(), _submission(request, seat, form)
        )
    except desk.ValidationRefused:
        return check_result(request, seat, publishing=True)
    except desk.StaleRevision as stale:
        return _conflict(request, seat, form, stale)
    except (desk.InvalidTransition, desk.IdempotencyKeyReused) as refusal:
        form.add_error(None, str(refusal) or _("Send it once more from the check page."))
        return _faulty(request, seat, form, 409)
    return done(request, seat, outcome, page_of(seat, outcome))


def _submission(request: HttpRequest, seat: Seat, form: ResultForm) -> desk.RevisionRequest:
    """An update where the winner was known when the form was opened, else a declaration.

    One's own winner, filed while these figures were being typed, is nobody else's: an update too.
    """
    said, user = form.cleaned_data, user_of(request)
    base = said["base_revision"]
    own = (
        seat.standing.status == Standing.Status.WINNER_ONLY
        and seat.declaration is not None
        and seat.declaration.by_id == user.pk
        and seat.standing.revision == base + 1
    )
    fresh = not own and ("declared_at" in form.data or not seat.has_result)
    return desk.RevisionRequest(
        kind=Declaration.Kind.DECLARATION if fresh else Declaration.Kind.UPDATE,
        by=user,
        idempotency_key=said["key"],
        base_revision=base + 1 if own else base,
        declared_at=(said.get("declared_at") or _when(seat, form)) if fresh else None,
        recount=said["recount"],
        source=said["source"],
        warning_reason=said["warning_reason"],
    )


def _when(seat: Seat, form: Filed) -> datetime:
    """When it was sent from the phone: never before the close of poll, whatever its clock said."""
    return max(form.sent_at, seat.contest.election.polls_close)


def _conflict(
    request: HttpRequest, seat: Seat, form: ResultForm, stale: desk.StaleRevision
) -> HttpResponse:
    """Someone else published meanwhile: both sets of figures, side by side."""
    theirs = stale.declaration.ballot_counts.votes if stale.declaration else {}
    ours = form.ballot_counts().votes
    rows = [
        (candidate, theirs.get(candidate.pk), ours.get(candidate.pk))
        for candidate, _party_name in seat.candidates
    ]
    if from_outbox(request):
        told = [{"name": one.name, "theirs": their, "ours": our} for one, their, our in rows]
        return tell(request, seat, 409, state="conflict", rows=told)
    context = {"rows": rows, "declaration": stale.declaration, "form": form}
    return show(request, seat, "reporter/conflict.html", context, 409)


# --- The winner alone -----------------------------------------------------------------------


def check_winner_only(request: HttpRequest, seat: Seat) -> HttpResponse:
    form = WinnerOnlyForm(seat, request.POST)
    if not form.is_valid():
        return show_count(request, seat, status=422, flash=form)
    chosen = [one for one, _party_name in seat.candidates if one.pk in form.cleaned_data["winners"]]
    context = {"form": form, "winners": chosen, "key": uuid.uuid4().hex}
    return show(request, seat, "reporter/flash_check.html", context)


def declare_winner(request: HttpRequest, seat: Seat) -> HttpResponse:
    form = WinnerOnlyForm(seat, request.POST)
    if form.is_valid():
        try:
            outcome = desk.submit_result(seat.contest, *_winner(request, seat, form))
        except desk.ValidationRefused as refusal:
            for finding in refusal.messages:
                form.add_error(None, message_text(finding))
        except (desk.InvalidTransition, desk.StaleRevision, desk.IdempotencyKeyReused) as refusal:
            stale = isinstance(refusal, desk.StaleRevision)
            words = _("Someone has published here meanwhile.") if stale else str(refusal)
            form.add_error(None, words)
        else:
            return done(request, seat, outcome, page_of(seat, outcome))
    if from_outbox(request):
        found = [str(fault) for faults in form.errors.values() for fault in faults]
        return tell(request, seat, 409, state="faulty", findings=found)
    return show_count(request, seat, status=409, flash=form)


def _winner(
    request: HttpRequest, seat: Seat, form: WinnerOnlyForm
) -> tuple[BallotCounts, desk.RevisionRequest]:
    said = form.cleaned_data
    ballot_counts = BallotCounts(
        votes={one.pk: None for one, _party_name in seat.candidates}, winners=tuple(said["winners"])
    )
    submission = desk.RevisionRequest(
        kind=Declaration.Kind.WINNER_ONLY,
        by=user_of(request),
        idempotency_key=said["key"],
        base_revision=said["base_revision"],
        declared_at=_when(seat, form),
    )
    return ballot_counts, submission


# --- A colleague's --------------------------------------------------------------------------


def _theirs(request: HttpRequest, seat: Seat) -> ReviewItem:
    waiting = ReviewItem.objects.filter(contest=seat.contest, kind=ReviewItem.Kind.RESULT)
    others = waiting.exclude(by=user_of(request)).select_related("contest__election", "by")
    return get_object_or_404(others, pk=read_id(request.POST.get("offer", "")))


def check_theirs(request: HttpRequest, seat: Seat) -> HttpResponse:
    """What a colleague sent, to be held against what one heard oneself."""
    offer = _theirs(request, seat)
    if offer.state != ReviewItem.State.WAITING:
        return HttpResponseRedirect(here(seat))
    ballot_counts = BallotCounts.from_json(offer.content["figures"])
    context: dict[str, Any] = {"offer": offer, "figures": ballot_counts}
    if ballot_counts.complete:
        context["statement"] = statement_of(seat, ballot_counts)
    else:
        chosen = [one for one, _party_name in seat.candidates if one.pk in ballot_counts.winners]
        context["winners"] = chosen
    return show(request, seat, "reporter/confirm.html", context)


def confirm(request: HttpRequest, seat: Seat) -> HttpResponse:
    """One's own word besides the colleague's: it is published."""
    offer = _theirs(request, seat)
    try:
        answer = desk.approve(offer, by=user_of(request))
    except desk.DeskError:
        # It was settled meanwhile, or the seat has moved on: its page says where it stands.
        return HttpResponseRedirect(here(seat))
    return HttpResponseRedirect(page_of(seat, answer))
