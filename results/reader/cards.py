"""The pictures of the live page and of each seat, at their present number."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from results.live.scene import Scene
from results.live.seat import with_results
from results.models import Contest, Election, Party
from results.reader.card import Bar, picture
from results.reader.pages import as_of, serve_drawn
from results.words.figures import grouped, percent
from results.words.seat_lines import result_line

OTHER = "#6a645a"


@require_safe
def election_card(request: HttpRequest, election_slug: str) -> HttpResponse:
    election = get_object_or_404(Election, slug=election_slug)

    def draw(scene: Scene) -> bytes:
        colours = _colours()
        lines = [line for line in scene.lines if line.line.seats]
        most = max((line.line.seats for line in lines), default=1)
        declared = {"declared": scene.tally.seats, "all": scene.seats}
        return picture(
            kicker=f"{election.name} · " + _("%(declared)d of %(all)d declared") % declared,
            title=scene.headline,
            bars=[
                Bar(
                    line.face.name,
                    str(line.line.seats),
                    line.line.seats / most,
                    colours.get(line.face.label, OTHER),
                )
                for line in lines
            ],
            as_of=_as_of(scene),
            rehearsal=election.rehearsal,
        )

    return serve_drawn(request, election, draw, content_type="image/png")


@require_safe
def seat_card(request: HttpRequest, election_slug: str, contest_slug: str) -> HttpResponse:
    election = get_object_or_404(Election, slug=election_slug)
    contest = get_object_or_404(Contest, election=election, slug=contest_slug)

    def draw(scene: Scene) -> bytes:
        seat = scene.seat(with_results(Contest.objects.filter(pk=contest.pk)).get())
        colours = _colours()
        title = contest.name
        if seat.has_result:
            title = result_line(contest.name, seat.standing.summary, scene.faces)
        rows = [row for row in seat.rows if row.place.votes is not None]
        most = max((row.place.votes or 0 for row in rows), default=0) or 1
        return picture(
            kicker=f"{election.name} · {seat.standing.get_status_display()}",
            title=title,
            bars=[
                Bar(
                    f"{row.candidate.name}, {row.face.abbreviation}",
                    f"{grouped(row.place.votes or 0)}"
                    + (f"  {percent(row.place.share)}%" if row.place.share is not None else ""),
                    (row.place.votes or 0) / most,
                    colours.get(row.face.label, OTHER),
                )
                for row in rows
            ],
            as_of=_as_of(scene),
            rehearsal=election.rehearsal,
        )

    return serve_drawn(request, election, draw, content_type="image/png")


def _colours() -> dict[str, str]:
    return dict(Party.objects.values_list("slug", "colour"))


def _as_of(scene: Scene) -> str:
    words = {"time": as_of(scene) or "–", "number": scene.night.sequence}
    if scene.election.rehearsal:
        return _("Rehearsal: invented figures, as of %(time)s") % words
    return _("as of %(time)s, bulletin %(number)d") % words
