"""Filters of the admin's list of contests."""

from django.test import Client

from results.arithmetic import ElectionKind
from results.models import Body
from tests import nights
from tests.editor.conftest import address
from tests.reporter.conftest import text_of


def test_offers_only_the_bodies_of_the_election_that_is_chosen(admin: Client) -> None:
    general, councils = nights.election(), nights.election("may", kind=ElectionKind.COUNCIL)
    nights.contest(general, "Vale", [("Ann", "lab"), ("Bob", "con")])
    for name in ("Northshire Council", "Southshire Council"):
        body = Body.objects.create(election=councils, name=name, slug=name[:5].lower())
        nights.contest(councils, f"{name} Hill", [("Ann", "lab"), ("Bob", "con")], body=body)
    url = address("contest_changelist")
    assert "House of Commons" in text_of(admin.get(url))
    text = text_of(admin.get(url, {"election__id__exact": councils.pk}))
    assert "Southshire Council" in text
    assert "House of Commons" not in text
