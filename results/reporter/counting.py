"""My counts, and one count: its state, its result, its quotes. Each page takes its own forms."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from results import desk
from results.desk.checks import check
from results.live.fragments import dressed_for
from results.live.seat import Seat, with_results
from results.models import Assignment, Bulletin, Contest, Status
from results.reporter.forms import FlashForm, QuoteForm, ResultForm
from results.reporter.sign_in import reporters_only
from results.reporter.statement import statement_of
from results.words.faces import all_faces
from results.words.findings import sentence

#: States of the count that a reporter reports with one tap.
REPORTED = (Status.UNDER_WAY, Status.RECOUNT, Status.AWAITING)


@require_safe
@reporters_only
def my_counts(request: HttpRequest) -> HttpResponse:
    """The counts this reporter is sent to, the next expected first."""
    mine = Assignment.objects.filter(reporter=_user(request)).values("contest")
    contests = (
        Contest.objects.filter(pk__in=mine)
        .select_related("election", "standing")
        .order_by("-election__date", "election__slug", "expected_at", "name")
    )
    return render(request, "reporter/my_counts.html", {"contests": list(contests)})


@require_http_methods(["GET", "HEAD", "POST"])
@reporters_only
def count(request: HttpRequest, election_slug: str, contest_slug: str) -> HttpResponse:
    """One count. What is posted says which step it is; nothing is published before the check."""
    seat = _seat(request, election_slug, contest_slug)
    steps: dict[str, Callable[[HttpRequest, Seat], HttpResponse]] = {
        "check": _check,
        "change": _change,
        "publish": _publish,
        "flash-check": _flash_check,
        "flash": _flash,
        "status": _status,
        "quote": _quote,
    }
    with dressed_for(seat.contest.election):
        if request.method == "POST" and request.POST.get("step") in steps:
            return steps[request.POST["step"]](request, seat)
        return _page(request, seat)


@require_safe
@reporters_only
def published(
    request: HttpRequest, election_slug: str, contest_slug: str, sequence: int
) -> HttpResponse:
    """What the desk answered: the number of the bulletin, and what it says."""
    seat = _seat(request, election_slug, contest_slug)
    bulletin = get_object_or_404(Bulletin, contest=seat.contest, sequence=sequence)
    with dressed_for(seat.contest.election):
        return _show(request, seat, "reporter/published.html", {"bulletin": bulletin})


# --- Who, and where -------------------------------------------------------------------------


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _seat(request: HttpRequest, election_slug: str, contest_slug: str) -> Seat:
    """The seat, for who is sent there or sits at the desk; for others there is no such page."""
    contest = (
        with_results(Contest.objects.all())
        .filter(election__slug=election_slug, slug=contest_slug)
        .first()
    )
    user = _user(request)
    if contest is None:
        raise Http404
    sent = Assignment.objects.filter(reporter=user, contest=contest)
    if not (user.has_perm("results.add_declaration") or sent.exists()):
        raise Http404
    return Seat(contest, all_faces())


def _show(
    request: HttpRequest, seat: Seat, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    shared = {"seat": seat, "contest": seat.contest, "election": seat.contest.election}
    return render(request, template, {**shared, **context}, status=status)


def _here(seat: Seat) -> str:
    return reverse("count", args=[seat.contest.election.slug, seat.contest.slug])


def _to_confirmation(seat: Seat, answer: desk.Answer) -> HttpResponse:
    slugs = [seat.contest.election.slug, seat.contest.slug]
    where = reverse("published", args=[*slugs, answer.sequence])
    return HttpResponseRedirect(f"{where}?unchanged" if answer.unchanged else where)


def _page(
    request: HttpRequest,
    seat: Seat,
    *,
    result: ResultForm | None = None,
    flash: FlashForm | None = None,
    quote: QuoteForm | None = None,
    status: int = 200,
) -> HttpResponse:
    opened_at = {"base_revision": seat.standing.revision}
    waiting = not seat.has_result
    partial = seat.standing.status == Status.RUSH
    context = {
        "result": result or (ResultForm(seat, initial=opened_at) if waiting or partial else None),
        "flash": flash or (FlashForm(seat, initial=opened_at) if waiting else None),
        "quote": quote or QuoteForm(seat, initial={"key": uuid.uuid4().hex}),
        "completing": partial,
        "reported": [(state.value, state.label) for state in REPORTED],
        "status_key": uuid.uuid4().hex,
        "filed": seat.contest.quotes.current()[:5],
    }
    return _show(request, seat, "reporter/count.html", context, status)


# --- The result -----------------------------------------------------------------------------


def _change(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Back from the check, with everything as it was typed and without a fault shown."""
    typed = dict(ResultForm(seat, request.POST).as_typed)
    return _page(
        request,
        seat,
        result=ResultForm(seat, initial=typed | {"lot": request.POST.getlist("lot")}),
    )


