"""Lists of the admin on a desk that has held a night before, whose seats have the same names."""

import pytest
from django.test import Client

from results import desk
from results.models import Assignment, Contest, Declaration, Election
from tests import nights
from tests.editor.conftest import address

JUNE, MAY = "By-elections of June", "By-elections of May"
#: Lists that name a contest, and the parameter that leaves one election's.
LISTS = {
    "contest": "election__id__exact",
    "declaration": "contest__election__id__exact",
    "reviewitem": "contest__election__id__exact",
    "quote": "",
    "post": "",
}


def night_of(slug: str, name: str) -> Election:
    """A night with a declared seat, a quote and a post of it, and a seat whose result waits."""
    election = nights.election(slug, name=name, second_person=Election.SecondPerson.ALWAYS)
    seat, other = (
        nights.contest(election, place, [("Ann", "lab"), ("Bob", "con")])
        for place in ("Vale", "Dale")
    )
    nights.declare(seat, 9000, 8000)
    _wait(other)
    quote = desk.QuoteContent(contest=seat, words="Thank you.", speaker="Ann")
    for content in (quote, desk.PostContent(contest=seat, text="A recount.")):
        by = nights.user("editor", staff=True)
        desk.publish(election, content, by=by, idempotency_key=nights.key())
    return election


def _wait(seat: Contest) -> None:
    request = desk.RevisionRequest(
        kind=Declaration.Kind.DECLARATION,
        by=nights.user(),
        idempotency_key=nights.key(),
        base_revision=0,
    )
    desk.submit_result(seat, nights.ballot_counts(seat, 7000, 6500), request)


def rows_of(admin: Client, name: str, **query: int) -> str:
    """The HTML of the rows of a list, without its filters."""
    page = admin.get(address(f"{name}_changelist"), query).content.decode()
    return page.partition("<tbody>")[2].partition("</tbody>")[0]


@pytest.mark.parametrize("name", LISTS)
def test_names_the_election_beside_the_contest(admin: Client, name: str) -> None:
    night_of("june", JUNE)
    night_of("may", MAY)
    rows = rows_of(admin, name)
    assert rows.count(JUNE) == rows.count(MAY) > 0


@pytest.mark.parametrize("name", LISTS)
def test_leaves_out_the_election_that_all_rows_have(admin: Client, name: str) -> None:
    june = night_of("june", JUNE)
    assert JUNE not in rows_of(admin, name)
    night_of("may", MAY)
    if LISTS[name]:
        chosen = rows_of(admin, name, **{LISTS[name]: june.pk})
        assert ("Dale" if name == "reviewitem" else "Vale") in chosen
        assert JUNE not in chosen
        assert MAY not in chosen


def test_names_the_election_once_where_it_has_a_column(admin: Client) -> None:
    for slug, name in (("june", JUNE), ("may", MAY)):
        seat = night_of(slug, name).contests.get(name="Vale")
        Assignment.objects.create(contest=seat, reporter=nights.user())
    assert rows_of(admin, "assignment").count(JUNE) == 1
