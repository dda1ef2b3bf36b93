"""The wall: a night on a newsroom's screen, which runs unattended until morning.

It has no fragments in the log. Its script is notified of each bulletin (topic `wall`) and fetches
the page again, which is rendered once for each bulletin however many screens there are, so
that a wall always is what a fresh one would be.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from electiondesk import release
from results.live.bodies import BodySnapshot
from results.live.body_board import body_table
from results.live.cached_snapshot import CachedSnapshot
from results.live.colours import themed_stylesheet
from results.live.councils import Councils, councils_of, summary_of_body
from results.live.night_cache import CachedContest
from results.models import Body, Election, Group
from results.reader import page_cache
from results.reader.addresses import origin_of
from results.reader.compression import compressed
from results.reader.council_lookup import find_council, get_body, wards_of
from results.reader.pages import Context, serve
from results.reader.public import public_election, public_or_404
from results.reader.seat_bar import SeatBar, bar_of, bar_of_council
from results.reader.wall_panels import (
    LATEST,
    Panel,
    gains_of,
    panels_of,
    panels_of_council,
)
from results.reader.wall_words import end_name, row_name, wall_words
from results.words.night_sentences import NightSummary
from results.words.party_names import PartyName

DARK, LIGHT = "dark", "light"
#: Seconds that a page of the wall stays, and how many an address may ask for.
SECONDS, MIN_SECONDS, MAX_SECONDS = 20, 5, 600
#: Contests that are expected next.
EXPECTED = 5
#: Rows of the table of parties.
ROWS = 6
#: Rows of the table of parties where no bar is above it.
ROWS_WITHOUT_BAR = 9
#: Units of the bar's drawing.
BAR_WIDTH = 1080
#: Part of the bar's length that the words at a tick need.
TICK_WIDTH = 0.27


@dataclass(frozen=True, slots=True)
class WallRow:
    """A party's row: its seats now, and the change or, before the first result, those before."""

    party_name: PartyName
    seats: int | None
    net: int | None
    before: int | None = None

    @property
    def name(self) -> str:
        return row_name(self.party_name)[0]

    @property
    def size(self) -> str:
        return row_name(self.party_name)[1]


@dataclass(frozen=True, slots=True)
class WallChoice:
    """Options of a wall's address: `?theme=light&view=map&seconds=30&group=key-seats`."""

    theme: str
    view: str
    seconds: int
    group: Group | None = None

    @classmethod
    def of(cls, request: HttpRequest, group: Group | None = None) -> "WallChoice":
        """Parse the query; unknown values get the defaults."""
        view, text = request.GET.get("view", ""), request.GET.get("seconds", "")
        seconds = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else SECONDS
        return cls(
            theme=LIGHT if request.GET.get("theme") == LIGHT else DARK,
            view=view if view in ("map", "gains", "group") else "",
            seconds=min(max(seconds, MIN_SECONDS), MAX_SECONDS),
            group=group,
        )

    @property
    def variant(self) -> str:
        """The options as a normalised query."""
        group = self.group.slug if self.group else ""
        return urlencode(
            {"theme": self.theme, "view": self.view, "seconds": self.seconds, "group": group}
        )

    def chosen(self, panels: Sequence[Panel]) -> list[Panel]:
        """The pages that the address asks for; all where it asks for none, or there is none."""
        prefix = {"map": "wall-map", "gains": "wall-gains", "group": "wall-group"}.get(self.view)
        some = [panel for panel in panels if prefix and panel.name.startswith(prefix)]
        return some or list(panels)


@require_safe
def wall_page(request: HttpRequest, election_slug: str) -> HttpResponse:
    election = public_election(election_slug)
    slug = request.GET.get("group", "")[:80].replace("\0", "")
    group = None
    if slug:
        group = public_or_404(Group.objects.select_related("election"), election_slug, slug=slug)
    choice = WallChoice.of(request, group)

    def context_of(snapshot: CachedSnapshot) -> Context:
        panels = panels_of(snapshot, choice.group)
        return _context(request, choice, panels) | _state_of(snapshot)

    return _serve(request, election, choice, context_of)


@require_safe
def body_wall(request: HttpRequest, election_slug: str, body_slug: str) -> HttpResponse:
    """The wall of one council among several."""
    body = get_body(election_slug, body_slug)
    choice = WallChoice.of(request)

    def context_of(snapshot: CachedSnapshot) -> Context:
        council, wards = find_council(snapshot, body), wards_of(snapshot, body)
        panels = panels_of_council(snapshot, wards)
        state = _state_of_council(snapshot, council, body, wards)
        return _context(request, choice, panels) | state

    return _serve(request, body.election, choice, context_of)


def _serve(
    request: HttpRequest, election: Election, choice: WallChoice, context_of: Any
) -> HttpResponse:
    template, cache = "reader/wall/wall.html", page_cache.CHOICES
    return serve(request, election, template, context_of, variant=choice.variant, cache=cache)


