"""No page of a night has the words of another kind of election, whoever looks at it.

The addresses are taken from the resolver. What counts is what people see, hear or are handed: text,
titles, labels for screen readers, the texts that scripts show, descriptions for search engines, and
the values of exports. Names of columns, keys, classes and addresses are for programs and do not
count; nor do the choices of a list that are not chosen, such as the other kinds of election.
"""

import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from results import desk
from results.arithmetic import ANSWER, ElectionKind
from results.arithmetic.kinds import Method, ShareMethod, rules_of
from results.desk.counting_areas import follow_ballot_paper
from results.models import Body, Contest, Declaration, Election, Group, Standing
from results.words.kinds import words_of, words_of_kind
from tests import lists, nights
from tests.addresses import publish_one_of_each
from tests.shown_words import found_in, read_everything, texts_of

pytestmark = pytest.mark.django_db

#: Of the House of Commons, and of deposits.
OF_PARLIAMENT = ("House", "constituency", "constituencies", "general election", "MP", "MPs")
OF_COUNCILS = (
    *("ward", "wards", "council", "councils", "councillor", "councillors"),
    *("division", "divisions", "overall control"),
)
DEPOSITS = ("deposit", "deposits")

#: What describes all kinds: the schema of the exports, and the forms for one of any.
OF_EVERY_KIND = (
    r"schema/|api/v1/(?:openapi\.json)?$|admin/set-up/$|admin/results/(?:election|contest)/add/"
)
#: And what the council night has shown already, since it looks the same for every kind.
OF_NO_KIND = (
    f"{OF_EVERY_KIND}|admin/(?!results/(election|contest|declaration)/)|count/(sign|token|worker)"
)

#: And the editor's forms of an election's data, which are the same for every kind, and what the
#: phone keeps for any of its counts.
NO_FORM_OF_DATA = (
    f"{OF_NO_KIND}|admin/results/(election|contest/(?!.*/(correct|withdraw|poll|story)/))"
    "|admin/results/declaration/$|count/$"
)


def wrong_words(election: Election, *words: str, leave_out: str = OF_NO_KIND) -> dict[str, str]:
    """Where each of the words was first found, by what is around it."""
    return wrong_words_in(read_everything(election, leave_out), *words)


def wrong_words_in(read: dict[str, list[str]], *words: str) -> dict[str, str]:
    """`wrong_words` of pages that have been read."""
    assert sum(bool(texts) for texts in read.values()) > 60
    found: dict[str, str] = {}
    for where, texts in read.items():
        for words_around in found_in(texts, words):
            found.setdefault(words_around, where)
    return found


def everyone(contest: Contest) -> None:
    """Let the reporter see every contest, and the editor every kind of page."""
    publish_one_of_each(contest)
    reporter = nights.user()
    for other in contest.election.contests.exclude(pk=contest.pk):
        reporter.assignments.create(contest=other)
    # Named without a word that one kind of election has and another has not.
    Group.objects.update(name="Key places")
    Group.objects.get().contests.set(contest.election.contests.all())


@pytest.fixture(autouse=True)
def pictures(settings: Any, tmp_path: Any) -> Iterator[None]:
    settings.MEDIA_ROOT = tmp_path
    logging.disable(logging.WARNING)  # of every page that may not be opened
    yield
    logging.disable(logging.NOTSET)


def ward(election: Election, name: str, labels: str, *, seats: int, **more: Any) -> Contest:
    """A ward whose candidates stand for the given labels, in ballot order."""
    people = [(f"{name} {number}", label) for number, label in enumerate(labels.split())]
    return nights.contest(
        election, name, people, seats=seats, electorate=5000, region="Vale", **more
    )


