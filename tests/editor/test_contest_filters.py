"""Filters of the admin's list of contests."""

from collections.abc import Mapping

from django.test import Client

from results.arithmetic import ElectionKind
from results.models import Body
from tests import nights
from tests.editor.conftest import address
from tests.reporter.conftest import text_of


def rows_of(admin: Client, query: Mapping[str, int]) -> list[str]:
    """The text of each row of the list of contests."""
    body = admin.get(address("contest_changelist"), query).text.partition("<tbody>")[2]
    return body.partition("</tbody>")[0].split("</tr>")[:-1]


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


class TestSeveralElections:
    """A contest of the night before has the same name, and another result."""

    def test_names_the_election_beside_each_contest(self, admin: Client) -> None:
        for slug, name in (("june", "By-elections of June"), ("may", "By-elections of May")):
            nights.contest(nights.election(slug, name=name), "Vale", [("Ann", "lab")])
        rows = rows_of(admin, {})
        assert [row.count("By-elections of") for row in rows] == [1, 1]
        assert rows[0] != rows[1]

    def test_leaves_out_the_election_that_all_contests_have(self, admin: Client) -> None:
        june = nights.election("june", name="By-elections of June")
        nights.contest(june, "Vale", [("Ann", "lab")])
        assert "By-elections of" not in rows_of(admin, {})[0]
        nights.contest(nights.election("may"), "Vale", [("Ann", "lab")])
        chosen = rows_of(admin, {"election__id__exact": june.pk})
        assert len(chosen) == 1
        assert "By-elections of" not in chosen[0]
