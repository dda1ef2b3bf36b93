"""Serves the cards of the live page and of each seat: pictures of the current result."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from results.live.bodies import BodySnapshot
from results.live.cached_snapshot import CachedSnapshot
from results.live.councils import summary_of_body
from results.live.seat import Seat, with_results
from results.live.seat_row import Row
from results.models import Contest, HouseStyle, Party
from results.reader.bodies import find_council, get_body
from results.reader.card import Bar, picture
from results.reader.moved import contest_or_404, redirect_if_merged
from results.reader.pages import as_of, serve_rendered
from results.reader.public import public_election
from results.words.kinds import words_of
from results.words.number_format import grouped, percent
from results.words.party_names import PartyName

OTHER_COLOUR = "#6a645a"

#: What a bar stands for: its name, the number as text, the number, and whose colour it has.
Value = tuple[str, str, int, PartyName]


@require_safe
def election_card(request: HttpRequest, election_slug: str) -> HttpResponse:
    election = public_election(election_slug)
    return serve_rendered(request, election, _election_picture, content_type="image/png")


@require_safe
def seat_card(request: HttpRequest, election_slug: str, contest_slug: str) -> HttpResponse:
    election = public_election(election_slug)
    contest = contest_or_404(election, contest_slug)
    if redirect := redirect_if_merged(request, contest, contest_slug):
        return redirect
    return serve_rendered(
        request,
        election,
        lambda snapshot: _seat_picture(snapshot, contest),
        content_type="image/png",
    )


def _election_picture(snapshot: CachedSnapshot) -> bytes:
    tally = snapshot.tally
    counts = {"declared": tally.declared, "all": snapshot.seats, "postponed": tally.postponed}
    status = _("%(declared)d of %(all)d declared") % counts
    if tally.postponed:
        status = _("%(declared)d of %(all)d declared, %(postponed)d postponed") % counts
    if snapshot.has_separate_results:
        values = _values_of_separate(snapshot.separate_results)
        return _picture(snapshot, status, snapshot.headline, values)
    values = [
        (row.party_name.name, str(row.party_tally.seats), row.party_tally.seats, row.party_name)
        for row in snapshot.party_rows
        if row.party_tally.seats
    ]
    return _picture(snapshot, status, snapshot.headline, values)


@require_safe
def body_card(request: HttpRequest, election_slug: str, body_slug: str) -> HttpResponse:
    body = get_body(election_slug, body_slug)

    def render(snapshot: CachedSnapshot) -> bytes:
        return _council_picture(snapshot, find_council(snapshot, body))

    return serve_rendered(request, body.election, render, content_type="image/png")


def _council_picture(snapshot: CachedSnapshot, council: BodySnapshot) -> bytes:
    wards = words_of(council.body).listed.number(council.facts.contests)
    status = _("%(declared)d of %(all)s declared") % {
        "declared": council.tally.contests,
        "all": wards,
    }
    values = [
        (row.party_name.name, str(row.now), row.now, row.party_name)
        for row in council.rows
        if row.now
    ]
    return _picture(snapshot, status, summary_of_body(council).headline, values)


def _values_of_separate(seats: Sequence[Seat]) -> list[Value]:
    """The candidates of the only contest, or the winner of each that has a result."""
    if len(seats) == 1:
        return _values_of(seats[0])
    newest_first = sorted(seats, key=lambda seat: -(seat.standing.first_sequence or 0))
    return [
        (
            f"{seat.contest.full_name}: {_name(row)}",
            _votes_and_share(row),
            row.candidate_result.votes or 0,
            row.party_name,
        )
        for seat in newest_first
        for row in seat.winners[:1]
    ]


def _seat_picture(snapshot: CachedSnapshot, contest: Contest) -> bytes:
    seat = snapshot.seat(with_results(Contest.objects.filter(pk=contest.pk)).get())
    values = _values_of(seat)
    return _picture(snapshot, seat.standing.status_name, seat.title, values)


def _values_of(seat: Seat) -> list[Value]:
    """The candidates with their votes and shares, or those elected unopposed."""
    if seat.outcome is not None and seat.outcome.unopposed:
        return [(row.candidate.name, row.party_name.name, 0, row.party_name) for row in seat.rows]
    return [
        (
            _name(row),
            _votes_and_share(row),
            row.candidate_result.votes,
            row.party_name,
        )
        for row in seat.rows
        if row.candidate_result.votes is not None
    ]


def _name(row: Row) -> str:
    """“Ann Ash, Lab”, or an answer in a referendum, which is of no party."""
    return ", ".join(filter(None, [row.candidate.name, row.party_name.abbreviation]))


def _votes_and_share(row: Row) -> str:
    """“34,603  64.3%”."""
    votes, share = grouped(row.candidate_result.votes or 0), row.candidate_result.share
    return votes if share is None else f"{votes}  {percent(share)}%"


def _picture(snapshot: CachedSnapshot, status: str, title: str, values: list[Value]) -> bytes:
    colours = dict(Party.objects.values_list("slug", "colour"))
    longest = max((number for _name, _text, number, _party_name in values), default=0) or 1
    bars = [
        Bar(name, text, number / longest, colours.get(party_name.label, OTHER_COLOUR))
        for name, text, number, party_name in values
    ]
    params = {"time": as_of(snapshot) or "–", "number": snapshot.night.sequence}
    rehearsal, style = snapshot.election.rehearsal, HouseStyle.load()
    if rehearsal:
        caption = _("Rehearsal: invented figures, as of %(time)s") % params
    else:
        caption = _("as of %(time)s, bulletin %(number)d") % params
    return picture(
        kicker=f"{snapshot.election.local_name} · {status}",
        title=title,
        bars=bars,
        as_of=caption,
        rehearsal=rehearsal,
        publisher=style.publisher,
        band=style.ground,
    )
