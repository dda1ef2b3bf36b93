"""Links of the night dashboard beside a number: each leads to the list of what was counted."""

import re
from collections.abc import Callable
from html import unescape
from typing import NamedTuple

import pytest
from django.test import Client

from results import desk
from results.arithmetic import ElectionKind
from results.desk.counting_areas import follow_ballot_paper
from results.editor.night import page_now
from results.models import Assignment, Contest, Declaration, Election, Region, Standing
from tests import nights
from tests.editor.conftest import Dashboard, address

#: A function that returns the names in the admin's list of contests, at an address.
Listed = Callable[[str], set[str]]

_LIST = re.compile(
    r'<div class="count-list">\s*<h3>\s*<strong>(\d+)</strong>(.*?)</h3>(.*?)</div>', re.DOTALL
)
_STATE = re.compile(
    r'<a href="([^"]*)"[^>]*>\s*<strong>(\d+)</strong>\s*<span class="state [^>]*>([^<]*)<'
)


class CountList(NamedTuple):
    """A list of counts as the dashboard shows it; `address` is empty if all are shown."""

    number: int
    label: str
    shown: set[str]
    address: str


def _plain(html: str) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip())


def lists_of(page: str) -> list[CountList]:
    found = []
    for number, label, body in _LIST.findall(page):
        rows, _ul, after = body.partition("</ul>")
        names = {_plain(name) for name in re.findall(r"data-panel>(.*?)</a>", rows, re.DOTALL)}
        link = re.search(r'href="([^"]*)"', after)
        more = unescape(link.group(1)) if link else ""
        found.append(CountList(int(number), _plain(label), names, more))
    return found


def states_of(page: str) -> list[tuple[str, int, str]]:
    """Address, number and label of each state."""
    return [(unescape(link), int(n), label) for link, n, label in _STATE.findall(page)]


@pytest.fixture
def listed(admin: Client) -> Listed:
    def listed(url: str) -> set[str]:
        response = admin.get(url)
        assert response.status_code == 200, url
        return {contest.full_name for contest in response.context["cl"].result_list}

    return listed


@pytest.fixture
def one_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each list shows one count, and says how many more there are."""
    monkeypatch.setattr(page_now, "MAX_COUNTS", 1)


def _two(night: Election, name: str) -> list[Contest]:
    parties = [("Ann", "lab"), ("Bob", "con")]
    return [nights.contest(night, f"{name} {n}", parties, region="North") for n in (1, 2)]


@pytest.fixture
def every_state(night: Election) -> dict[str, set[str]]:
    """Contests in each list of the dashboard, by its label, in the region North."""
    by = nights.user()
    declared, corrected = _two(night, "Declared")
    nights.declare(declared, 60, 40)
    nights.declare(corrected, 60, 40)
    nights.correct(
        corrected,
        nights.ballot_counts(corrected, 60, 41),
        by=by,
        idempotency_key="correct",
        base_revision=1,
        reason="Misheard.",
    )
    alone = nights.contest(night, "Alone", [("Cat", "lab")], region="North")
    desk.publish_unopposed(alone, by=by, idempotency_key="alone", source="")
    recount, winner = _two(night, "On the way")
    desk.report_status(recount, Standing.Status.RECOUNT, by=by, idempotency_key="recount")
    nights.declare_winner(winner, [winner.candidates.all()[0]], by=by, idempotency_key="won")
    for each in _two(night, "Off"):
        desk.report_status(each, Standing.Status.POSTPONED, by=by, idempotency_key=nights.key())
    _awaited, under_way = _two(night, "To come")
    desk.report_status(under_way, Standing.Status.UNDER_WAY, by=by, idempotency_key="way")
    Election.objects.update(second_person=Election.SecondPerson.ALWAYS)
    for each in _two(night, "Waits"):
        request = desk.RevisionRequest(
            kind=Declaration.Kind.DECLARATION, by=by, idempotency_key=nights.key()
        )
        desk.submit_result(each, nights.ballot_counts(each, 60, 40), request)
    return {
        "Declared": {"Declared 1", "Declared 2", "Alone"},
        "Recount, or not all known": {"On the way 1", "On the way 2"},
        "Postponed": {"Off 1", "Off 2"},
        "Still to come": {"To come 1", "To come 2"},
        "At the desk": {"Waits 1", "Waits 2"},
    }


def _check(lists: list[CountList], expected: dict[str, set[str]], listed: Listed) -> None:
    assert {each.label: each.number for each in lists} == {
        label: len(names) for label, names in expected.items()
    }
    assert {each.label: listed(each.address) for each in lists} == expected


@pytest.mark.usefixtures("one_shown")
def test_more_of_each_list_leads_to_all_of_it(
    dashboard: Dashboard, every_state: dict[str, set[str]], listed: Listed
) -> None:
    _check(lists_of(dashboard()), every_state, listed)


@pytest.mark.usefixtures("one_shown")
def test_more_leads_to_the_counts_that_reporters_are_sent_to(
    dashboard: Dashboard, night: Election, every_state: dict[str, set[str]], listed: Listed
) -> None:
    for contest in Contest.objects.filter(election=night):
        Assignment.objects.create(reporter=nights.user(), contest=contest)
    _two(night, "Unassigned")
    _check(lists_of(dashboard()), every_state, listed)


@pytest.mark.usefixtures("one_shown")
@pytest.mark.parametrize("filtered", ["region", "group"])
def test_more_leads_to_what_the_filters_show(
    dashboard: Dashboard,
    night: Election,
    every_state: dict[str, set[str]],
    listed: Listed,
    filtered: str,
) -> None:
    group = night.groups.create(name="Ours", slug="ours")
    group.contests.set(Contest.objects.filter(election=night))
    value = {"region": Region.objects.get(name="North").pk, "group": group.pk}[filtered]
    for name in ("Elsewhere 1", "Elsewhere 2"):
        far = nights.contest(night, name, [("Ann", "lab"), ("Bob", "con")], region="South")
        nights.declare(far, 60, 40)
    page = dashboard(query=f"?{filtered}={value}")
    _check(lists_of(page), every_state, listed)
    states = states_of(page)
    assert {label: n for _address, n, label in states}["Declared"] == 1
    for link, number, label in states:
        assert len(listed(link)) == number, label


def test_list_says_by_what_it_is_filtered(
    admin: Client, night: Election, every_state: dict[str, set[str]]
) -> None:
    url = address("contest_changelist")
    response = admin.get(f"{url}?election__id__exact={night.pk}&state=done")
    assert "Declared, corrected or unopposed" in _plain(response.content.decode())


# --- Counting areas -----------------------------------------------------------------------------


@pytest.fixture
def mayor(db: None) -> Election:
    """A mayor's contest, counted in five areas: two are counted."""
    night = nights.election("mayor", kind=ElectionKind.MAYOR, name="Mayor of Northshire")
    whole = nights.contest(night, "Northshire", [("Ann", "lab"), ("Bob", "con")])
    areas = [nights.contest(night, f"Area {n}", [], part_of=whole) for n in range(1, 6)]
    follow_ballot_paper([whole])
    for area in areas[:2]:
        nights.declare(area, 5, 10)
    return night


