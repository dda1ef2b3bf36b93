"""The page of one count, with each form that the count's state allows."""

import uuid
from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from results import desk
from results.arithmetic import BallotCounts
from results.desk.review import is_editor
from results.live.election_changes import ElectionChange, election_changes
from results.live.revision_differences import RevisionChange, changes_in, revisions
from results.live.seat import Seat
from results.models import Contest, ReviewItem, Standing
from results.reporter.declared import initial_of_declared
from results.reporter.followed import with_outcomes
from results.reporter.forms import (
    CorrectionRequestForm,
    ResultForm,
    VerificationForm,
    WinnerOnlyForm,
)
from results.reporter.last_time import seats_last_time
from results.reporter.permissions import user_of
from results.reporter.phone_rules import phone_rules
from results.reporter.picture_forms import NoticeForm, PhotoForm
from results.reporter.quote_form import QuoteForm
from results.reporter.responses import awaiting_review_text
from results.reporter.second_person import differing_rows
from results.reporter.statement import published_rows
from results.words.validation_messages import number_errors

#: Statuses that a reporter reports with one tap, in the order of their buttons.
REPORTABLE = (
    Standing.Status.UNDER_WAY,
    Standing.Status.BUNDLE_CHECK,
    Standing.Status.RECOUNT,
    Standing.Status.ON_STAGE,
    Standing.Status.AWAITING,
)
#: The button of a recount that follows another with nothing between (results/desk/recounts.py).
ANOTHER_RECOUNT = "another_recount"
#: How many of the newest quotes and of the reporter's own review items the page lists.
LISTED = 5


