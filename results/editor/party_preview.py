"""Preview of a party: its colour and names on bar, map and key, light and dark."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from results.live.colours import (
    DARK_PAGE,
    LIGHT_PAGE,
    SHAPE_CONTRAST,
    Shades,
    contrast,
    likeness,
    rule_for,
    shades,
)
from results.live.election_snapshot import ElectionSnapshot
from results.live.fragments import election_locale
from results.live.party_patterns import PATTERNS
from results.models import Election, Party
from results.words.party_names import tile_letters

#: Other parties drawn beside it.
MAX_NEIGHBOURS = 5
#: Units of the bar that each party has, of which this one has most.
OWN_WIDTH, OTHER_WIDTH = 40, 12
#: Distance between two hexagons, in units of their drawing.
HEXAGON = 22
#: Colours whose `likeness` is less are hard to tell apart.
ALIKE = 60


@dataclass(frozen=True, slots=True)
class DrawnParty:
    """One party in a drawing: x and width of its part of the bar, and the x of its hexagon."""

    label: str
    name: str
    letters: str
    shades: Shades
    pattern: str
    x: int
    width: int
    hexagon_x: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """Drawing of the party and others on a light or dark page, with its `ink` and `paper`."""

    title: str
    paper: str
    ink: str
    parties: Sequence[DrawnParty]
    facts: Sequence[str]

    @property
    def width(self) -> int:
        return OWN_WIDTH + OTHER_WIDTH * (len(self.parties) - 1)


def party_document(party: Party, elections: Sequence[Election]) -> str:
    """The HTML document for the party as it is stored now, and on its newest election's page.

    `elections` are those with a page that names it.
    """
    shown = party.tallied_with or party
    neighbours = _neighbours(shown)
    newest = max(elections, key=lambda election: (election.date, election.pk), default=None)
    context = {
        "party": party,
        "shown": shown,
        "drawings": [
            _drawing(_("On a light page"), LIGHT_PAGE, "#1b1916", [shown, *neighbours]),
            _drawing(_("On a dark page"), DARK_PAGE, "#f1ece1", [shown, *neighbours]),
        ],
        "colour_styles": _colour_address(shown),
        "alike": [each.name for each in neighbours if likeness(each.colour, shown.colour) < ALIKE],
        "election": newest,
        "language": newest.page_language if newest else "en",
    }
    if newest is None:
        return render_to_string("editor/party_preview_page.html", context)
    with election_locale(newest):
        snapshot = ElectionSnapshot(newest)
        context |= {
            "snapshot": snapshot,
            "party_styles": snapshot.party_styles,
            "party_name": snapshot.party_names[shown.slug],
        }
        return render_to_string("editor/party_preview_page.html", context)


def _colour_address(party: Party) -> str:
    query = urlencode({"party": party.slug, "colour": party.colour})
    return f"{reverse('admin:results_party_colour')}?{query}"


def colour_view(request: HttpRequest) -> HttpResponse:
    """A stylesheet of one party’s colour, unsaved: the pages’ policy allows no inline styles."""
    party, colour = (request.GET.get(name, "") for name in ("party", "colour"))
    if not (re.fullmatch(r"[-\w]+", party, re.ASCII) and re.fullmatch(r"#[0-9a-fA-F]{6}", colour)):
        raise Http404
    return HttpResponse(rule_for(party, colour), content_type="text/css; charset=utf-8")


def _neighbours(party: Party) -> list[Party]:
    """The largest other parties, from which this one must be distinguishable."""
    others = Party.objects.filter(tallied_with=None).exclude(pk=party.pk)
    largest = ("con", "lab", "ld", "snp", "green", "reform", "pc")
    rank = {slug: number for number, slug in enumerate(largest)}
    found = sorted(others.filter(slug__in=largest), key=lambda each: rank[each.slug])
    if len(found) < MAX_NEIGHBOURS:
        found += others.exclude(slug__in=largest)[: MAX_NEIGHBOURS - len(found)]
    return found[:MAX_NEIGHBOURS]


def _drawing(title: str, paper: str, ink: str, parties: Sequence[Party]) -> Drawing:
    return Drawing(
        title=title,
        paper=paper,
        ink=ink,
        parties=list(_drawn(parties, paper)),
        facts=list(_facts(shades(parties[0].colour, paper), paper)),
    )


def _drawn(parties: Sequence[Party], paper: str) -> Iterator[DrawnParty]:
    x = 0
    for number, party in enumerate(parties):
        width = OTHER_WIDTH if number else OWN_WIDTH
        yield DrawnParty(
            label=party.slug,
            name=party.name,
            letters=tile_letters(party.abbreviation),
            shades=shades(party.colour, paper),
            pattern=PATTERNS.get(party.slug, ""),
            x=x,
            width=width,
            hexagon_x=HEXAGON * (number + 1),
        )
        x += width


def _facts(shade: Shades, paper: str) -> Iterator[str]:
    """Yield sentences on the contrast of the colour (WCAG 2.2)."""
    ratio = contrast(shade.fill, paper)
    values = {"ratio": f"{ratio:.1f}", "least": f"{SHAPE_CONTRAST:.0f}", "edge": shade.edge}
    if ratio >= SHAPE_CONTRAST:
        yield _("Shapes have a contrast of %(ratio)s to 1 with the page.") % values
    else:
        yield (
            _(
                "Shapes have a contrast of %(ratio)s to 1 with the page, and need %(least)s to 1: "
                "they are drawn with an edge of %(edge)s."
            )
            % values
        )
    words = {"ratio": f"{contrast(shade.on_fill, shade.fill):.1f}"}
    if shade.on_fill == "#ffffff":
        yield _("Letters on it are white: %(ratio)s to 1.") % words
    else:
        yield _("Letters on it are black: %(ratio)s to 1.") % words
    if shade.ink == shade.fill:
        yield _("Words in its colour have the colour itself.")
    else:
        yield _("Words in its colour are written in %(ink)s, so that they can be read.") % {
            "ink": shade.ink
        }
