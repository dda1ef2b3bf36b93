"""The page of one count, with every form that its state allows."""

import uuid
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from results import desk
from results.live.seat import Seat
from results.models import ReviewItem, Standing
from results.reporter.forms import (
    AskForm,
    CountForm,
    NoticeForm,
    PhotoForm,
    QuoteForm,
    ResultForm,
    WinnerOnlyForm,
)
from results.reporter.permissions import user_of
from results.reporter.responses import kept_words

#: States of the count that a reporter reports with one tap.
REPORTED = (
    Standing.Status.UNDER_WAY,
    Standing.Status.BUNDLE_CHECK,
    Standing.Status.RECOUNT,
    Standing.Status.ON_STAGE,
    Standing.Status.AWAITING,
)
FILED = 5


def show(
    request: HttpRequest, seat: Seat, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    shared = {"seat": seat, "contest": seat.contest, "election": seat.contest.election}
    return render(request, template, {**shared, **context}, status=status)


def show_count(
    request: HttpRequest, seat: Seat, *, status: int = 200, **given: forms.Form
) -> HttpResponse:
    """The count's page; ``given`` are forms as they were sent, with what is wrong in them."""
    waiting = not seat.has_result
    winner_only = seat.standing.status == Standing.Status.WINNER_ONLY
    user = user_of(request)
    shown: dict[str, forms.Form | None] = {
        "result": ResultForm(seat, initial=_opened(seat)) if waiting or winner_only else None,
        "flash": WinnerOnlyForm(seat, initial=_opened(seat)) if waiting else None,
        "about": CountForm(seat, initial=_key()) if waiting else None,
        "ask": AskForm(seat, initial=_published(seat))
        if seat.has_result and not winner_only
        else None,
        "quote": QuoteForm(seat, initial=_key()),
        "photo": PhotoForm(initial={**_key(), "credit": user.get_full_name()}),
        "notice": NoticeForm(initial=_key()),
    }
    offers = ReviewItem.objects.filter(contest=seat.contest).select_related("by", "bulletin")
    theirs = offers.filter(kind=ReviewItem.Kind.RESULT, state=ReviewItem.State.WAITING).exclude(
        by=user
    )
    context = {
        **shown,
        **given,
        "faulty": [name for name, form in given.items() if form.is_bound and form.errors],
        "completing": winner_only,
        "reported": [(state.value, state.label) for state in REPORTED],
        "status_key": uuid.uuid4().hex,
        "at_once": desk.can_publish_unreviewed(user, seat.contest.election),
        "kept_words": kept_words(seat.contest.election),
        "theirs": list(theirs),
        "mine": list(offers.filter(by=user).exclude(state=ReviewItem.State.REPLACED)[:FILED]),
        "filed": seat.contest.quotes.current()[:FILED],
    }
    return show(request, seat, "reporter/count.html", context, status)


def _key() -> dict[str, str]:
    return {"key": uuid.uuid4().hex}


def _opened(seat: Seat) -> dict[str, Any]:
    """What a new form of the result starts from: what was announced at verification is known."""
    standing = seat.standing
    return {
        "base_revision": standing.revision,
        "electorate": standing.verified_electorate,
        "papers": standing.verified_papers,
        "turnout_announced": _plain(standing.verified_turnout),
    }


def _published(seat: Seat) -> dict[str, Any]:
    """Every figure as it stands, to be changed where it is wrong."""
    declaration = seat.declaration
    if declaration is None:
        return {}
    ballot_counts = declaration.ballot_counts
    return {
        **_key(),
        **{f"votes-{candidate}": votes for candidate, votes in ballot_counts.votes.items()},
        "base_revision": seat.standing.revision,
        "rejected": ballot_counts.rejected,
        "electorate": ballot_counts.electorate,
        "turnout_announced": _plain(ballot_counts.turnout_announced),
        "papers": ballot_counts.papers,
        "valid_announced": ballot_counts.valid_announced,
        "lot": [str(one) for one in ballot_counts.lot],
    }


def _plain(percentage: Any) -> str:
    return "" if percentage is None else f"{percentage.normalize():f}"
