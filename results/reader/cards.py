"""Serves the cards of the live page and of each seat: pictures of the current result."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from results.live.election_snapshot import ElectionSnapshot
from results.live.seat import Row, with_results
from results.models import Contest, Election, Party
from results.reader.card import Bar, picture
from results.reader.pages import as_of, serve_rendered
from results.words.number_format import grouped, percent
from results.words.seat_sentences import result_sentence

OTHER_COLOUR = "#6a645a"


@require_safe
def election_card(request: HttpRequest, election_slug: str) -> HttpResponse:
    election = get_object_or_404(Election, slug=election_slug)
    return serve_rendered(request, election, _election_picture, content_type="image/png")


@require_safe
def seat_card(request: HttpRequest, election_slug: str, contest_slug: str) -> HttpResponse:
    election = get_object_or_404(Election, slug=election_slug)
    contest = get_object_or_404(Contest, election=election, slug=contest_slug)

    def render(snapshot: ElectionSnapshot) -> bytes:
        return _seat_picture(snapshot, contest)

    return serve_rendered(request, election, render, content_type="image/png")


def _election_picture(snapshot: ElectionSnapshot) -> bytes:
    colours = _colours()
    rows = [row for row in snapshot.party_rows if row.party_tally.seats]
    longest = max((row.party_tally.seats for row in rows), default=1)
    declared = {"declared": snapshot.tally.seats, "all": snapshot.seats}
    bars = [
        Bar(
            name=row.party_name.name,
            value=str(row.party_tally.seats),
            length=row.party_tally.seats / longest,
            colour=colours.get(row.party_name.label, OTHER_COLOUR),
        )
        for row in rows
    ]
    status = _("%(declared)d of %(all)d declared") % declared
    return _picture(snapshot, status, snapshot.headline, bars)


def _seat_picture(snapshot: ElectionSnapshot, contest: Contest) -> bytes:
    seat = snapshot.seat(with_results(Contest.objects.filter(pk=contest.pk)).get())
    colours = _colours()
    title = contest.name
    if seat.has_result:
        title = result_sentence(contest.name, seat.standing.summary, snapshot.party_names)
    rows = [row for row in seat.rows if row.candidate_result.votes is not None]
    longest = max((row.candidate_result.votes or 0 for row in rows), default=0) or 1
    bars = [
        Bar(
            name=f"{row.candidate.name}, {row.party_name.abbreviation}",
            value=_votes_and_share(row),
            length=(row.candidate_result.votes or 0) / longest,
            colour=colours.get(row.party_name.label, OTHER_COLOUR),
        )
        for row in rows
    ]
    return _picture(snapshot, seat.standing.get_status_display(), title, bars)


def _votes_and_share(row: Row) -> str:
    """“34,603  64.3%”."""
    votes, share = grouped(row.candidate_result.votes or 0), row.candidate_result.share
    return votes if share is None else f"{votes}  {percent(share)}%"


def _colours() -> dict[str, str]:
    return dict(Party.objects.values_list("slug", "colour"))


def _picture(snapshot: ElectionSnapshot, status: str, title: str, bars: Sequence[Bar]) -> bytes:
    params = {"time": as_of(snapshot) or "–", "number": snapshot.night.sequence}
    rehearsal = snapshot.election.rehearsal
    if rehearsal:
        caption = _("Rehearsal: invented figures, as of %(time)s") % params
    else:
        caption = _("as of %(time)s, bulletin %(number)d") % params
    return picture(
        kicker=f"{snapshot.election.name} · {status}",
        title=title,
        bars=bars,
        as_of=caption,
        rehearsal=rehearsal,
    )
