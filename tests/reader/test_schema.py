"""The published schema of results.json describes what the server sends, and all of it."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft202012Validator

from results import desk
from results.arithmetic import BallotCounts, ElectionKind
from results.models import Body, Contest, Election, Standing
from tests import nights

pytestmark = pytest.mark.django_db

Document = dict[str, Any]


def read(client: Client) -> tuple[Document, Document]:
    """The document and the schema that it names."""
    document: Document = json.loads(client.get("/ge/results.json").content)
    answer = client.get(document["schema"])
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    return document, json.loads(answer.content)


def contests() -> tuple[Contest, Contest, Contest, Contest]:
    """An ordinary seat, one whose poll is postponed, one without a poll, one of two seats."""
    night = nights.election(second_person=Election.SecondPerson.NEVER)
    alone = nights.contest(night, "Alone", [("Ann", "lab")])
    two = nights.contest(night, "Two", [("Ann", "lab"), ("Bob", "con"), ("Cat", "ld")], seats=2)
    later = nights.contest(night, "Later", [("Ann", "lab"), ("Bob", "con")])
    return nights.islington_north(night), later, alone, two


def empty() -> None:
    contests()


def under_way() -> None:
    seat, later, _alone, two = contests()
    by = nights.user()
    desk.report_status(later, Standing.Status.POSTPONED, by=by, idempotency_key="p")
    nights.declare_winner(seat, seat.candidates.all()[:1], by=by, idempotency_key="w")
    nights.declare_winner(two, two.candidates.all()[:2], by=by, idempotency_key="t")


def corrected() -> None:
    seat, _later, _alone, two = contests()
    by = nights.user()
    wrong = nights.ballot_counts(seat, *range(9000, 9000 + seat.candidates.count()))
    nights.declare_counts(seat, wrong, by=by, idempotency_key="a", warning_reason="Heard so.")
    right: BallotCounts = nights.islington_ballot_counts(seat)
    nights.correct(
        seat, right, by=by, idempotency_key="b", base_revision=1, reason="Misread.",
        warning_reason="So.",
    )  # fmt: skip
    tie = nights.ballot_counts(two, 900, 500, 500, lot=(two.candidates.all()[1].pk,))
    nights.declare_counts(two, tie, by=by, idempotency_key="c", warning_reason="So.")
    desk.correct_election(
        Election.objects.get(), [("Name", "A", "B")], by=by, reason="Wrong.", idempotency_key="d"
    )


def withdrawn() -> None:
    seat, *_others = contests()
    nights.declare(seat, *range(9000, 9000 + seat.candidates.count()))
    nights.withdraw(seat, by=nights.user(), idempotency_key="x", base_revision=1, reason="Not yet.")


def councils() -> None:
    """One council that is decided, one by thirds whose other seats nobody has entered."""
    night = nights.election(kind=ElectionKind.COUNCIL)
    for name, seats in (("Eastford", None), ("Westford", 9)):
        body = Body.objects.create(election=night, slug=name.lower(), name=name, seats=seats)
        candidates = [("Ann", "lab"), ("Bob", "con")]
        ward = nights.contest(night, f"{name} Hill", candidates, body=body, last={"con": 9})
        nights.declare(ward, 900, 800)


NIGHTS = (empty, under_way, corrected, withdrawn, councils)


@pytest.mark.parametrize("night", NIGHTS, ids=lambda night: night.__name__)
def test_documents_are_valid(client: Client, night: Callable[[], None]) -> None:
    night()
    document, schema = read(client)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    assert [error.message for error in validator.iter_errors(document)] == []
    assert list(undescribed(document, schema, schema)) == []


def undescribed(value: Any, part: Document, schema: Document, path: str = "") -> Iterator[str]:
    """The paths of fields that the schema does not have."""
    if "$ref" in part:
        part = schema["$defs"][part["$ref"].rsplit("/", 1)[1]]
    if isinstance(value, dict):
        for name, each in value.items():
            if name not in part.get("properties", {}):
                yield f"{path}/{name}"
            else:
                yield from undescribed(each, part["properties"][name], schema, f"{path}/{name}")
    elif isinstance(value, list):
        for each in value:
            yield from undescribed(each, part["items"], schema, path)


def by_slug(client: Client) -> dict[str, Document]:
    return {contest["slug"]: contest for contest in read(client)[0]["contests"]}


def test_unknown_values_are_null(client: Client) -> None:
    empty()
    seat = by_slug(client)["islington-north"]
    for candidate in seat["candidates"]:
        assert {candidate[name] for name in ("votes", "share", "elected", "lost_deposit")} == {None}
    for name in ("valid_votes", "rejected", "electorate", "majority", "by_lot", "declared_at"):
        assert seat[name] is None


def test_winner_only_has_no_votes_for_parties(client: Client) -> None:
    under_way()
    document, _schema = read(client)
    assert {party["votes"] for party in document["parties"]} == {None}
    assert sum(party["seats"] for party in document["parties"]) == 3


def test_changes_without_a_last_result_are_null(client: Client) -> None:
    night = nights.election()
    seat = nights.contest(night, "Newtown", [("Ann", "lab"), ("Bob", "con")])
    nights.declare(seat, 900, 500)
    parties = read(client)[0]["parties"]
    assert {party[name] for party in parties for name in ("gains", "losses", "net")} == {None}


def test_states_of_contests(client: Client) -> None:
    under_way()
    by = by_slug(client)
    assert [by[slug]["postponed"] for slug in ("later", "two", "alone")] == [True, False, False]
    assert [by[slug]["unopposed"] for slug in ("later", "two", "alone")] == [False, False, True]


def test_lot_and_corrections(client: Client) -> None:
    corrected()
    by = by_slug(client)
    assert by["two"]["by_lot"] is True
    assert by["islington-north"]["by_lot"] is False
    (correction,) = by["islington-north"]["corrections"]
    assert correction["retraction"].startswith("We said that ")
    text = client.get("/ge/results.csv").content.decode("utf-8-sig")
    assert "Misread." in text


@pytest.mark.parametrize("name", ["results-2.json", "results-0.json"])
def test_there_is_no_other_version(client: Client, name: str) -> None:
    assert client.get(f"/schema/{name}").status_code == 404


def test_csv_begins_with_a_byte_order_mark(client: Client) -> None:
    empty()
    assert client.get("/ge/results.csv").content.startswith(b"\xef\xbb\xbfelection,")


def test_bodies_have_seats_before_and_now_and_control(client: Client) -> None:
    councils()
    decided, unknown = read(client)[0]["bodies"]
    assert (decided["control_before"], decided["control"]) == ("Conservative", "Labour")
    assert (decided["outcome"], decided["majority_line"], decided["seats"]) == ("gain", 1, 1)
    labour, conservative = decided["parties"]
    assert (labour["seats_before"], labour["seats"], labour["net"]) == (0, 1, 1)
    assert (conservative["seats_before"], conservative["seats"], conservative["net"]) == (1, 0, -1)
    assert (unknown["seats"], unknown["control"], unknown["outcome"]) == (9, None, None)
    assert {party["seats"] for party in unknown["parties"]} == {None}


def test_table_of_bodies_has_a_row_for_each_party(client: Client) -> None:
    councils()
    text = client.get("/ge/bodies.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 4
    first = rows[0]
    assert (first["body"], first["control"], first["party"]) == ("Eastford", "Labour", "Lab")
    assert (first["seats_before"], first["seats"], first["net"]) == ("0", "1", "1")


def test_general_election_has_no_bodies(client: Client) -> None:
    empty()
    assert read(client)[0]["bodies"] == []