@pytest.mark.usefixtures("one_shown")
def test_numbers_tell_counting_areas_from_contests(
    admin: Client, mayor: Election, listed: Listed
) -> None:
    page = admin.get(address("election_night", mayor.pk)).content.decode()
    strips = [
        (_plain(label), [(n, state) for _link, n, state in states_of(strip)])
        for label, strip in re.findall(
            r'<ul class="states" aria-label="([^"]*)">(.*?)</ul>', page, re.DOTALL
        )
    ]
    assert strips == [
        ("Contests by state", [(1, "Awaited")]),
        ("Counting areas by state", [(3, "Awaited"), (2, "Counted")]),
    ]
    for link, number, label in states_of(page):
        assert len(listed(link)) == number, label
    lists = lists_of(page)
    assert [(each.number, each.label) for each in lists] == [
        (1, "Still to come contests"),
        (3, "Still to come counting areas"),
        (2, "Counted counting areas"),
    ]
    assert [listed(each.address) for each in lists if each.address] == [
        {"Area 3", "Area 4", "Area 5"},
        {"Area 1", "Area 2"},
    ]


def test_list_of_contests_tells_them_from_counting_areas(
    admin: Client, mayor: Election, listed: Listed
) -> None:
    url = address("contest_changelist") + f"?election__id__exact={mayor.pk}"
    page = admin.get(url).content.decode()
    assert 'aria-label="Counting areas by state"' in page
    states = states_of(page)
    assert [(n, label) for _link, n, label in states] == [
        (1, "Awaited"),
        (3, "Awaited"),
        (2, "Counted"),
    ]
    for link, number, label in states:
        assert len(listed(url.partition("?")[0] + link)) == number, label
    rows = _plain(page.partition("<tbody>")[2])
    assert "Area 1 Counted" in rows
    assert "Area 1 Declared" not in rows


def test_number_of_an_election_leads_to_what_it_counts(
    admin: Client, mayor: Election, listed: Listed
) -> None:
    page = admin.get(address("election_changelist")).content.decode()
    link = re.search(r'<a href="([^"]*)">0 of 1 declared</a>', page)
    assert link is not None
    assert listed(unescape(link.group(1))) == {"Northshire"}
