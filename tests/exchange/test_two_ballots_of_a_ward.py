"""A scheduled and a by-election ballot of one ward in one night, from the file to the exports."""

import csv
import io
import re
from html import unescape
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils.html import strip_tags

from results.live.election_snapshot import ElectionSnapshot
from results.models import Contest, Election
from tests import nights
from tests.exchange import files

pytestmark = pytest.mark.django_db
SCHEDULED, BY_ELECTION = "broughton", "broughton-by-election"
BALLOTS = {
    SCHEDULED: "local.lakeside.broughton.2021-05-06",
    BY_ELECTION: "local.lakeside.broughton.by.2021-05-06",
}
HEADINGS = (
    "person_id,person_name,election_id,ballot_paper_id,election_date,party_name,party_id,"
    "post_label,gss,organisation_name,seats_contested,by_election"
)
LABOUR, GREEN = "Labour Party,PP53", "Green Party,PP63"
PEOPLE = (
    (1, "Ann Ash", SCHEDULED, LABOUR),
    (2, "Bob Birch", SCHEDULED, GREEN),
    (3, "Cat Cedar", BY_ELECTION, LABOUR),
    (4, "Dan Elm", BY_ELECTION, GREEN),
)
CANDIDATES = "\n".join(
    [
        HEADINGS,
        *(
            f"{number},{name},local.lakeside.2021-05-06,{BALLOTS[ballot]},2021-05-06,{party},"
            f"Broughton,E05000011,Lakeside,1,{'t' if ballot == BY_ELECTION else 'f'}"
            for number, name, ballot, party in PEOPLE
        ),
    ]
)


@pytest.fixture
def night(tmp_path: Path) -> Election:
    """Both are declared: Labour wins the scheduled seat, the Greens the other."""
    call_command("load_candidates", "may", files.write(tmp_path, "candidates.csv", CANDIDATES))
    Election.objects.update(visibility=Election.Visibility.PUBLISHED)
    nights.declare(Contest.objects.get(slug=SCHEDULED), 600, 400, electorate=3000)
    nights.declare(Contest.objects.get(slug=BY_ELECTION), 300, 500, electorate=3000)
    return Election.objects.get()


def text_of(path: str) -> str:
    response = Client().get(path)
    assert response.status_code == 200, path
    page = re.sub(r"<(style|script).*?</\1>", "", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", unescape(strip_tags(page)))


def test_each_has_its_own_result(night: Election) -> None:
    scheduled, by_election = text_of(f"/may/{SCHEDULED}/"), text_of(f"/may/{BY_ELECTION}/")
    assert "Ann Ash" in scheduled
    assert "Cat Cedar" not in scheduled
    assert "Dan Elm" in by_election
    assert "Ann Ash" not in by_election
    assert "by-election" in by_election


def test_council_counts_both_seats(night: Election) -> None:
    body = ElectionSnapshot(night).bodies[0]
    won = {label: party.seats for label, party in body.tally.parties.items()}
    assert sorted(won.values()) == [1, 1]
    assert (body.facts.up, body.tally.declared, body.tally.valid) == (2, 2, 1800)


def test_pages_tell_them_apart(night: Election) -> None:
    for path in ("/may/", "/may/bodies/lakeside/", "/may/feed/", "/may/find/?q=broughton"):
        text = text_of(path)
        assert text.count("Broughton") > text.count("Broughton (by-election)") > 0, path


def test_find_leads_to_both(night: Election) -> None:
    page = Client().get("/may/find/?q=broughton").content.decode()
    for slug in (SCHEDULED, BY_ELECTION):
        assert f'href="/may/{slug}/"' in page


def test_exports_have_both(night: Election) -> None:
    contests = Client().get("/may/results.json").json()["contests"]
    assert {contest["slug"] for contest in contests} == {SCHEDULED, BY_ELECTION}
    rows = list(
        csv.DictReader(io.StringIO(Client().get("/may/results.csv").content.decode("utf-8-sig")))
    )
    elected = {
        (row["ballot_paper_id"], row["candidate"]) for row in rows if row["elected"] == "yes"
    }
    assert elected == {(BALLOTS[SCHEDULED], "Ann Ash"), (BALLOTS[BY_ELECTION], "Dan Elm")}


def test_exports_are_read_back_as_both(night: Election, tmp_path: Path) -> None:
    exported = Client().get("/may/results.csv").content.decode("utf-8-sig")
    Election.objects.update(slug="before")
    file = files.write(tmp_path, "results.csv", exported.replace("may,", "again,"))
    call_command("load_results", "again", file, "--as", "declared")
    again = Election.objects.get(slug="again")
    winners = {
        contest.ballot_paper_id: [each["name"] for each in contest.standing.summary["elected"]]
        for contest in again.contests.select_related("standing")
    }
    assert winners == {BALLOTS[SCHEDULED]: ["Ann Ash"], BALLOTS[BY_ELECTION]: ["Dan Elm"]}
