"""The results of a night on paper: for the desk, when screens or the network fail."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from results.editor.admin_page import admin_page
from results.editor.annotations import Context
from results.editor.base import election_timezone, require_permission
from results.live.election_snapshot import ElectionSnapshot
from results.live.fragments import election_locale
from results.live.seat import Seat, with_results
from results.models import Contest, Election, Standing

#: Later than every time: contests without one come last.
_LAST = datetime.max.replace(tzinfo=timezone.get_fixed_timezone(0))


def print_view(
    request: HttpRequest, election_pk: int, *, model_admin: ModelAdmin[Election]
) -> HttpResponse:
    """Page to be printed: results by name with their figures, and awaited contests by time."""
    require_permission(request, "results.view_election")
    election = get_object_or_404(Election, pk=election_pk)
    snapshot = ElectionSnapshot(election)
    with election_locale(election), election_timezone(election):
        contests = Contest.objects.filter(election=election).order_by("sort_key", "pk")
        seats = [snapshot.seat(contest) for contest in with_results(contests)]
        off = [seat for seat in seats if seat.standing.status == Standing.Status.POSTPONED]
        declared = [seat for seat in seats if seat.has_result]
        awaited = [seat for seat in seats if not seat.has_result and seat not in off]
        context: Context = {
            "title": _("Print-out: %(election)s") % {"election": election.name},
            "election": election,
            "snapshot": snapshot,
            "printed_at": timezone.now(),
            "declared": declared,
            "awaited": sorted(awaited, key=_by_time),
            "postponed": off,
            # Results of counting areas are printed, and are none of their own.
            "number_declared": _wholes(declared),
            "number_awaited": _wholes(awaited),
        }
        return admin_page(request, "editor/print_out.html", context, opts=model_admin.opts)


def _wholes(seats: Iterable[Seat]) -> int:
    return sum(not seat.contest.is_counting_area for seat in seats)


def _by_time(seat: Seat) -> tuple[datetime, str]:
    return seat.contest.expected_at or _LAST, seat.contest.sort_key