def render_page(
    request: HttpRequest, seat: Seat, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    shared = {"seat": seat, "contest": seat.contest, "election": seat.contest.election}
    return render(request, template, {**shared, **context}, status=status)


def render_count(
    request: HttpRequest, seat: Seat, *, status: int = 200, **submitted: forms.Form
) -> HttpResponse:
    """Render the count's page; `submitted` are forms to show again, by name, with their errors."""
    # Before anything is read: what is published later may not be on the page.
    served_at = timezone.now()
    user = user_of(request)
    items = ReviewItem.objects.filter(contest=seat.contest).select_related("by", "bulletin")
    to_confirm = items.filter(kind=ReviewItem.Kind.RESULT, state=ReviewItem.State.WAITING).exclude(
        by=user
    )
    own = items.filter(by=user).exclude(state=ReviewItem.State.REPLACED)
    context = {
        "served_at": served_at,
        **_new_forms(seat, user, waiting=_own_result(own)),
        **submitted,
        "corrections": list(_last_corrections(seat)),
        "has_errors": any(form.is_bound and form.errors for form in submitted.values()),
        "completing": seat.to_be_completed,
        "published_rows": published_rows(seat) if seat.has_result else [],
        "statuses": list(_status_buttons()),
        "status_key": uuid.uuid4().hex,
        "unreviewed": desk.can_publish_unreviewed(user, seat.contest.election),
        "awaiting_review": awaiting_review_text(seat.contest.election),
        # Once the night is closed the desk alone confirms.
        "to_confirm": [] if seat.contest.election.final else list(to_confirm),
        "seats_last_time": seats_last_time(seat),
        "phone_rules": phone_rules(seat),
        "number_errors": number_errors(),
        "differing": _differing(_own_result(own)),
        "own_items": with_outcomes(own[:LISTED], user),
        "filed_quotes": seat.contest.quotes.current()[:LISTED],
    }
    return render_page(request, seat, "reporter/count.html", context, status)


def _status_buttons() -> Iterator[tuple[str, str]]:
    """Yield the value and words of each button; the style shows another recount after one."""
    for status in REPORTABLE:
        yield status.value, str(status.label)
        if status is Standing.Status.RECOUNT:
            yield ANOTHER_RECOUNT, _("Another recount")


def _last_corrections(seat: Seat) -> Iterator[RevisionChange | ElectionChange]:
    """Yield the last correction or withdrawal of the count's result, and of the whole election."""
    if seat.standing.revision > 1:
        changes = changes_in(revisions(Contest.objects.filter(pk=seat.contest.pk)))
        taken_back = [change for change in changes if change.is_correction or change.is_withdrawal]
        yield from taken_back[-1:]
    yield from [*election_changes(seat.contest.election)][-1:]


def _own_result(own: QuerySet[ReviewItem]) -> ReviewItem | None:
    """The reporter's own result that waits for a second person."""
    waiting = own.filter(kind=ReviewItem.Kind.RESULT, state=ReviewItem.State.WAITING)
    return waiting.order_by("-pk").first()


def _differing(item: ReviewItem | None) -> dict[str, Any] | None:
    """Differences between the reporter's waiting result and a colleague's; None without any."""
    disagreement = desk.find_disagreements([item]).get(item.pk) if item is not None else None
    if item is None or disagreement is None:
        return None
    return {"other": disagreement.other, "rows": list(differing_rows(disagreement, item))}


def _new_forms(
    seat: Seat, user: User, *, waiting: ReviewItem | None
) -> dict[str, forms.Form | None]:
    """The page's forms by name in its templates; None where the count's state rules one out."""
    has_poll = not seat.has_no_poll
    awaited = has_poll and not seat.has_result
    # Of a closed night the desk alone publishes the state of a count, and is not asked to.
    has_state = awaited and (not seat.contest.election.final or is_editor(user))
    full = seat.has_result and has_poll and not seat.to_be_completed
    initial = _initial_result(seat) | _initial_waiting(seat, waiting)
    return {
        "result": None if full or not has_poll else ResultForm(seat, initial=initial),
        "winner_only": WinnerOnlyForm(seat, initial=initial)
        if awaited and _may_name_a_winner(seat)
        else None,
        "verification": VerificationForm(seat, initial=_new_key()) if has_state else None,
        "correction": CorrectionRequestForm(seat, initial=_initial_correction(seat))
        if full
        else None,
        "quote": QuoteForm(seat, initial=_new_key()),
        "photo": PhotoForm(initial={**_new_key(), "credit": user.get_full_name()}),
        "notice": NoticeForm(initial=_new_key()),
    }


def _may_name_a_winner(seat: Seat) -> bool:
    """Whether a winner can be published here before the votes are known."""
    return not (seat.as_declared or seat.contest.is_counting_area or seat.is_referendum)


def _new_key() -> dict[str, str]:
    return {"key": uuid.uuid4().hex}


def _initial_result(seat: Seat) -> dict[str, Any]:
    """Start a result with what was announced at verification, or what all counting areas make.

    By single transferable vote, with everything that is published as well.
    """
    standing = seat.standing
    if seat.as_declared and seat.to_be_completed:
        return _initial_correction(seat)
    return {
        **_initial_sums(seat),
        "base_revision": standing.revision,
        "electorate": standing.verified_electorate or seat.areas.subtotals.electorate,
        "papers": standing.verified_papers,
        "turnout_announced": _plain(standing.verified_turnout),
        **_initial_totals(seat),
    }


def _initial_sums(seat: Seat) -> dict[str, Any]:
    """Start with the sums of the counting areas, once all are in; the officer's may differ."""
    subtotals = seat.areas.subtotals
    if not subtotals.all_in or seat.has_result:
        return {}
    votes = {f"votes-{candidate}": votes for candidate, votes in subtotals.votes.items()}
    return {**votes, "rejected": subtotals.rejected}


def _initial_totals(seat: Seat) -> dict[str, Any]:
    """Start with the published totals of an incomplete result, so that the rest can be added."""
    if not seat.is_incomplete or seat.declaration is None:
        return {}
    return _initial_counts(seat, seat.declaration.ballot_counts)


def _initial_waiting(seat: Seat, item: ReviewItem | None) -> dict[str, Any]:
    """Start with the reporter's own waiting result, to correct a figure that was misheard."""
    counts = item.ballot_counts if item is not None else None
    if counts is None or counts.votes.keys() > seat.candidate_names.keys():
        return {}
    return _initial_counts(seat, counts)


def _initial_counts(seat: Seat, counts: BallotCounts) -> dict[str, Any]:
    """The known figures by the names of their fields."""
    figures = figures_of(seat, counts)
    return {name: value for name, value in figures.items() if value not in (None, "")}


def _initial_correction(seat: Seat) -> dict[str, Any]:
    """Start a correction request with the result as published."""
    if seat.declaration is None:
        return {}
    revision = {"base_revision": seat.standing.revision}
    return _new_key() | revision | figures_of(seat, seat.declaration.ballot_counts)


def figures_of(seat: Seat, counts: BallotCounts) -> dict[str, Any]:
    """The figures by the names of their fields; None for those without a value."""
    return {
        **{f"votes-{candidate}": votes for candidate, votes in counts.votes.items()},
        "rejected": counts.rejected,
        "electorate": counts.electorate,
        "turnout_announced": _plain(counts.turnout_announced),
        "papers": counts.papers,
        "valid_announced": counts.valid_announced,
        "lot": [str(candidate) for candidate in counts.lot],
        **(initial_of_declared(counts) if seat.as_declared else {}),
    }


def _plain(percentage: Any) -> str:
    return "" if percentage is None else f"{percentage.normalize():f}"
