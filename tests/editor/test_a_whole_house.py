"""Query counts of all admin pages with 650 contests, 3,300 candidates and 200 reporters."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from results import desk
from results.models import Assignment, Candidate, Contest, Election, Person, ReviewItem
from tests import nights
from tests.editor.conftest import address
from tests.editor.test_published_rows_are_read_only import every_address

MAX_QUERIES = 30


def _publish_one_of_each(night: Election, contest: Contest, editor: User) -> None:
    desk.publish(
        night, desk.HeadlineContent(text="The first seats are in"), by=editor, idempotency_key="h"
    )
    desk.publish(
        night,
        desk.QuoteContent(words="Well.", contest=contest, speaker="The mayor"),
        by=editor,
        idempotency_key="q",
    )
    desk.publish(
        night, desk.PostContent(text="A post.", contest=contest), by=editor, idempotency_key="p"
    )


@pytest.fixture
def house(night: Election, editor: User) -> Contest:
    """A contest in an election as large as the House of Commons."""
    party = nights.party("lab")
    contests = Contest.objects.bulk_create(
        Contest(election=night, name=f"Seat {n:03}", slug=f"seat-{n:03}") for n in range(650)
    )
    people = Person.objects.bulk_create(Person(name=f"Person {n}") for n in range(3300))
    Candidate.objects.bulk_create(
        Candidate(
            contest=contests[n % 650],
            person=person,
            name=person.name,
            ballot_order=n // 650 + 1,
            party=party,
        )
        for n, person in enumerate(people)
    )
    reporters = User.objects.bulk_create(User(username=f"reporter-{n}") for n in range(200))
    Assignment.objects.bulk_create(
        Assignment(reporter=reporters[n % 200], contest=contest)
        for n, contest in enumerate(contests)
    )
    for contest in contests[:40]:
        votes = [9000 - order for order in range(contest.candidates.count())]
        nights.declare(contest, *votes)
    _publish_one_of_each(night, contests[0], editor)
    content = {"words": "Well.", "speaker": "X", "said_at": "2019-12-13T03:00:00+00:00"}
    for n, contest in enumerate(contests[40:60]):
        desk.queue_for_review(
            contest, ReviewItem.Kind.QUOTE, content, by=reporters[n], idempotency_key="o"
        )
    return contests[0]


def test_no_page_takes_more_queries_than_its_limit(admin: Client, house: Contest) -> None:
    slow: dict[str, int] = {}
    own = [address("election_night", house.election_id), address("contest_story", house.pk)]
    for page in [*every_address(house), *own]:
        with CaptureQueriesContext(connection) as queries:
            answer = admin.get(page)
        assert answer.status_code in (200, 302, 403), page
        # The dashboard has a dozen lists, and keeps them for all viewers until something changes.
        most = 2 * MAX_QUERIES if page == own[0] else MAX_QUERIES
        if len(queries) > most:
            slow[page] = len(queries)
    assert slow == {}
