"""Load the holders of bodies' seats before a poll, one row for each party of a council."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction

from results.arithmetic import INDEPENDENT, Tally
from results.exchange.errors import Collected, FileError, FileErrors
from results.exchange.options import ReadOptions
from results.exchange.parties import AmbiguousParty, Parties
from results.exchange.table import Row, Table
from results.live.bodies import body_facts, misfits
from results.models import Body, Election, Party, StandingAs
from results.words.party_names import load_party_names
from results.words.party_seats import UnreadableSeats, read_control

#: Headings that mean something only in this kind of file.
EXTRA = {
    "seats": "seats_held",
    "seats_before": "seats_held",
    "seats_held": "seats_held",
    "seats_not_up": "seats_not_up",
    "not_up": "seats_not_up",
    "seats_in_all": "seats_in_all",
    "council_size": "seats_in_all",
    "total_seats": "seats_in_all",
    "control_before": "control_before",
    "political_control": "control_before",
    "control": "control_before",
}


#: Limit of a body's seats, more than any has.
MOST_SEATS = 9_999


@dataclass(slots=True)
class Composition:
    """The seats of one body by label: all that are held, and those not up, {} if not stated.

    `seats` is how many there are in all, vacant ones included. `control` is a label or
    `NO_OVERALL_CONTROL`, "" where the seats held say who controls the body.
    """

    held: dict[str, int] = field(default_factory=dict)
    not_up: dict[str, int] = field(default_factory=dict)
    seats: int = 0
    control: str = ""


@transaction.atomic
def load(election: Election, file: Path, options: ReadOptions) -> list[Body]:
    """Store the composition of each body that the file names; return these bodies.

    Raises FileErrors for a body that the election does not have, a party that is named twice or is
    not known for certain, more seats held than there are, and seats that do not fit those that the
    election fills and their last results.
    """
    table = Table(file, options, extra=EXTRA)
    table.require_columns("party_name", "seats_held")
    names = {body: (body.name, body.slug) for body in Body.objects.filter(election=election)}
    found: dict[Body, Composition] = defaultdict(Composition)
    collected = Collected()
    parties = Parties()
    for row in table.rows:
        with collected:
            _add(found[row.one_of("organisation_name", names, "body")], row, parties)
    for body, composition in found.items():
        collected.errors += _impossible_seats(file, body, composition)
    collected.raise_if_any()
    stored = [_store(body, composition) for body, composition in found.items()]
    facts = body_facts(election, [body.pk for body in found])
    party_names = load_party_names(election.date)
    errors = [
        FileError(file, 0, "seats_held", f"{each.body.name}: {error}")
        for each in facts.values()
        for error in misfits(each, party_names)
    ]
    if errors:
        raise FileErrors(errors)
    options.notes += [
        f"{file}: {each.body.name}: which of its seats are not up is not known, so that nobody is "
        "said to control it: load the wards’ last results, or give a column not_up"
        for each in facts.values()
        if each.with_tally(Tally()).not_up is None
    ]
    return stored


def _impossible_seats(file: Path, body: Body, composition: Composition) -> Iterator[FileError]:
    held = sum(composition.held.values())
    if 0 < composition.seats < held:
        yield FileError(file, 0, "seats_in_all", f"{body.name} has fewer seats than are held")
    if max(composition.seats, held) > MOST_SEATS:
        yield FileError(file, 0, "seats_held", f"{body.name} has more seats than any body has")


def _add(composition: Composition, row: Row, parties: Parties) -> None:
    label = _label(row, parties)
    if label in composition.held:
        raise FileErrors([row.error("party_name", f"“{row.text('party_name')}” is named twice")])
    composition.held[label] = row.required_count("seats_held")
    composition.seats = max(composition.seats, row.count("seats_in_all") or 0)
    control = _control(row)
    if control and composition.control and control != composition.control:
        raise FileErrors([row.error("control_before", "is another one in an earlier row")])
    composition.control = control or composition.control
    left = row.count("seats_not_up")
    if left is None:
        return
    if left > composition.held[label]:
        raise FileErrors([row.error("seats_not_up", "are more than the party holds")])
    composition.not_up[label] = left


def _control(row: Row) -> str:
    try:
        return read_control(row.text("control_before"))
    except UnreadableSeats as exc:
        raise FileErrors([row.error("control_before", str(exc))]) from None


def _label(row: Row, parties: Parties) -> str:
    try:
        standing = parties.standing(
            row.required("party_name"), row.text("party_abbreviation"), row.text("ec_party_id")
        )
    except AmbiguousParty as exc:
        raise FileErrors([row.error("party_name", str(exc))]) from None
    party: Party | None = standing["party"]
    if party is not None:
        return party.label
    is_speaker = standing["standing_as"] == StandingAs.SPEAKER
    return str(StandingAs.SPEAKER if is_speaker else INDEPENDENT)


def _store(body: Body, composition: Composition) -> Body:
    body.composition_before = {k: v for k, v in composition.held.items() if v}
    body.not_up = {k: v for k, v in composition.not_up.items() if v}
    body.seats = composition.seats or sum(composition.held.values())
    body.control_before = composition.control
    body.save(update_fields=["composition_before", "not_up", "seats", "control_before"])
    return body
