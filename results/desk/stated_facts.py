"""What the chain states of a whole election, and how its entries are compared with the present."""

from collections.abc import Iterator, Mapping
from typing import Any

from results.arithmetic.hash_chain import canonical
from results.models import Body, Election, Region

Content = dict[str, Any]

#: Columns of an election that readers see, or that its results follow from.
ELECTION = (
    *("slug", "name", "kind", "timezone", "polls_close", "language", "baseline", "house_seats"),
    *("deposits", "hex_layout", "rehearsal", "final"),
)
BODY = ("slug", "name", "seats", "areas", "control_before")
REGION = ("slug", "name", "nation")


def election_content(election: Election) -> Content:
    """The facts and rules of an election, as stored now: docs/record.md has the form."""
    return {
        **{name: getattr(election, name) for name in ELECTION},
        "date": election.date.isoformat(),
        "bodies": [
            {
                **{name: getattr(body, name) for name in BODY},
                # A list, since a comparison is of what an entry names.
                "composition_before": sorted(map(list, body.composition_before.items())),
            }
            for body in Body.objects.filter(election=election).order_by("pk")
        ],
        "regions": [
            {name: getattr(region, name) for name in REGION}
            for region in Region.objects.filter(election=election).order_by("pk")
        ],
    }


def stated_election(election: Election) -> str:
    """The same in its canonical form, to compare it before and after an edit."""
    return canonical(election_content(election))


def disagreements(said: Any, now: Any, name: str = "") -> Iterator[tuple[str, Any, Any]]:
    """(name, as an entry says, now) of each value that is another one now.

    Both in the canonical form. What the entry does not say, such as one of an earlier release, is
    not compared.
    """
    if isinstance(said, Mapping) and isinstance(now, Mapping):
        for key, value in said.items():
            yield from disagreements(value, now.get(key), f"{name}.{key}" if name else key)
    elif isinstance(said, list) and isinstance(now, list) and len(said) == len(now):
        for place, (before, after) in enumerate(zip(said, now, strict=True), 1):
            yield from disagreements(before, after, f"{name} {place}")
    elif said != now:
        yield name, said, now