def _check(request: HttpRequest, seat: Seat, *, publishing: bool = False) -> HttpResponse:
    """The statement, if the figures can be; else the form with what is wrong beside each field."""
    form = ResultForm(seat, request.POST)
    if not form.is_valid():
        return _page(request, seat, result=form, status=422)
    figures = form.figures()
    findings = check(seat, figures)
    blocks = [finding for finding in findings if finding.level == "block"]
    if blocks:
        form.add_findings(blocks)
        return _page(request, seat, result=form, status=422)
    context = {
        "form": form,
        "statement": statement_of(seat, figures),
        "findings": findings,
        "sentences": [sentence(finding) for finding in findings],
        "reason_missing": publishing and not form.cleaned_data["warning_reason"].strip(),
        "key": form.cleaned_data["key"] if publishing else uuid.uuid4().hex,
        "completing": seat.standing.status == Status.RUSH,
    }
    return _show(request, seat, "reporter/check.html", context, 422 if publishing else 200)


def _publish(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Send it through the door. The same key again gets the same answer."""
    form = ResultForm(seat, request.POST)
    if not form.is_valid():
        return _page(request, seat, result=form, status=422)
    said = form.cleaned_data
    sent = {
        "by": _user(request),
        "key": said["key"],
        "base_revision": said["base_revision"],
        "recount": said["recount"],
        "source": said["source"],
        "warning_reason": said["warning_reason"],
    }
    try:
        return _to_confirmation(seat, _declare_or_complete(seat, form, sent))
    except desk.Refused:
        return _check(request, seat, publishing=True)
    except desk.Stale as stale:
        return _conflict(request, seat, form, stale)
    except (desk.NotNow, desk.KeyReused) as refusal:
        form.add_error(None, str(refusal) or _("Send it once more from the check page."))
        return _page(request, seat, result=form, status=409)


def _declare_or_complete(seat: Seat, form: ResultForm, sent: dict[str, Any]) -> desk.Answer:
    """An update where the winner was known when the form was opened, else a declaration."""
    if "declared_at" in form.data or not seat.has_result:
        at = form.cleaned_data.get("declared_at")
        return desk.declare(seat.contest, form.figures(), declared_at=at, **sent)
    return desk.complete(seat.contest, form.figures(), **sent)


def _conflict(
    request: HttpRequest, seat: Seat, form: ResultForm, stale: desk.Stale
) -> HttpResponse:
    """Someone else published meanwhile: both sets of figures, side by side."""
    theirs = stale.declaration.figures.votes if stale.declaration else {}
    ours = form.figures().votes
    rows = [
        (candidate, theirs.get(candidate.pk), ours.get(candidate.pk))
        for candidate, _face in seat.candidates
    ]
    context = {"rows": rows, "declaration": stale.declaration, "form": form}
    return _show(request, seat, "reporter/conflict.html", context, 409)


# --- The winner alone, the state of the count, a quote --------------------------------------


def _flash_check(request: HttpRequest, seat: Seat) -> HttpResponse:
    form = FlashForm(seat, request.POST)
    if not form.is_valid():
        return _page(request, seat, flash=form, status=422)
    chosen = [one for one, _face in seat.candidates if one.pk in form.cleaned_data["winners"]]
    context = {"form": form, "winners": chosen, "key": uuid.uuid4().hex}
    return _show(request, seat, "reporter/flash_check.html", context)


def _flash(request: HttpRequest, seat: Seat) -> HttpResponse:
    form = FlashForm(seat, request.POST)
    if not form.is_valid():
        return _page(request, seat, flash=form, status=422)
    said = form.cleaned_data
    chosen = [one for one, _face in seat.candidates if one.pk in said["winners"]]
    try:
        answer = desk.flash(
            seat.contest,
            chosen,
            by=_user(request),
            key=said["key"],
            base_revision=said["base_revision"],
        )
    except desk.Refused as refusal:
        for finding in refusal.findings:
            form.add_error(None, sentence(finding))
        return _page(request, seat, flash=form, status=422)
    except (desk.NotNow, desk.Stale, desk.KeyReused) as refusal:
        stale = isinstance(refusal, desk.Stale)
        form.add_error(None, _("Someone has published here meanwhile.") if stale else str(refusal))
        return _page(request, seat, flash=form, status=409)
    return _to_confirmation(seat, answer)


def _status(request: HttpRequest, seat: Seat) -> HttpResponse:
    chosen = request.POST.get("status", "")
    if chosen not in REPORTED:
        return _page(request, seat, status=422)
    key = request.POST.get("key") or uuid.uuid4().hex
    try:
        desk.report_status(seat.contest, Status(chosen), by=_user(request), key=key[:64])
    except desk.DeskError:
        # A result has come meanwhile: the page shows it, and says more than the state did.
        return HttpResponseRedirect(_here(seat))
    return HttpResponseRedirect(_here(seat))


def _quote(request: HttpRequest, seat: Seat) -> HttpResponse:
    form = QuoteForm(seat, request.POST)
    if not form.is_valid():
        return _page(request, seat, quote=form, status=422)
    said = form.cleaned_data
    candidate = next((c for c, _f in seat.candidates if str(c.pk) == said["candidate"]), None)
    answer = desk.quote(
        seat.contest.election,
        said["words"],
        by=_user(request),
        key=said["key"] or uuid.uuid4().hex,
        contest=seat.contest,
        candidate=candidate,
        speaker=said["speaker"],
        role=said["role"],
        reported=bool(said["reported"]),
    )
    return HttpResponseRedirect(f"{_here(seat)}?quoted={answer.sequence}#quote")
