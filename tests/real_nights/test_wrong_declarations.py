"""Wrong declarations of real kinds, typed into the phone on a real night.

In 2017 one returning officer declared a result 6,587 votes short that added up, and in 2024 another
one 6,558 short; figures were read out in each other's rows. The night is that of Wales in 2019,
half declared, with last time's result and the electorate on record.
"""

import csv
from pathlib import Path

import pytest
from django.core.management import call_command

from results.models import Contest, Election, Standing
from tests.real_nights.phone import Votes, type_in
from tests.real_nights.some_seats import rows_of, with_rows

pytestmark = pytest.mark.django_db

REGION, DECLARED = "Wales", 25


class Night:
    """The contests still to come, in order of declaration, with their true votes."""

    def __init__(self, election: Election, file: Path) -> None:
        self.true: dict[Contest, Votes] = {}
        rows = list(csv.DictReader(file.open(encoding="utf-8-sig")))
        awaited = Contest.objects.filter(election=election, standing__declaration=None)
        for contest in awaited.order_by("name"):
            votes = {
                f"{row['firstname']} {row['surname']}": int(row["votes"])
                for row in rows
                if row["ons_id"] == contest.code
            }
            self.true[contest] = {each.pk: votes[each.name] for each in contest.candidates.all()}


@pytest.fixture
def night(election_data: Path, tmp_path: Path) -> Night:
    now, before = (
        [
            with_rows(tmp_path, each, lambda row: row["region_name"] == REGION)
            for each in sorted((election_data / year).glob("*.csv"))
        ]
        for year in ("ge2019", "ge2017")
    )
    call_command(
        "replay", "wales", *now, "--previous", *before, "--speed", "0", "--only", str(DECLARED)
    )
    election = Election.objects.get(slug="wales")
    election.second_person = Election.SecondPerson.NEVER
    election.save()
    by_seat = {row["ons_id"]: row for row in csv.DictReader(now[1].open(encoding="utf-8-sig"))}
    for contest in election.contests.all():
        contest.electorate = int(by_seat[contest.code]["electorate"])
        contest.save(update_fields=["electorate"])
    return Night(election, now[0])


def ranked(votes: Votes) -> list[int]:
    return sorted(votes, key=lambda pk: -votes[pk])


def bundle_missing(votes: Votes, others: Votes) -> Votes:
    """6,587 votes of all candidates, in proportion, as those of one ward."""
    left = 1 - 6587 / sum(votes.values())
    return {pk: round(total * left) for pk, total in votes.items()}


def bundle_of_winner_missing(votes: Votes, others: Votes) -> Votes:
    winner = ranked(votes)[0]
    return {**votes, winner: votes[winner] - 6558}


def winner_and_last_swapped(votes: Votes, others: Votes) -> Votes:
    winner, last = ranked(votes)[0], ranked(votes)[-1]
    return {**votes, winner: votes[last], last: votes[winner]}


def digit_of_winner_dropped(votes: Votes, others: Votes) -> Votes:
    winner = ranked(votes)[0]
    return {**votes, winner: votes[winner] // 10}


def digit_of_second_doubled(votes: Votes, others: Votes) -> Votes:
    second = ranked(votes)[1]
    return {**votes, second: votes[second] * 10 + votes[second] % 10}


def another_seats_figures(votes: Votes, others: Votes) -> Votes:
    figures = list(others.values())
    return dict(zip(votes, (figures + [0] * len(votes))[: len(votes)], strict=True))


WRONG = (
    bundle_missing,
    bundle_of_winner_missing,
    winner_and_last_swapped,
    digit_of_winner_dropped,
    digit_of_second_doubled,
    another_seats_figures,
)


def test_wrong_declarations_are_asked_about_and_true_ones_published(night: Night) -> None:
    missed, published = [], 0
    seats = list(night.true.items())
    for number, (contest, votes) in enumerate(seats):
        others = seats[number - 1][1]
        for make in WRONG:
            answer = type_in(contest, make(votes, others), f"{make.__name__}-{contest.pk}")
            if answer["state"] not in ("faulty", "reason"):
                missed.append((contest.name, make.__name__, answer["state"]))
                break
        else:
            published += type_in(contest, votes, f"true-{contest.pk}")["state"] == "published"
    assert missed == []
    assert published >= len(seats) - 1
    wales = Standing.objects.filter(contest__election__slug="wales")
    results = wales.filter(declaration__isnull=False).count()
    assert results == DECLARED + published


#: Plymouth, Sutton and Devonport.
PLYMOUTH = "E14000880"
#: By surname, as first declared in 2017 without 6,587 votes of one ward: of the two leading
#: candidates as declared, of the others in proportion.
FIRST_DECLARED = {
    "Pollard": 23808,
    "Colvile": 18193,
    "Ellison": 1036,
    "Bewley": 945,
    "Sheaff": 459,
    "Bamping": 180,
}


def test_declaration_of_2017_without_a_wards_votes_is_asked_about(
    election_data: Path, tmp_path: Path
) -> None:
    now, before = (
        [
            with_rows(tmp_path, each, lambda row: row["region_name"] == "South West")
            for each in sorted((election_data / year).glob("*.csv"))
        ]
        for year in ("ge2017", "ge2015")
    )
    call_command("replay", "sw", *now, "--previous", *before, "--speed", "0", "--only", "10")
    contest = Contest.objects.get(code=PLYMOUTH, standing__declaration=None)
    ids = {each.name.split()[-1]: each.pk for each in contest.candidates.all()}
    first = {ids[name]: votes for name, votes in FIRST_DECLARED.items()}
    rows = (row for file in now for row in rows_of(file) if row["ons_id"] == PLYMOUTH)
    true = {ids[row["surname"]]: int(row["votes"]) for row in rows if "surname" in row}
    assert sum(true.values()) - sum(first.values()) == 6587
    electorate = 76584
    assert type_in(contest, first, "first", electorate=electorate)["state"] == "reason"
    assert type_in(contest, true, "true", electorate=electorate)["state"] == "published"
