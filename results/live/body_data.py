"""Documents and tables of an election's bodies for programs: seats before and now, control."""

from collections.abc import Iterator
from typing import Any

from results.arithmetic import ControlChange
from results.live.bodies import BodyRow, BodySnapshot
from results.live.cells import plain_cell
from results.live.election_snapshot import ElectionSnapshot
from results.words.control_sentences import control_name
from results.words.number_format import printed

Document = dict[str, Any]


def bodies_of(snapshot: ElectionSnapshot) -> list[Document]:
    """Return a document for each body with its own tally, by name, as docs/data.md describes."""
    has_control = snapshot.election.rules.has_control
    return [_body(body, has_control=has_control) for body in snapshot.bodies]


def _body(body: BodySnapshot, *, has_control: bool) -> Document:
    seats, control = body.seats, body.control
    outcome = None if control.change is ControlChange.UNKNOWN else control.change.value
    before = control_name(control.before, body.party_names) or None
    return {
        "slug": body.slug,
        "name": body.name,
        "seats": seats.seats,
        "seats_up": seats.up,
        "declared": seats.tally.declared,
        "to_come": seats.to_come,
        "postponed": seats.postponed,
        "vacant": seats.vacant,
        "majority_line": seats.majority_threshold,
        "control_before": before if has_control else None,
        "control": (control_name(control.by, body.party_names) or None) if has_control else None,
        "outcome": outcome if has_control else None,
        "parties": [_party(body, row) for row in body.rows],
    }


def _party(body: BodySnapshot, row: BodyRow) -> Document:
    is_known = body.seats.not_up is not None
    complete = body.tally.complete
    return {
        "party": row.party_name.abbreviation,
        "name": row.party_name.name,
        "party_number": row.party_name.number or None,
        "seats_before": row.before if body.seats.before else None,
        "seats_not_up": row.not_up if is_known else None,
        "seats_won": row.won,
        "seats": row.now if is_known else None,
        "net": row.net,
        "votes": row.party_tally.votes if complete else None,
        "share": printed(row.share),
        "share_change": printed(row.share_change),
    }


#: Columns of the table of bodies: first the body's, then those of each of its parties.
BODY_COLUMNS = (
    *("body", "body_slug", "body_seats", "seats_up", "declared", "to_come", "postponed", "vacant"),
    *("majority_line", "control_before", "control", "outcome"),
)
PARTY_COLUMNS = (
    *("party", "name", "party_number", "seats_before", "seats_not_up", "seats_won", "seats"),
    *("net", "votes", "share", "share_change"),
)


def bodies_table(snapshot: ElectionSnapshot) -> Iterator[list[str]]:
    """Yield the table's rows: its columns, then one row for each party of each body."""
    yield ["election", *BODY_COLUMNS, *PARTY_COLUMNS]
    for body in bodies_of(snapshot):
        own = body | {
            "body": body["name"],
            "body_slug": body["slug"],
            "body_seats": body["seats"],
        }
        for party in body["parties"] or [dict.fromkeys(PARTY_COLUMNS)]:
            cells = [own[column] for column in BODY_COLUMNS]
            cells += [party[column] for column in PARTY_COLUMNS]
            yield [plain_cell(cell) for cell in (snapshot.election.slug, *cells)]
