"""Steps of a result: check, publish, winner only, and confirming a colleague's."""

import uuid
from collections.abc import Collection
from typing import Any

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from results import desk
from results.arithmetic import BLOCK, BallotCounts, read_id
from results.desk.checks import check
from results.desk.reversals import CODES as REVERSALS
from results.live.candidate_names import told_apart
from results.live.seat import Seat
from results.models import Declaration, ReviewItem
from results.reporter.conflicts import compare_figures, may_follow, published_meanwhile
from results.reporter.count_page import render_count, render_page
from results.reporter.forms import ResultForm, WinnerOnlyForm
from results.reporter.permissions import user_of
from results.reporter.refusals import words_of_refusal
from results.reporter.responses import (
    answer_url,
    count_url,
    from_outbox,
    outbox_response,
    respond,
    stopped,
)
from results.reporter.sent_before import answer_sent_before
from results.reporter.statement import statement_of, statement_of_totals
from results.words.ballot_papers import names_from_text, names_to_text
from results.words.validation_messages import message_text

LONGEST_KEY = 64
#: Name of `item` in forms of earlier releases, which a phone sends after the upgrade.
EARLIER_ITEM = "offer"

# --- Full results ---------------------------------------------------------------------------


def edit_result(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Return from the check to the form, with everything as it was typed and no errors."""
    typed = ResultForm(seat, request.POST).as_typed
    initial: dict[str, Any] = {each.name: each.value for each in typed}
    initial |= {"lot": request.POST.getlist("lot")}
    return render_count(request, seat, result=ResultForm(seat, initial=initial))


def check_result(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show the result as it would be read out, or the form again where a check blocks it."""
    return _check(request, seat, ResultForm(seat, request.POST), publishing=False)


def submit_result(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Publish the result, or queue it for a second person."""
    form = ResultForm(seat, request.POST)
    if not form.is_valid():
        return answer_sent_before(request, seat) or _invalid(request, seat, form)
    try:
        answer = desk.submit_result(
            seat.contest, form.ballot_counts(), _revision_request(request, seat, form)
        )
    except desk.ValidationRefused:
        return _check(request, seat, form, publishing=True)
    except desk.StaleRevision as refusal:
        return _conflict(request, seat, form, refusal)
    except desk.BallotPaperChanged as refusal:
        if not form.follow_ballot_paper():
            form.add_error(None, str(refusal))
        return _invalid(request, seat, form, 409)
    except desk.DeskError as refusal:
        if from_outbox(request) and isinstance(refusal, desk.NightClosed | desk.PollPostponed):
            return stopped(request, seat, refusal)
        form.add_error(None, str(refusal))
        return _invalid(request, seat, form, 409)
    return respond(request, seat, answer, answer_url(seat, answer))


def _check(request: HttpRequest, seat: Seat, form: ResultForm, *, publishing: bool) -> HttpResponse:
    """Show the check page; with `publishing` it asks for the reason that its warnings need."""
    if not form.is_valid() or form.follow_ballot_paper():
        return _invalid(request, seat, form)
    ballot_counts = form.ballot_counts()
    messages = check(seat, ballot_counts, incomplete=form.is_incomplete)
    blocks = [message for message in messages if message.level == BLOCK]
    if blocks:
        form.add_messages(blocks)
        return _invalid(request, seat, form)
    reversal = next((message for message in messages if message.code in REVERSALS), None)
    odd = [message for message in messages if message.asks and message != reversal]
    texts, seen = [message_text(message) for message in odd], ",".join(each.code for each in odd)
    if publishing and from_outbox(request):
        what = {"findings": texts, "taken_back": message_text(reversal) if reversal else ""}
        return outbox_response(request, seat, 422, state="reason", **what, seen=seen)
    data = form.cleaned_data
    statement = (statement_of_totals if form.is_incomplete else statement_of)(seat, ballot_counts)
    context = {
        "incomplete": form.is_incomplete,
        "reversal": message_text(reversal) if reversal else "",
        "reversal_unconfirmed": publishing and not (data["reason"] and data["takes_back"]),
        "form": form,
        "statement": statement,
        "warnings": texts,
        "seen_warnings": seen,
        "notes": [message_text(message) for message in messages if not message.asks],
        "reason_missing": publishing and not data["warning_reason"],
        "key": data["key"] if publishing else uuid.uuid4().hex,
        "completing": seat.to_be_completed,
    }
    return render_page(request, seat, "reporter/check.html", context, 422 if publishing else 200)


def _invalid(request: HttpRequest, seat: Seat, form: ResultForm, status: int = 422) -> HttpResponse:
    """Show the form again with its errors, or list them with their fields for the outbox."""
    if not from_outbox(request):
        return render_count(request, seat, status=status, result=form)
    texts = [
        f"{form[name].label}: {error}" if name in form.fields else str(error)
        for name, errors in form.errors.items()
        for error in errors
    ]
    return outbox_response(request, seat, status, state="faulty", findings=texts)


def _revision_request(request: HttpRequest, seat: Seat, form: ResultForm) -> desk.RevisionRequest:
    """Request an update where the winner was published when the form was opened.

    It is an update as well where this reporter published the winner while typing the votes: only
    other people's revisions overtake a form.
    """
    data, user = form.cleaned_data, user_of(request)
    base = base_since(seat, data["base_revision"], user)
    own_winner = base > data["base_revision"] and seat.has_result
    # The reporter was shown another person's result, and sends this to follow it.
    follows = own_winner or "follows" in form.data
    is_first = not seat.has_result or not (follows or "declared_at" not in form.data)
    kind = Declaration.Kind.DECLARATION if is_first else Declaration.Kind.UPDATE
    return desk.RevisionRequest(
        kind=Declaration.Kind.INCOMPLETE if form.is_incomplete else kind,
        by=user,
        idempotency_key=data["key"],
        base_revision=base,
        declared_at=data.get("declared_at") if is_first else None,
        sent_at=form.sent_at if is_first else None,
        recount=data["recount"],
        source=data["source"],
        reason=data["reason"] if data["takes_back"] else "",
        warning_reason=data["warning_reason"],
        seen_warnings=form.seen_codes,
        knows_closed=data["knows_closed"],
        names=form.shown_names,
    )


#: Kinds that a reporter publishes while the votes are typed; the form stays valid.
_ON_THE_WAY = (Declaration.Kind.WINNER_ONLY, Declaration.Kind.INCOMPLETE)


def base_since(seat: Seat, base: int, user: User) -> int:
    """The revision that a form follows: the newest if all since `base` are their own, else `base`.

    Only own winners and own totals count; any other revision has overtaken the form.
    """
    if seat.standing.revision <= base or not (seat.is_incomplete or seat.to_be_completed):
        return base
    since = Declaration.objects.filter(contest=seat.contest, revision__gt=base)
    others = since.exclude(by=user, kind__in=_ON_THE_WAY)
    return base if others.exists() else seat.standing.revision


def _conflict(
    request: HttpRequest, seat: Seat, form: ResultForm, refusal: desk.StaleRevision
) -> HttpResponse:
    """Show what was published meanwhile beside the reporter's own figures."""
    what = published_meanwhile(seat, refusal.standing, user_of(request))
    rows, has_theirs = compare_figures(seat, form.ballot_counts().votes, refusal)
    follows = may_follow(refusal.standing)
    if from_outbox(request):
        revision = {"revision": refusal.standing.revision} if follows else {}
        return outbox_response(
            request, seat, 409, state="conflict", rows=rows, **what._asdict(), **revision
        )
    context = {"rows": rows, "has_theirs": has_theirs, "what": what, "form": form}
    context |= {"may_follow": follows}
    return render_page(request, seat, "reporter/conflict.html", context, 409)


# --- Winner only ----------------------------------------------------------------------------


def check_winner(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show who is about to be published as elected."""
    form = WinnerOnlyForm(seat, request.POST)
    if not form.is_valid() or form.follow_ballot_paper():
        return render_count(request, seat, status=422, winner_only=form)
    chosen = form.cleaned_data["winners"]
    winners = _names_of(seat, chosen)
    context = {"form": form, "winners": winners, "chosen": chosen, "key": uuid.uuid4().hex}
    return render_page(request, seat, "reporter/winner_check.html", context)


def _names_of(seat: Seat, candidates: Collection[int]) -> list[str]:
    """Distinct names of the candidates, in ballot-paper order."""
    return [name for pk, name in told_apart(seat.candidates).items() if pk in candidates]


def submit_winner(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Publish who is elected before the votes are known, or queue it for a second person."""
    form = WinnerOnlyForm(seat, request.POST)
    if not form.is_valid() and (earlier := answer_sent_before(request, seat)):
        return earlier
    if form.is_valid():
        try:
            answer = _submit_winner(request, seat, form)
        except desk.ValidationRefused as refusal:
            form.add_messages(refusal.messages)
        except desk.StaleRevision as refusal:
            what = published_meanwhile(seat, refusal.standing, user_of(request))
            form.add_error(None, what.words)
            form.add_error(None, _("Yours was not published. Look at the count first."))
        except desk.BallotPaperChanged as refusal:
            if not form.follow_ballot_paper():
                form.add_error(None, str(refusal))
        except desk.DeskError as refusal:
            if from_outbox(request) and isinstance(refusal, desk.NightClosed | desk.PollPostponed):
                return stopped(request, seat, refusal)
            form.add_error(None, str(refusal))
        else:
            return respond(request, seat, answer, answer_url(seat, answer))
    if from_outbox(request):
        texts = [str(error) for errors in form.errors.values() for error in errors]
        return outbox_response(request, seat, 409, state="faulty", findings=texts)
    return render_count(request, seat, status=409, winner_only=form)


def _submit_winner(request: HttpRequest, seat: Seat, form: WinnerOnlyForm) -> desk.SubmitResult:
    data = form.cleaned_data
    candidates = (candidate.pk for candidate, _party_name in seat.candidates)
    revision = desk.RevisionRequest(
        kind=Declaration.Kind.WINNER_ONLY,
        by=user_of(request),
        idempotency_key=data["key"],
        base_revision=base_since(seat, data["base_revision"], user_of(request)),
        sent_at=form.sent_at,
        knows_closed=data["knows_closed"],
        names=form.shown_names,
    )
    ballot_counts = BallotCounts.of_winners(candidates, data["winners"])
    return desk.submit_result(seat.contest, ballot_counts, revision)


# --- A colleague's result -------------------------------------------------------------------


def compare_result(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show a colleague's waiting result, to be compared with what the reporter heard."""
    return _compare(request, seat, _colleagues_item(request, seat))


def _compare(request: HttpRequest, seat: Seat, item: ReviewItem, status: int = 200) -> HttpResponse:
    if not item.waits:
        return HttpResponseRedirect(count_url(seat))
    ballot_counts = BallotCounts.from_json(item.content["figures"])
    change = desk.change_since(item, seat)
    # Votes of other candidates than those of now cannot be confirmed.
    outdated = ballot_counts.votes.keys() != seat.candidate_names.keys()
    context: dict[str, Any] = {
        "item": item,
        "ballot_counts": ballot_counts,
        "changes": change.sentences(),
        "outdated": outdated,
        "ballot": names_to_text(seat.candidate_names),
        "key": uuid.uuid4().hex,
    }
    incomplete = item.content["act"] == Declaration.Kind.INCOMPLETE
    if outdated:
        pass
    elif incomplete:
        context |= {"statement": statement_of_totals(seat, ballot_counts), "incomplete": True}
    elif ballot_counts.complete:
        context["statement"] = statement_of(seat, ballot_counts)
    else:
        context["winners"] = _names_of(seat, ballot_counts.winners)
    return render_page(request, seat, "reporter/confirm.html", context, status)


def confirm_result(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Publish a colleague's waiting result as its second person."""
    settled = _("It was settled meanwhile: look at the count.")
    try:
        item = _colleagues_item(request, seat)
    except Http404:
        if from_outbox(request):
            # Without an answer of its own it would be sent again without end.
            return outbox_response(request, seat, 422, state="refused", words=settled)
        raise
    key = request.POST.get("key", "")[:LONGEST_KEY]
    try:
        names = names_from_text(request.POST.get("ballot", ""))
        result = desk.approve(item, by=user_of(request), names=names, idempotency_key=key)
    except desk.BallotPaperChanged as refusal:
        if from_outbox(request):
            return outbox_response(request, seat, 422, state="refused", words=str(refusal))
        return _compare(request, seat, item, 409)
    except desk.DeskError as refusal:
        # It was closed or overtaken meanwhile: the count's page shows what is published.
        if from_outbox(request):
            words = words_of_refusal(refusal, overtaken=settled)
            return outbox_response(request, seat, 422, state="refused", words=words)
        return HttpResponseRedirect(count_url(seat))
    return respond(request, seat, result, answer_url(seat, result))


def _colleagues_item(request: HttpRequest, seat: Seat) -> ReviewItem:
    """Find the result that the form names. Raises Http404 for the reporter's own."""
    results = ReviewItem.objects.filter(contest=seat.contest, kind=ReviewItem.Kind.RESULT)
    others = results.exclude(by=user_of(request)).select_related("contest__election", "by")
    pk = request.POST.get("item") or request.POST.get(EARLIER_ITEM, "")
    return get_object_or_404(others, pk=read_id(pk))
