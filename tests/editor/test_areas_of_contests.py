"""Edits of contests that are counted in areas, and of their counting areas."""

import pytest
from django.test import Client

from results.arithmetic import ElectionKind
from results.desk.counting_areas import follow_ballot_paper
from results.exchange.verification import check_election
from results.models import Contest, Declaration
from tests import nights
from tests.editor.conftest import REASON, address, form_data, text_of
from tests.responses import Response


@pytest.fixture
def area(db: None) -> Contest:
    """A counting area of Northshire with a published result."""
    night = nights.election(kind=ElectionKind.MAYOR, name="Mayor of Northshire")
    whole = nights.contest(night, "Northshire", [("Ann", "lab"), ("Bob", "con")])
    area = nights.contest(night, "Aford", [], part_of=whole)
    follow_ballot_paper([whole])
    nights.declare(area, 5, 10)
    return area


def save(admin: Client, contest: Contest, **fields: object) -> Response:
    url = address("contest_change", contest.pk)
    return admin.post(url, form_data(admin.get(url)) | fields)


def test_areas_are_corrected_with_the_name_of_a_candidate(admin: Client, area: Contest) -> None:
    assert area.part_of is not None
    why = {"correction-reason": REASON, "correction-tick": "on", "correction-blame": "ours"}
    renamed = {"candidates-0-name": "Anne", "correction-key": "k1"}
    assert save(admin, area.part_of, **renamed, **why).status_code == 302
    newest = Declaration.objects.filter(contest=area).order_by("-revision")[0]
    assert (newest.kind, newest.reason) == (Declaration.Kind.CORRECTION, REASON)
    assert list(check_election(area.election)) == []


def test_contest_with_published_votes_becomes_no_area(admin: Client, area: Contest) -> None:
    whole = nights.contest(area.election, "Southshire", [("Ann", "lab")])
    response = save(admin, area, part_of=whole.pk)
    assert response.status_code == 200
    assert "published votes of its own" in response.content.decode()


def test_whole_of_published_areas_is_not_deleted(admin: Client, area: Contest) -> None:
    assert area.part_of is not None
    url = address("contest_delete", area.part_of.pk)
    assert admin.post(url, {"post": "yes"}).status_code == 403
    assert Contest.objects.filter(pk=area.pk).exists()


def test_preview_of_a_withdrawal_names_no_winner(admin: Client, area: Contest) -> None:
    page = address("contest_withdraw", area.pk)
    form = form_data(admin.get(page)) | {"reason": "Misread.", "blame": "ours"}
    text = text_of(admin.post(page, form | {"step": "preview"}))
    assert "Nobody is elected here: these votes are part of a larger count." in text
    assert "Withdraw the result" in text
    assert not {"winner", "Elected", "nobody"} & set(text.partition("Readers see")[0].split())