def _context(request: HttpRequest, choice: WallChoice, panels: Sequence[Panel]) -> Context:
    _text, digest = themed_stylesheet(choice.theme)
    name = (request.resolver_match.kwargs if request.resolver_match else {})["election_slug"]
    return {
        "topics": "wall",
        "release": release.fingerprint(),
        "theme": choice.theme,
        "seconds": choice.seconds,
        "panels": choice.chosen(panels),
        "wall_styles": reverse("wall_styles", args=[name, choice.theme, digest]),
        "shown_address": f"{origin_of(request).partition('//')[2]}/{name}",
    }


def _state_of(snapshot: CachedSnapshot) -> Context:
    """The left of the wall: headline, bar, table, and what came last."""
    summary = snapshot.night_summary
    standfirsts = [f"{summary.standfirst} {summary.more}".strip(), summary.standfirst]
    if snapshot.editors_headline:
        standfirsts = [summary.headline, *standfirsts]
    councils = snapshot.shown_councils
    bar: SeatBar | None = None
    rows: list[WallRow] = []
    if len(councils) == 1:
        bar, rows = bar_of_council(councils[0], TICK_WIDTH), _rows_of(snapshot, councils[0])
    elif not councils and not snapshot.has_separate_results:
        bar, rows = bar_of(snapshot, TICK_WIDTH), _party_rows(snapshot)
    return {
        "words": wall_words(snapshot.headline, standfirsts),
        "late": _late(snapshot),
        "bar": bar,
        "rows": rows,
        "is_begun": snapshot.tally.seats > snapshot.tally.unopposed,
        "seats_compared": snapshot.seats_compared if bar and not councils else None,
        "councils": _councils(snapshot) if len(councils) > 1 else None,
        "separate": _separate(snapshot),
        "changed": len(snapshot.gained),
        **_side(snapshot, snapshot.cached_contests, None),
        **_ends(bar),
    }


def _late(snapshot: CachedSnapshot) -> NightSummary | None:
    """The words once the first result is late; an editor's headline stays, the rule's is below."""
    late = snapshot.late_summary
    if late is None or not snapshot.editors_headline:
        return late
    return NightSummary("", late.headline)


def _state_of_council(
    snapshot: CachedSnapshot, council: BodySnapshot, body: Body, wards: Sequence[CachedContest]
) -> Context:
    summary, bar = summary_of_body(council), bar_of_council(council, TICK_WIDTH)
    keys = {ward.contest.pk for ward in wards}
    return {
        "words": wall_words(summary.headline, [summary.standfirst]),
        "body": council,
        "bar": bar,
        "rows": _rows_of(snapshot, council),
        "is_begun": council.begun,
        "changed": len(keys.intersection(snapshot.gained)),
        **_side(snapshot, wards, keys),
        **_ends(bar),
    }


def _ends(bar: SeatBar | None) -> Context:
    ends = (bar.left, bar.right) if bar else (None, None)
    names = [end_name(end.party_name) if end else "" for end in ends]
    drawn = bar.drawn(BAR_WIDTH) if bar else None
    return {"left_name": names[0], "right_name": names[1], "drawn": drawn}


def _side(
    snapshot: CachedSnapshot, contests: Sequence[CachedContest], within: set[int] | None
) -> Context:
    """Context of the latest gains, and of the next expected, shown while a panel has the gains."""
    if not snapshot.election.rules.holds or snapshot.has_separate_results:
        return {"gains": [], "expected": []}
    gains = gains_of(snapshot, LATEST, within)
    return {"gains": gains, "expected": snapshot.expected_among(contests, EXPECTED)}


def _party_rows(snapshot: CachedSnapshot) -> list[WallRow]:
    held = snapshot.held if snapshot.holders_complete else {}
    return [
        WallRow(
            row.party_name,
            row.party_tally.seats,
            None if snapshot.holders_unknown else row.party_tally.net,
            held.get(row.party_name.label, 0) if held else None,
        )
        for row in snapshot.party_table.first_rows[:ROWS]
    ]


def _rows_of(snapshot: CachedSnapshot, council: BodySnapshot) -> list[WallRow]:
    table = body_table(council, snapshot.candidates_by_body.get(council.body.pk, {}))
    rows = [WallRow(row.party_name, row.now, row.net, row.before) for row in table.rows[:ROWS]]
    return rows if council.knows_before else [replace(row, net=None, before=None) for row in rows]


def _councils(snapshot: CachedSnapshot) -> Councils:
    """The table of a night of several councils; its last row is of no overall control."""
    bodies = snapshot.shown_councils
    table = councils_of(bodies, snapshot.party_names, snapshot.candidates_by_body)
    return replace(table, rows=[*table.rows[:-1][:ROWS], table.rows[-1]])


def _separate(snapshot: CachedSnapshot) -> list[Any]:
    """Contests that are results of their own, the last declared first."""
    seats = snapshot.separate_results
    return sorted(seats, key=lambda seat: -(seat.standing.first_sequence or 0))[:ROWS_WITHOUT_BAR]


@require_safe
def wall_styles(request: HttpRequest, election_slug: str, theme: str, digest: str) -> HttpResponse:
    """The party colours of one theme; the address changes with them, so that it never expires."""
    public_election(election_slug)
    if theme not in (DARK, LIGHT):
        raise Http404(theme)
    text, current = themed_stylesheet(theme)
    response = compressed(request, text, content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = (
        "public, max-age=31536000, immutable" if digest == current else "no-store"
    )
    return response