def council_night() -> Election:
    """Wards of one, two and three seats in every state that a ward can be in."""
    election = nights.election("vale", name="Vale, May", kind=ElectionKind.COUNCIL)
    Body.objects.create(election=election, slug="vale", name="Vale", seats=14)
    by: dict[str, Any] = {"by": nights.user("editor", staff=True)}
    three = "lab lab lab con con green"
    first = ward(election, "Abbey", three, seats=3, last={"con": 900, "lab": 800})
    nights.declare(first, 900, 800, 700, 600, 500, 450, rejected=5, electorate=5000)
    nights.declare(ward(election, "Barton", "lab con green", seats=2), 400, 300, 350)
    nights.declare(ward(election, "Ferry", "lab con", seats=1), 400, 30)
    tied = ward(election, "Castle", "lab con", seats=1)
    drawn = tied.candidates.get(ballot_order=2).pk
    nights.declare(tied, 400, 400, lot=(drawn,))
    desk.publish_unopposed(
        ward(election, "Docks", "lab", seats=2), idempotency_key="unopposed", **by
    )
    desk.report_status(
        ward(election, "Eastgate", "lab con", seats=1),
        Standing.Status.POSTPONED,
        idempotency_key="postponed",
        **by,
    )
    winner = ward(election, "Grange", "lab lab con", seats=2)
    nights.declare_winner(
        winner, winner.candidates.filter(ballot_order__lt=3), idempotency_key="winner", **by
    )
    ward(election, "Hill", "lab con", seats=1)
    nights.correct(
        first,
        nights.ballot_counts(first, 900, 800, 400, 600, 500, 450),
        base_revision=1,
        reason="Two figures were swapped.",
        warning_reason="As read out.",
        idempotency_key="corrected",
        **by,
    )
    everyone(first)
    return election


def single_seats(election: Election, *names: str) -> Election:
    """Contests of one seat: the first declared, with lost deposits, the last to come."""
    contests = [
        ward(election, name, "lab con green", seats=1, last={"con": 2000, "lab": 1500})
        for name in names
    ]
    for contest in contests[:-1]:
        nights.declare(contest, 1900, 1000, 20, rejected=5, electorate=5000)
    everyone(contests[0])
    return election


def senedd_night() -> Election:
    """Two constituencies of six seats: one declared and corrected, one to come."""
    night = lists.chamber(ElectionKind.SENEDD, "senedd", name="Senedd 2026")
    first, _other = [
        lists.list_ballot(
            night,
            name,
            {
                "lab": [f"{name} Lab {n}" for n in range(6)],
                "con": [f"{name} Con {n}" for n in range(6)],
            },
            electorate=90_000,
        )
        for name in ("Clwyd", "Gwynedd")
    ]
    nights.add_last_time(first, {"lab": 9000, "con": 4000})
    lists.publish(first, {"lab": 30_000, "con": 20_000})
    lists.publish(
        first,
        {"lab": 31_000, "con": 20_000},
        kind=Declaration.Kind.CORRECTION,
        blame=Declaration.Blame.OURS,
        reason="Two figures were swapped.",
    )
    everyone(first)
    return night


def chamber_night(kind: ElectionKind, name: str) -> Election:
    """Two constituencies and their region, of which all but one constituency have declared."""
    night = lists.chamber(kind, "chamber", name=name)
    region = lists.list_ballot(
        night,
        "East",
        {"lab": ["L 1", "L 2", "L 3"], "con": ["C 1", "C 2", "C 3"]},
        seats=3,
        method=Method.LISTS,
        electorate=90_000,
    )
    places = [
        ward(night, place, "lab con green", seats=1, region_contest=region)
        for place in ("Ash", "Birch", "Cedar")
    ]
    nights.add_last_time(places[0], {"con": 2000, "lab": 1500})
    nights.declare(places[0], 1900, 1000, 20, rejected=5, electorate=5000)
    nights.declare(places[1], 900, 1000, 20, rejected=5, electorate=5000)
    lists.publish(region, {"lab": 30_000, "con": 20_000})
    everyone(places[0])
    return night


