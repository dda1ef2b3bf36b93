"""Load a hex cartogram from HexJSON: one hexagon to a seat.

https://open-innovations.org/projects/hexmaps/hexjson
"""

import json
import re
from collections import Counter
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from results import desk
from results.arithmetic import clean_text
from results.exchange.ballot_identity import AmbiguousBallotError, BallotIdentity
from results.exchange.contests import Contests
from results.exchange.errors import FileError, FileErrors, counted
from results.models import Contest, Election

#: A NUL and halves of pairs, as the document has them when it is written again: JSON can escape
#: both, while PostgreSQL stores and UTF-8 has neither.
_NO_TEXT = re.compile(r"\\u0000|[\ud800-\udfff]")


@transaction.atomic
def load_map(election: Election, file: Path, *, incomplete: bool = False) -> int:
    """Set the positions of the election's contests on the map; return how many have one.

    Hexagons are matched by code, then by name. Raises FileErrors, and changes nothing, for a file
    that is not HexJSON, that has none of the seats, or, unless it may be `incomplete`, that is of
    other seats: some of ours have no hexagon while some of its hexagons are none of ours.
    """
    layout, hexes = _read(file)
    placed, unknown = _place(Contests(election), file, hexes)
    if not placed:
        raise FileErrors([FileError(file, 0, "hexes", f"none is a seat of “{election.slug}”")])
    missing = Contest.objects.filter(election=election).exclude(pk__in=placed)
    if unknown and missing and not incomplete:
        raise FileErrors([_of_other_seats(file, election, missing, unknown)])
    election.hex_layout = layout
    election.save(update_fields=["hex_layout"])
    Contest.objects.filter(election=election).update(hex_q=None, hex_r=None)
    Contest.objects.bulk_update(placed.values(), ["hex_q", "hex_r"])
    desk.start_new_epoch(election)
    return len(placed)


def _place(
    contests: Contests, file: Path, hexes: Mapping[str, dict[str, Any]]
) -> tuple[dict[int, Contest], list[str]]:
    """Return the contests at their places, by key, and the names of other hexagons.

    Raises FileErrors for a hexagon that may be of several contests, for a second one of a contest,
    and for one at the place of another: on the map it would hide it.
    """
    placed: dict[int, Contest] = {}
    unknown: list[str] = []
    errors: list[FileError] = []
    taken: dict[tuple[int, int], Contest] = {}
    for code, hexagon in hexes.items():
        try:
            contest = _find(contests, code, hexagon.get("n", ""))
        except AmbiguousBallotError as exc:
            errors.append(FileError(file, 0, f"hexes.{code}", str(exc)))
            continue
        if contest is None:
            unknown.append(hexagon.get("n") or code)
            continue
        place = hexagon["q"], hexagon["r"]
        if contest.pk in placed:
            reason = f"is a second hexagon of {contest.name}"
            errors.append(FileError(file, 0, f"hexes.{code}", reason))
        elif other := taken.get(place):
            reason = f"is at the place of {other.name} (column {place[0]}, row {place[1]})"
            errors.append(FileError(file, 0, f"hexes.{code}", reason))
        contest.hex_q, contest.hex_r = place
        placed[contest.pk] = taken[place] = contest
    if errors:
        raise FileErrors(errors)
    return placed, unknown


def _find(contests: Contests, code: str, name: str) -> Contest | None:
    """Return the contest of a hexagon, by code or by name: maps have codes of their own."""
    contest = contests.find_ballot(BallotIdentity(name=name, code=code))
    return contest or (contests.find_ballot(BallotIdentity(name=name)) if name else None)


def _of_other_seats(
    file: Path, election: Election, missing: QuerySet[Contest], unknown: list[str]
) -> FileError:
    """The map of an earlier review of boundaries, most likely: say how much of it does not fit."""
    names = ", ".join(missing.values_list("name", flat=True)[:3])
    reason = (
        f"{counted(missing.count(), 'seat')} of “{election.slug}” without a hexagon (such as "
        f"{names}), and {counted(len(unknown), 'hexagon')} of other seats (such as "
        f"{', '.join(unknown[:3])}): load the map of these boundaries, or add --force"
    )
    return FileError(file, 0, "hexes", reason)


def _read(file: Path) -> tuple[str, dict[str, dict[str, Any]]]:
    try:
        text = file.read_text(encoding="utf-8-sig")
        document = json.loads(text, object_pairs_hook=partial(_named_once, file))
        has_no_text = _NO_TEXT.search(json.dumps(document, ensure_ascii=False))
    except OSError as exc:
        raise FileErrors([FileError(file, 0, "", exc.strerror or str(exc))]) from None
    except UnicodeDecodeError:
        raise FileErrors([FileError(file, 0, "", "is not UTF-8 text")]) from None
    except json.JSONDecodeError as exc:
        raise FileErrors(
            [FileError(file, exc.lineno, "", f"is not HexJSON, as a map is: {exc.msg}")]
        ) from None
    except (ValueError, RecursionError):
        reason = "is not HexJSON: nested too deeply, or a number of too many digits"
        raise FileErrors([FileError(file, 0, "", reason)]) from None
    if has_no_text:
        reason = "has characters that no text has: a NUL, or half of a pair (\\u0000, \\ud800)"
        raise FileErrors([FileError(file, 0, "", reason)])
    if not isinstance(document, dict) or not isinstance(document.get("hexes"), dict):
        raise FileErrors([FileError(file, 0, "hexes", "is missing: not a HexJSON file")])
    layout = document.get("layout")
    if layout not in Election.HexLayout.values:
        known = ", ".join(Election.HexLayout.values)
        raise FileErrors([FileError(file, 0, "layout", f"“{layout}” is none of {known}")])
    errors = [
        FileError(file, 0, f"hexes.{code}", "has no whole numbers q and r")
        for code, hexagon in document["hexes"].items()
        if not _is_valid(hexagon)
    ]
    if errors:
        raise FileErrors(errors)
    return layout, document["hexes"]


def _named_once(file: Path, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object of these members. Raises FileErrors for a name that is there twice."""
    members = dict(pairs)
    if len(members) < len(pairs):
        numbers = Counter(name for name, _value in pairs)
        twice = next(name for name, number in numbers.items() if number > 1)
        raise FileErrors([FileError(file, 0, "", f"has “{clean_text(twice)[:40]}” twice")])
    return members


def _is_valid(hexagon: Any) -> bool:
    return (
        isinstance(hexagon, dict)
        and isinstance(hexagon.get("n", ""), str)
        and all(type(hexagon.get(axis)) is int and abs(hexagon[axis]) < 1000 for axis in "qr")
    )
