"""Seed functions: rehearsals with names that are long where a page has little room."""

from io import StringIO

from django.core.management import call_command

from results.arithmetic import ElectionKind
from results.models import Election


def councils_early(slug: str) -> None:
    """Three councils with long names; five wards of 17 have declared."""
    _rehearse(slug, ElectionKind.COUNCIL, declared=5, seats=17)


def councils_late(slug: str) -> None:
    """The same when most have declared; the Liberal Democrats have a line of the night."""
    _rehearse(slug, ElectionKind.COUNCIL, declared=17, seats=17)


def assembly(slug: str) -> None:
    """The London Assembly, with a list of eleven seats."""
    _rehearse(slug, ElectionKind.LONDON_ASSEMBLY, declared=4)


def referendum(slug: str) -> None:
    """One of which three counting areas are in, and the fourth, with a long name, is not."""
    _rehearse(slug, ElectionKind.REFERENDUM, declared=3)


def regions(slug: str) -> None:
    """The Scottish Parliament, of which a third has declared."""
    _rehearse(slug, ElectionKind.SCOTTISH_PARLIAMENT, declared=40)


def house(slug: str) -> None:
    """A House of 60 seats, of which half have declared."""
    _rehearse(slug, ElectionKind.UK_PARLIAMENT, declared=30, seats=60)


def house_of_650(slug: str) -> None:
    """A whole House, whose map has the names of all regions; a fifth has declared."""
    _rehearse(slug, ElectionKind.UK_PARLIAMENT, declared=130, seats=650)


def mayors(slug: str) -> None:
    """Three mayors, of whom two are elected."""
    _rehearse(slug, ElectionKind.MAYOR, declared=2)


def lists(slug: str) -> None:
    """Three constituencies of the Senedd, of which two have declared."""
    _rehearse(slug, ElectionKind.SENEDD, declared=2, seats=3)


def _rehearse(slug: str, kind: ElectionKind, **options: int | None) -> None:
    call_command("rehearse", slug, kind=kind, speed=0, stdout=StringIO(), **options)
    Election.objects.filter(slug=slug).update(second_language="cy")


def embeds(slug: str, kind: ElectionKind, declared: int, seats: int | None = None) -> list[str]:
    """Rehearse a night of the kind; return the last parts of the addresses of its embeds.

    Without `seats` it has as many contests as is usual for the kind. Of contests, one with a result
    and one without come last; of bodies, one is among them.
    """
    _rehearse(slug, kind, declared=declared, seats=seats)
    election = Election.objects.get(slug=slug)
    found = ["scoreboard", "feed"]
    if election.rules.has_control:
        found.append(f"bodies/{election.bodies.order_by('slug')[0].slug}")
    contests = election.contests.order_by("slug")
    if contests.filter(hex_q__isnull=False).exists() or election.bodies.count() == 1:
        found.append("map")
    for some in (contests.exclude(declarations=None), contests.filter(declarations=None)):
        found += some.values_list("slug", flat=True)[:1]
    return found