def transfers_night() -> Election:
    """A council by single transferable vote: a ward filled, one with a seat open, one to come."""
    night = nights.election("strath", name="Strath Council, 2027", kind=ElectionKind.COUNCIL_STV)
    Body.objects.create(election=night, slug="strath", name="Strath Council", seats=9)
    wards = [
        ward(night, name, "lab lab con con green", seats=3) for name in ("Ayre", "Brae", "Craig")
    ]
    names = [f"Ayre {n}" for n in (0, 2, 4)]
    votes = {f"Ayre {n}": 1000 - 100 * n for n in range(5)}
    lists.elect(wards[0], names[:1], stages={names[0]: 1}, quota=900)
    lists.elect(
        wards[0],
        names,
        stages={who: 1 + at for at, who in enumerate(names)},
        quota=900,
        votes=votes,
    )
    lists.elect(wards[1], ["Brae 0"], stages={"Brae 0": 1}, quota=800)
    everyone(wards[0])
    return night


def assembly_night() -> Election:
    """Constituencies of five of the Northern Ireland Assembly: filled, with seats open, to come."""
    night = lists.chamber(ElectionKind.NI_ASSEMBLY, "stormont", name="Assembly 2027")
    places = [
        ward(night, name, "lab lab con con green green", seats=5)
        for name in ("Antrim", "Bann", "Down")
    ]
    nights.add_last_time(places[0], {"con": 2000, "lab": 1500})
    names = [f"Antrim {n}" for n in range(5)]
    stages = {who: 1 + at for at, who in enumerate(names)}
    votes = {f"Antrim {n}": 1000 - 100 * n for n in range(6)}
    lists.elect(places[0], names[:1], stages={names[0]: 1}, quota=900)
    lists.elect(places[0], names, stages=stages, quota=900, votes=votes)
    lists.elect(places[1], ["Bann 0"], stages={"Bann 0": 1}, quota=800)
    everyone(places[0])
    return night


def areas_night(kind: ElectionKind, name: str, candidates: list[tuple[str, str]]) -> Election:
    """Two offices or questions: one counted in two areas, both in, and one with one area in."""
    night = nights.election("areas", name=name, kind=kind)
    for place, counted in (("Vale", 2), ("Dale", 1)):
        whole = nights.contest(night, place, candidates, electorate=20_000, region="East")
        parts = [
            nights.contest(night, f"{place} {side}", [], part_of=whole, electorate=10_000)
            for side in ("North", "South")
        ]
        follow_ballot_paper([whole])
        for part in parts[:counted]:
            nights.declare(part, 4000, 2900, rejected=5, electorate=10_000)
        if counted == len(parts):
            nights.declare(whole, 8000, 5800, rejected=10, electorate=20_000)
    everyone(night.contests.get(name="Vale"))
    return night


def test_no_page_of_a_council_night_speaks_of_parliament() -> None:
    words = (*OF_PARLIAMENT, *DEPOSITS)
    assert wrong_words(council_night(), *words, leave_out=OF_EVERY_KIND) == {}


def test_no_page_of_a_general_election_speaks_of_councils() -> None:
    election = single_seats(nights.election(), "Abbey", "Barton", "Castle")
    assert wrong_words(election, *OF_COUNCILS) == {}


def test_no_page_of_a_by_election_speaks_of_councils() -> None:
    fields = {"name": "Abbey, by-election", "kind": ElectionKind.UK_PARLIAMENT_BY_ELECTION}
    election = single_seats(nights.election("abbey", **fields), "Abbey", "Barton")
    assert wrong_words(election, *OF_COUNCILS) == {}


def test_no_page_of_a_mayors_election_speaks_of_parliament_or_councils() -> None:
    fields = {"name": "Mayor of Vale", "kind": ElectionKind.MAYOR}
    election = single_seats(nights.election("mayor", **fields), "Vale", "Dale")
    assert wrong_words(election, *OF_PARLIAMENT, *OF_COUNCILS) == {}


def test_no_page_of_a_senedd_night_speaks_of_another_body() -> None:
    words = ("House", "general election", "MP", "MPs", *OF_COUNCILS)
    assert wrong_words(senedd_night(), *words) == {}


@pytest.mark.parametrize("kind", [ElectionKind.SCOTTISH_PARLIAMENT, ElectionKind.LONDON_ASSEMBLY])
def test_no_page_of_a_chamber_speaks_of_another_body(kind: ElectionKind) -> None:
    words = ("House", "general election", "MP", "MPs", *OF_COUNCILS)
    assert wrong_words(chamber_night(kind, "Chamber 2026"), *words) == {}


