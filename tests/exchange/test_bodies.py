"""Bodies of an election, and the contests that elect to them."""

from importlib import import_module

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from results.arithmetic import ElectionKind
from results.models import Body, Contest
from results.models.body import SeveralBodiesError, default_name, rename_default
from tests import nights

pytestmark = pytest.mark.django_db


def test_contest_without_a_body_gets_the_only_one() -> None:
    night = nights.election()
    north = nights.contest(night, "North", [])
    (south,) = Contest.objects.bulk_create([Contest(election=night, name="South", slug="south")])
    assert north.body == south.body == Body.objects.get(election=night)
    assert north.body.name == "House of Commons"


def test_body_of_a_kind_with_many_is_named_after_the_election() -> None:
    night = nights.election(name="Northshire council", kind=ElectionKind.COUNCIL.value)
    assert nights.contest(night, "Hill", []).body.name == "Northshire council"


@pytest.mark.parametrize(
    "name",
    ["Northshire Council, 4 May 2023", "Northshire Council election", "Northshire Council"],
)
def test_council_is_not_named_after_a_day(name: str) -> None:
    night = nights.election(name=name, kind=ElectionKind.COUNCIL.value)
    assert nights.contest(night, "Hill", []).body.name == "Northshire Council"


def test_contest_of_several_bodies_needs_one() -> None:
    night = nights.election(kind=ElectionKind.COUNCIL.value)
    for name in ("northshire", "southshire"):
        Body.objects.create(election=night, slug=name, name=name.title())
    with pytest.raises(SeveralBodiesError):
        nights.contest(night, "Hill", [])


def test_ballot_paper_id_is_unique_in_an_election() -> None:
    night = nights.election()
    nights.contest(night, "Hill", [], ballot_paper_id="parl.hill.2024-07-04")
    with pytest.raises(IntegrityError), transaction.atomic():
        nights.contest(night, "Vale", [], ballot_paper_id="parl.hill.2024-07-04")
    vale = nights.contest(night, "Vale", [])
    vale.ballot_paper_id = "parl.hill.2024-07-04"
    with pytest.raises(ValidationError, match="ballot paper id"):
        vale.full_clean()


@pytest.mark.parametrize(
    ("kind", "stored", "contests"),
    [
        ("uk-parliament", {}, []),
        ("uk-parliament", {}, [("", 1)]),
        ("uk-parliament", {"deposits": False, "house_seats": 650}, [("", 1)]),
        ("uk-parliament", {"deposits": False}, [("E14000530", 1), ("W07000049", 1), ("", 1)]),
        ("uk-parliament", {}, [("N06000001", 1)]),
        ("ni-assembly", {"deposits": False}, [("N06000001", 5)]),
        ("council", {"deposits": False}, [("", 1)]),
        ("council", {}, [("", 1), ("", 3)]),
        ("council", {}, [("E05000026", 1)]),
        ("council", {"house_seats": 60}, [("w05000981", 2)]),
        ("council-stv", {"deposits": False}, [("S13002516", 4)]),
        ("council-stv", {}, [("N08000101", 5), ("N08000102", 6), ("", 5)]),
        ("scottish-parliament", {}, [("S16000074", 1)]),
    ],
)
def test_migration_tells_the_kind_by_what_is_stored(
    kind: str, stored: dict[str, int], contests: list[tuple[str, int]]
) -> None:
    migration = import_module("results.migrations.0017_bodies")
    options = {"deposits": True, "house_seats": None} | stored
    assert migration.kind_of(contests=contests, **options) == kind


def test_body_named_by_default_follows_the_kind_and_the_name() -> None:
    night = nights.election(name="May")
    hill = nights.contest(night, "Hill", [])
    night.kind, night.name = "council", "Northshire"
    assert rename_default(night, kind="uk-parliament", name="May")
    hill.body.refresh_from_db()
    assert (hill.body.name, hill.body.slug) == ("Northshire", "northshire")
    Body.objects.update(name="As an editor calls it")
    assert not rename_default(night, kind="council", name="Northshire")


@pytest.mark.parametrize(
    ("election", "body"),
    [
        ("Medway Council, 4 May 2023", "Medway Council"),
        ("Northshire local elections", "Northshire"),
        ("Council elections, 7 May 2026", "Council elections, 7 May 2026"),
        ("Local elections 2026", "Local elections 2026"),
        ("Local council elections, 7 May 2026", "Local council elections, 7 May 2026"),
        ("County Council election", "County Council election"),
        ("Durham County Council election", "Durham County Council"),
    ],
)
def test_body_is_named_after_an_election_that_names_its_place(election: str, body: str) -> None:
    assert default_name("council", election) == body


def test_body_whose_contests_have_ballot_paper_ids_keeps_its_name() -> None:
    night = nights.election()
    nights.contest(night, "Hill", [], ballot_paper_id="parl.hill.2024-07-04")
    night.kind = "council"
    assert not rename_default(night, kind="uk-parliament", name=night.name)
