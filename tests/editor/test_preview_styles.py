"""Previews of the desk have the stylesheets of the pages whose parts they show."""

import re

import pytest
from django.test import Client

from results.arithmetic import ElectionKind
from results.models import Contest
from tests import councils, nights
from tests.editor.conftest import address, form_data
from tests.responses import Response

#: What pages of wards have, and what those of results that stand each on its own have.
WARDS = ["council.css"]
SEPARATE = ["seat.css", "separate_results.css"]


@pytest.fixture
def ward(db: None) -> Contest:
    night = councils.council_night()
    body = councils.council(night, {"Hill": (["con"], ["lab"]), "Mill": (["lab"], ["lab"])})
    return declared(body.contests.get(name="Hill"))


@pytest.fixture
def by_election(db: None) -> Contest:
    night = nights.election(kind=ElectionKind.UK_PARLIAMENT_BY_ELECTION)
    for name in ("Hill", "Mill"):
        nights.contest(night, name, [("Ann Ash", "lab"), ("Bob Birch", "con")])
    return declared(Contest.objects.get(name="Hill"))


def declared(contest: Contest) -> Contest:
    councils.declare(contest)
    return contest


def sheets(answer: Response) -> list[str]:
    """The stylesheets of the kind of election that the previewed document has."""
    found = re.findall(r"reader/(\w+\.css)", answer.content.decode())
    return [name for name in found if name in WARDS + SEPARATE]


@pytest.mark.parametrize(("fixture", "expected"), [("ward", WARDS), ("by_election", SEPARATE)])
class TestSheets:
    def test_of_a_correction(
        self, admin: Client, request: pytest.FixtureRequest, fixture: str, expected: list[str]
    ) -> None:
        page = address("contest_correct", request.getfixturevalue(fixture).pk)
        form = form_data(admin.get(page)) | {"rejected": "13", "reason": "Read again."}
        form |= {"warning_reason": "As read out.", "step": "preview"}
        assert sheets(admin.post(page, form)) == expected

    def test_of_a_headline(
        self, admin: Client, request: pytest.FixtureRequest, fixture: str, expected: list[str]
    ) -> None:
        election = request.getfixturevalue(fixture).election
        page = address("headline_add")
        form = form_data(admin.get(page)) | {"election": election.pk, "text": "A headline"}
        del form["_confirmed"]
        assert sheets(admin.post(page, form)) == expected

    def test_of_a_detail(
        self, admin: Client, request: pytest.FixtureRequest, fixture: str, expected: list[str]
    ) -> None:
        page = address("contest_change", request.getfixturevalue(fixture).pk)
        form = form_data(admin.get(page)) | {"name": "Upper Hill"}
        assert sheets(admin.post(page, form)) == expected
