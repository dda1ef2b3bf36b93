"""State an election's facts in the chain, and compare the chain's entries with the present."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from results.arithmetic.hash_chain import canonical
from results.models import Body, Election, Region

Content = dict[str, Any]

#: Columns that readers do not see and no result depends on. All others are stated, so that a new
#: column is as well.
NOT_STATED = {
    Election: {"id", "second_person", "front"},
    Body: {"id", "election", "sort_key"},
    Region: {"id", "election", "sort_key"},
}


def election_content(election: Election) -> Content:
    """Return the facts and rules of an election as stored now, in the form of docs/record.md."""
    bodies = Body.objects.filter(election=election).order_by("pk")
    regions = Region.objects.filter(election=election).order_by("pk")
    return {
        **_stated(election),
        "bodies": [_stated(body) for body in bodies],
        "regions": [_stated(region) for region in regions],
    }


def _stated(row: Election | Body | Region) -> Content:
    return {
        column.name: _plain(getattr(row, column.attname))
        for column in row._meta.concrete_fields
        if column.name not in NOT_STATED[type(row)]
    }


def _plain(value: Any) -> Any:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    # Converted to a list, since only an object's keys that an entry has are compared.
    return sorted(map(list, value.items())) if isinstance(value, Mapping) else value


def stated_election(election: Election) -> str:
    """Return the facts in canonical form, to compare them before and after an edit."""
    return canonical(election_content(election))


def disagreements(stated: Any, now: Any, name: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Yield (name, as stated in an entry, now) of each value that differs now.

    Both are in canonical form. Values that the entry does not have, such as in an earlier release,
    are not compared.
    """
    if isinstance(stated, Mapping) and isinstance(now, Mapping):
        for key, value in stated.items():
            yield from disagreements(value, now.get(key), f"{name}.{key}" if name else key)
    elif isinstance(stated, list) and isinstance(now, list) and len(stated) == len(now):
        for position, (before, after) in enumerate(zip(stated, now, strict=True), 1):
            yield from disagreements(before, after, f"{name} {position}")
    elif stated != now:
        yield name, stated, now
