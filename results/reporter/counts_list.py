"""The list of a reporter's counts, for its page and for the reports of a phone that shows it."""

from typing import Any

from django.contrib.auth.models import User
from django.db.models import F
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from results.live.seat import Seat, with_results
from results.models import Assignment, Contest
from results.reporter.checklist import is_complete, missing_from
from results.reporter.languages import counts_locale
from results.reporter.permissions import user_of
from results.words.party_names import load_party_names


def counts_of(user: User) -> list[dict[str, Any]]:
    """Return `{"seat", "contest", "missing"}` of each count, the next expected first.

    Within an election the counts with a full result come last.
    """
    assigned = Assignment.objects.filter(reporter=user).values("contest")
    contests = with_results(
        Contest.objects.filter(pk__in=assigned).order_by(
            "-election__date",
            "election__slug",
            F("expected_at").asc(nulls_last=True),
            "sort_key",
            "pk",
        )
    )
    days = {contest.election.date for contest in contests}
    party_names = {on: load_party_names(on) for on in days}
    seats = [Seat(contest, party_names[contest.election.date]) for contest in contests]
    elections = list(dict.fromkeys(seat.contest.election_id for seat in seats))
    seats.sort(key=lambda seat: (elections.index(seat.contest.election_id), is_complete(seat)))
    missing = missing_from(seats, user)
    return [
        {"seat": seat, "contest": seat.contest, "missing": missing[seat.contest.pk]}
        for seat in seats
    ]


def list_shown(request: HttpRequest) -> str:
    """Return the list as HTML if the phone says that its page is open, else an empty string."""
    if reverse("my_counts") not in request.POST.getlist("count"):
        return ""
    user = user_of(request)
    with counts_locale(user):
        return render_to_string("reporter/_counts.html", {"counts": counts_of(user)}, request)