@pytest.mark.parametrize(
    ("kind", "chamber"),
    [
        (ElectionKind.SENEDD, "the Senedd"),
        (ElectionKind.SCOTTISH_PARLIAMENT, "the Parliament"),
        (ElectionKind.LONDON_ASSEMBLY, "the Assembly"),
        (ElectionKind.NI_ASSEMBLY, "the Assembly"),
    ],
)
def test_majority_is_one_in_the_chamber_that_is_elected(
    client: Client, kind: ElectionKind, chamber: str
) -> None:
    night = lists.chamber(kind, "chamber", name="Chamber 2026")
    Body.objects.create(election=night, slug="body", name="Body", seats=3)
    for name in ("Ash", "Birch", "Cedar"):
        contest = ward(night, name, "lab con", seats=1, method=Method.VOTES)
        nights.declare(contest, 1900, 1000, rejected=5, electorate=5000)
    page = re.sub(r"\s+", " ", " · ".join(texts_of(client.get("/chamber/"))))
    assert f"A majority of 3 in {chamber}, with every seat declared." in page
    assert f"Labour have a majority of 3 in {chamber}" in page
    assert found_in([page], ("House",)) == []


def test_no_page_of_a_council_by_transfers_speaks_of_parliament() -> None:
    assert wrong_words(transfers_night(), *OF_PARLIAMENT, *DEPOSITS, "majority of") == {}


def test_no_page_of_the_northern_ireland_assembly_gives_votes_for_a_seat() -> None:
    read = read_everything(assembly_night(), OF_NO_KIND)
    words = ("House", "general election", "MP", "MPs", *OF_COUNCILS, *DEPOSITS)
    of_seats = ("vote share", "votes and shares", "was elected with", "was re-elected with")
    assert wrong_words_in(read, *words, *of_seats) == {}
    headed = {where for where, texts in read.items() if "Votes" in map(str.strip, texts)}
    assert headed == set()


@pytest.mark.parametrize("kind", list(ElectionKind))
def test_votes_are_called_first_preferences_where_shares_are_of_those(kind: ElectionKind) -> None:
    of_first_preferences = rules_of(kind).share is ShareMethod.FIRST_PREFERENCES
    words = words_of_kind(kind)
    assert (str(words.votes) == "First preferences") is of_first_preferences
    assert (str(words.vote_share) == "Share of first preferences") is of_first_preferences


@pytest.mark.parametrize(
    ("method", "heading"), [(Method.VOTES, "Votes"), (Method.DECLARED, "First preferences")]
)
def test_votes_of_one_ward_are_called_as_its_seats_are_filled(method: Method, heading: str) -> None:
    night = nights.election("vale", name="Vale, May", kind=ElectionKind.COUNCIL)
    abbey = ward(night, "Abbey", "lab con green", seats=2)
    Contest.objects.update(method=method)
    words = words_of(Contest.objects.select_related("election", "body").get(pk=abbey.pk))
    assert str(words.votes) == heading


def test_no_page_of_a_mayor_counted_in_areas_speaks_of_seats() -> None:
    candidates = [("Ann Ash", "lab"), ("Bob Birch", "con")]
    election = areas_night(ElectionKind.MAYOR, "Mayors", candidates)
    words = ("seat", "seats", *OF_PARLIAMENT, *OF_COUNCILS)
    assert wrong_words(election, *words, leave_out=NO_FORM_OF_DATA) == {}


def test_no_page_of_a_referendum_speaks_of_seats_or_parties() -> None:
    answers = [("Yes", ANSWER), ("No", ANSWER)]
    election = areas_night(ElectionKind.REFERENDUM, "Referendum", answers)
    of_elections = ("elected", "candidate", "candidates", "party", "parties", "hold", "gain")
    words = ("seat", "seats", *of_elections, *OF_PARLIAMENT, *OF_COUNCILS, *DEPOSITS)
    assert wrong_words(election, *words, leave_out=NO_FORM_OF_DATA) == {}
