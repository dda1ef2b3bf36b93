"""Bodies of an election, and the contests that elect to them."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from results.arithmetic import Kind
from results.models import Body, Contest
from results.models.body import SeveralBodiesError
from tests import nights

pytestmark = pytest.mark.django_db


def test_contest_without_a_body_gets_the_only_one() -> None:
    night = nights.election()
    north = nights.contest(night, "North", [])
    (south,) = Contest.objects.bulk_create([Contest(election=night, name="South", slug="south")])
    assert north.body == south.body == Body.objects.get(election=night)
    assert north.body.name == "House of Commons"


def test_body_of_a_kind_with_many_is_named_after_the_election() -> None:
    night = nights.election(name="Northshire council", kind=Kind.COUNCIL.value)
    assert nights.contest(night, "Hill", []).body.name == "Northshire council"


def test_contest_of_several_bodies_needs_one() -> None:
    night = nights.election(kind=Kind.COUNCIL.value)
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
