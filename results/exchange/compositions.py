"""Load the holders of bodies' seats before a poll, one row for each party of a council."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction

from results.arithmetic import INDEPENDENT, Tally
from results.exchange.columns import plain
from results.exchange.errors import Collected, FileError, FileErrors
from results.exchange.options import ReadOptions
from results.exchange.parties import AmbiguousParty, Parties
from results.exchange.row_kinds import is_total
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
    "councillors": "seats_held",
    "number_of_councillors": "seats_held",
    "seats_not_up": "seats_not_up",
    "not_up": "seats_not_up",
    "seats_in_all": "seats_in_all",
    "council_size": "seats_in_all",
    "total_seats": "seats_in_all",
    "control_before": "control_before",
    "political_control": "control_before",
    "control": "control_before",
}

#: What tables of councils call a seat that nobody holds, in the place of a party.
VACANT = frozenset({"vacant", "vacancy", "vacancies", "vacant_seat", "vacant_seats", "none"})
#: Limit of a body's seats, more than any has.
MOST_SEATS = 9_999


@dataclass(slots=True)
class Composition:
    """The seats of one body by label: all that are held, and those not up, {} if not stated.

    `seats` is how many there are in all, vacant ones included. `control` is a label or
    `NO_OVERALL_CONTROL`, "" where the seats held say who controls the body. `rows` are the rows of
    its parties by label.
    """

    held: dict[str, int] = field(default_factory=dict)
    not_up: dict[str, int] = field(default_factory=dict)
    seats: int = 0
    control: str = ""
    rows: dict[str, Row] = field(default_factory=dict)

    def error(self, column: str, error: str) -> FileError:
        """An error of the whole body, at its first row."""
        return next(iter(self.rows.values())).error(column, error)


@transaction.atomic
def load(election: Election, file: Path, options: ReadOptions) -> list[Body]:
    """Store the composition of each body that the file names; return these bodies.

    Raises FileErrors for a body that the election does not have, a party that is named twice or is
    not known for certain, more seats held than there are, and seats that do not fit those that the
    election fills and their last results.
    """
    table = Table(file, options, extra=EXTRA)
    table.require_columns("party_name", "seats_held")
    bodies = Body.objects.filter(election=election)
    names = {body: (body.name, body.slug, body.name_cy) for body in bodies}
    found: dict[Body, Composition] = defaultdict(Composition)
    collected = Collected()
    parties = Parties()
    rows = [row for row in table.rows if not _is_total(table, row)]
    if not rows:
        raise FileErrors([FileError(file, 0, "", "has no parties, only headings")])
    for row in rows:
        with collected:
            _add(found[row.one_of("organisation_name", names, "body")], row, parties)
    collected.raise_if_any()
    for body, composition in found.items():
        collected.errors += _impossible_seats(body, composition)
    collected.raise_if_any()
    stored = [_store(body, composition) for body, composition in found.items()]
    facts = body_facts(election, [body.pk for body in found])
    party_names = load_party_names(election.date)
    errors = [
        found[each.body].error("seats_held", f"{each.body.name}: {error}")
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


def _is_total(table: Table, row: Row) -> bool:
    """Whether a row has the sum of the others in place of a party; adds a note then."""
    name = row.text("party_name")
    if not is_total(name):
        return False
    table.note(row.line, f"total, skipped: {name}")
    return True


def _impossible_seats(body: Body, composition: Composition) -> Iterator[FileError]:
    held = sum(composition.held.values())
    if 0 < composition.seats < held:
        reason = f"{body.name} has {composition.seats} seats in all, fewer seats than are held: "
        yield composition.error("seats_in_all", f"{reason}{held}")
    if max(composition.seats, held) > MOST_SEATS:
        yield composition.error("seats_held", f"{body.name} has more seats than any body has")
    without = [row for label, row in composition.rows.items() if label not in composition.not_up]
    for row in without if composition.not_up else ():
        reason = "is empty, and other rows of the council have it: write 0 if none is"
        yield row.error("seats_not_up", reason)


def _add(composition: Composition, row: Row, parties: Parties) -> None:
    label = _label(row, parties)
    if other := composition.rows.get(label):
        name, before = row.text("party_name"), other.text("party_name")
        reason = f"“{name}” is named twice: it is “{before}” of line {other.line}. Add the seats up"
        raise FileErrors([row.error("party_name", reason)])
    composition.rows[label] = row
    composition.held[label] = row.required_count("seats_held")
    seats, control = row.count("seats_in_all"), _control(row)
    if seats and composition.seats not in (0, seats):
        reason = f"is {seats}, and {composition.seats} in an earlier row of the council"
        raise FileErrors([row.error("seats_in_all", reason)])
    composition.seats = seats or composition.seats
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
    name = row.required("party_name")
    if plain(name) in VACANT:
        reason = f"“{name}” is no party: leave the row out, and count its seats in “seats in all”"
        raise FileErrors([row.error("party_name", reason)])
    try:
        standing = parties.standing(name, row.text("party_abbreviation"), row.text("ec_party_id"))
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
