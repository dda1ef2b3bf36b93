"""Seed functions: a night of 31 seats, twelve of them declared, with a map."""

from results import desk
from results.models import Contest, Election, Party
from tests import nights

CANDIDATES = [("Ann Hall", "con"), ("Bob Rice", "lab"), ("Cy Green", "green")]


def night(slug: str = "ge") -> None:
    election = nights.election(slug)
    for number in range(30):
        seat = nights.contest(
            election,
            f"Vale {number:02}",
            CANDIDATES,
            region="East" if number % 2 else "West",
            last={"lab": 9000, "con": 8000, "green": 500},
            hex_q=number % 6,
            hex_r=number // 6,
        )
        if number < 12:
            nights.declare(seat, 9000 + number, 8000, 700)
    nights.contest(election, "Ynys Môn", CANDIDATES, hex_q=-3, hex_r=2)


def declare(election: str, *slugs: str) -> None:
    for slug in slugs:
        seat = Contest.objects.get(election__slug=election, slug=slug)
        nights.declare(seat, 21000, 9000, 300, electorate=45000)


def rename_labour(election: str, name: str) -> None:
    """Rename a party, which starts a new epoch."""
    Party.objects.filter(slug="lab").update(name=name)
    desk.start_new_epoch(Election.objects.get(slug=election))
