"""The pictures of the live page and of each seat, at their present number."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from results.live.election_snapshot import ElectionSnapshot
from results.live.seat import with_results
from results.models import Contest, Election, Party
from results.reader.card import Bar, picture
from results.reader.pages import as_of, serve_rendered
from results.words.number_format import grouped, percent
from results.words.seat_sentences import result_sentence

OTHER = "#6a645a"


@require_safe
def election_card(request: HttpRequest, election_slug: str) -> HttpResponse:
    election = get_object_or_404(Election, slug=election_slug)

    def draw(snapshot: ElectionSnapshot) -> bytes:
        colours = _colours()
        lines = [line for line in snapshot.party_rows if line.party_tally.seats]
        most = max((line.party_tally.seats for line in lines), default=1)
        declared = {"declared": snapshot.tally.seats, "all": snapshot.seats}
        return picture(
            kicker=f"{election.name} · " + _("%(declared)d of %(all)d declared") % declared,
            title=snapshot.headline,
            bars=[
                Bar(
                    line.party_name.name,
                    str(line.party_tally.seats),
                    line.party_tally.seats / most,
                    colours.get(line.party_name.label, OTHER),
                )
                for line in lines
            ],
            as_of=_as_of(snapshot),
            rehearsal=election.rehearsal,
        )

    return serve_rendered(request, election, draw, content_type="image/png")


@require_safe
def seat_card(request: HttpRequest, election_slug: str, contest_slug: str) -> HttpResponse:
    election = get_object_or_404(Election, slug=election_slug)
    contest = get_object_or_404(Contest, election=election, slug=contest_slug)

    def draw(snapshot: ElectionSnapshot) -> bytes:
        seat = snapshot.seat(with_results(Contest.objects.filter(pk=contest.pk)).get())
        colours = _colours()
        title = contest.name
        if seat.has_result:
            title = result_sentence(contest.name, seat.standing.summary, snapshot.party_names)
        rows = [row for row in seat.rows if row.candidate_result.votes is not None]
        most = max((row.candidate_result.votes or 0 for row in rows), default=0) or 1
        return picture(
            kicker=f"{election.name} · {seat.standing.get_status_display()}",
            title=title,
            bars=[
                Bar(
                    f"{row.candidate.name}, {row.party_name.abbreviation}",
                    f"{grouped(row.candidate_result.votes or 0)}"
                    + (
                        f"  {percent(row.candidate_result.share)}%"
                        if row.candidate_result.share is not None
                        else ""
                    ),
                    (row.candidate_result.votes or 0) / most,
                    colours.get(row.party_name.label, OTHER),
                )
                for row in rows
            ],
            as_of=_as_of(snapshot),
            rehearsal=election.rehearsal,
        )

    return serve_rendered(request, election, draw, content_type="image/png")


def _colours() -> dict[str, str]:
    return dict(Party.objects.values_list("slug", "colour"))


def _as_of(snapshot: ElectionSnapshot) -> str:
    words = {"time": as_of(snapshot) or "–", "number": snapshot.night.sequence}
    if snapshot.election.rehearsal:
        return _("Rehearsal: invented figures, as of %(time)s") % words
    return _("as of %(time)s, bulletin %(number)d") % words
