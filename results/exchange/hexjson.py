"""A hex cartogram in HexJSON: one hexagon to a seat.

https://open-innovations.org/projects/hexmaps/hexjson
"""

import json
from pathlib import Path
from typing import Any

from django.db import transaction

from results import desk
from results.exchange.errors import FileError, FileErrors
from results.exchange.setting_up import Contests
from results.models import Contest, Election


@transaction.atomic
def load_map(election: Election, file: Path) -> int:
    """Give the election's contests their places; how many were found on the map.

    Hexagons are matched by code, then by name. Raises BadFile, and changes nothing, for a file
    that is no HexJSON or that knows none of the seats.
    """
    layout, hexes = _read(file)
    contests = Contests(election)
    placed: list[Contest] = []
    for code, one in hexes.items():
        contest = contests.find(code, one.get("n", "")) or contests.find("", one.get("n", ""))
        if contest is not None:
            contest.hex_q, contest.hex_r = one["q"], one["r"]
            placed.append(contest)
    if not placed:
        raise FileErrors([FileError(file, 0, "hexes", f"none is a seat of {election.slug}")])
    election.hex_layout = layout
    election.save(update_fields=["hex_layout"])
    Contest.objects.filter(election=election).update(hex_q=None, hex_r=None)
    Contest.objects.bulk_update(placed, ["hex_q", "hex_r"])
    desk.start_new_epoch(election)
    return len(placed)


def _read(file: Path) -> tuple[str, dict[str, dict[str, Any]]]:
    try:
        document = json.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as exc:
        raise FileErrors([FileError(file, 0, "", exc.strerror or str(exc))]) from None
    except UnicodeDecodeError:
        raise FileErrors([FileError(file, 0, "", "is not UTF-8 text")]) from None
    except json.JSONDecodeError as exc:
        raise FileErrors([FileError(file, exc.lineno, "", f"is not JSON: {exc.msg}")]) from None
    except (ValueError, RecursionError):
        reason = "is not HexJSON: nested too deeply, or a number of too many digits"
        raise FileErrors([FileError(file, 0, "", reason)]) from None
    if not isinstance(document, dict) or not isinstance(document.get("hexes"), dict):
        raise FileErrors([FileError(file, 0, "hexes", "is missing: not a HexJSON file")])
    layout = document.get("layout")
    if layout not in Election.HexLayout.values:
        known = ", ".join(Election.HexLayout.values)
        raise FileErrors([FileError(file, 0, "layout", f"“{layout}” is none of {known}")])
    errors = [
        FileError(file, 0, f"hexes.{code}", "has no whole numbers q and r")
        for code, one in document["hexes"].items()
        if not _placed(one)
    ]
    if errors:
        raise FileErrors(errors)
    return layout, document["hexes"]


def _placed(one: Any) -> bool:
    return (
        isinstance(one, dict)
        and isinstance(one.get("n", ""), str)
        and all(type(one.get(axis)) is int and abs(one[axis]) < 1000 for axis in "qr")
    )
