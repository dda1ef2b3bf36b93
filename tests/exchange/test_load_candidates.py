"""Democracy Club's candidates files, of 2019 and of today."""

import csv
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from results.arithmetic import BallotCounts
from results.exchange import democracy_club
from results.exchange.progress import counted_off
from results.models import Candidate, Contest, Election, Party, Person, ReviewItem
from tests import nights
from tests.exchange import files
from tests.exchange.reading import ODD, workbook
from tests.present import present

pytestmark = pytest.mark.django_db


def load(tmp_path: Path, text: str = files.NOMINATIONS, slug: str = "vale") -> Election:
    call_command("load_candidates", slug, files.write(tmp_path, "nominations.csv", text))
    return Election.objects.get(slug=slug)


def test_creates_contests_and_candidates_in_ballot_order(tmp_path: Path) -> None:
    election = load(tmp_path)
    assert election.date.isoformat() == "2031-05-02"
    assert election.polls_close.astimezone(election.zone).strftime("%H:%M") == "22:00"
    seat = election.contests.get(slug="vale-riverside")
    assert seat.code == "E14000793"
    assert [candidate.name for candidate in seat.candidates.all()] == [
        "Bob Abbot",
        "Tom Crone",
        "Ann Hall",
    ]
    assert [candidate.label for candidate in seat.candidates.all()] == [
        "independent",
        "green",
        "lab",
    ]
    assert Candidate.objects.get(name="Cat Moss").label == "lab"
    moss = Candidate.objects.get(name="Cat Moss")
    assert present(moss.party).name == "Labour and Co-operative"
    assert election.contests.get(code="W07000064").slug == "mor"


def test_updates_only_what_differs_when_loaded_again(tmp_path: Path) -> None:
    load(tmp_path)
    before = set(Candidate.objects.values_list("pk", flat=True))
    load(tmp_path, files.NOMINATIONS.replace("Tom Crone", "Thomas Zcrone"))
    assert set(Candidate.objects.values_list("pk", flat=True)) == before
    seat = Contest.objects.get(slug="vale-riverside")
    assert [candidate.name for candidate in seat.candidates.all()][-1] == "Thomas Zcrone"
    assert Person.objects.count() == 4


def test_reads_newer_columns_and_several_seats(tmp_path: Path) -> None:
    election = load(tmp_path, files.NEWER_NOMINATIONS)
    ward = election.contests.get()
    assert (ward.seats, ward.code, present(ward.region).name) == (2, "E05000001", "South East")
    first = present(ward.candidates.first())
    assert (first.name, first.description) == ("Zoe Archer", "Vote Green")


def test_removes_a_missing_candidate_unless_they_have_votes(tmp_path: Path) -> None:
    election = load(tmp_path)
    seat = election.contests.get(slug="vale-riverside")
    without = "\n".join(line for line in files.NOMINATIONS.splitlines() if "Tom Crone" not in line)
    Election.objects.update(polls_close="2020-01-01T22:00Z")
    nights.declare(seat, 1, 2, 3)
    with pytest.raises(CommandError, match="Tom Crone has published votes"):
        load(tmp_path, without)
    assert seat.candidates.count() == 3


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (files.NOMINATIONS.replace("election_date", "day"), "1: election_date: column is missing"),
        (files.NOMINATIONS.replace("12,Ann", "twelve,Ann"), "3: id: “twelve” is not a"),
        (files.NOMINATIONS.replace("14,Cat Moss", "14,"), "5: name: is empty"),
        (files.NOMINATIONS.replace("13,Bob", "11,Bob"), "4: id: Bob Abbot is nominated"),
        (files.NOMINATIONS.replace("2031-05-02,\n12", "soon,\n12"), "2: election_date: “soon”"),
        ("", "is empty"),
        ("id,name\n1\n", "1: election_date: column is missing: which has the polling day?"),
        (files.NOMINATIONS + "15,Dan\n", "6: party_name: is empty"),
        (files.NOMINATIONS.replace("Tom Crone,", "Tom,Crone,"), "2: has 10 cells, the header 9"),
        ('id,name\n"1,2\n', "is not CSV"),
        ("id\0", "is not a text file"),
    ],
)
def test_reports_line_and_column_of_errors_and_changes_nothing(
    tmp_path: Path, text: str, error: str
) -> None:
    with pytest.raises(CommandError) as raised:
        load(tmp_path, text)
    assert error in str(raised.value)
    assert "nominations.csv" in str(raised.value)
    assert "Nothing was changed." in str(raised.value)
    assert raised.value.returncode == 1
    assert not Election.objects.exists()
    assert not Party.objects.exists()


def test_reads_other_dates_and_short_rows(tmp_path: Path) -> None:
    election = load(tmp_path, (ODD / "z2-short-rows-candidates.csv").read_text())
    assert Candidate.objects.filter(contest__election=election).count() == 4
    british = files.NOMINATIONS.replace("2031-05-02", "02/05/2031").replace("parl.2031", "")
    with pytest.raises(CommandError, match="02/05/2031” can be read in two ways: which is it"):
        load(tmp_path, british, "other")
    call_command("load_candidates", "other", tmp_path / "nominations.csv", "--date", "2031-05-02")
    assert str(Election.objects.get(slug="other").date) == "2031-05-02"


def test_reads_a_workbook(tmp_path: Path) -> None:
    rows = list(csv.reader(files.NEWER_NOMINATIONS.splitlines()))
    call_command("load_candidates", "vale", workbook(tmp_path, Candidates=[list(r) for r in rows]))
    assert Candidate.objects.count() == 2


def test_reports_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("load_candidates", "vale", tmp_path / "nowhere.csv")


def test_refuses_a_slug_that_is_an_address_of_the_site(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="address of the site"):
        load(tmp_path, slug="admin")


def test_loads_the_real_file(election_data: Path) -> None:
    file = next((election_data / "democracy-club-2019").glob("*.csv"))
    call_command("load_candidates", "ge", file)
    assert Contest.objects.count() == 650
    assert Candidate.objects.count() == 3320
    assert Contest.objects.get(code="W07000041").slug == "ynys-mon"
    islington = Contest.objects.get(slug="islington-north")
    assert islington.candidates.count() == 6
    assert islington.candidates.all()[1].name == "James Clark"


class TestSameCandidate:
    """Candidates keep their row, to which votes and submissions refer."""

    def reload(self, tmp_path: Path, changed: str) -> tuple[list[int], list[int]]:
        """Load the file, then a changed one; return the candidates' ids before and after."""
        load(tmp_path)
        before = list(Candidate.objects.order_by("pk").values_list("pk", flat=True))
        load(tmp_path, changed)
        return before, list(Candidate.objects.order_by("pk").values_list("pk", flat=True))

    def test_keeps_person_whose_id_was_merged(self, tmp_path: Path) -> None:
        merged = files.NOMINATIONS.replace("11,Tom Crone", "7,Tom Crone")
        before, after = self.reload(tmp_path, merged)
        assert after == before
        assert not Person.objects.filter(democracy_club_id=11).exists()
        person = present(Candidate.objects.get(name="Tom Crone").person)
        assert person.democracy_club_id == 7

    def test_keeps_renamed_candidate_by_an_earlier_id(self, tmp_path: Path) -> None:
        header, *rows = files.NOMINATIONS.strip().splitlines()
        rows = [row + ("11" if "Tom" in row else "") for row in (f"{row}," for row in rows)]
        text = "\n".join([f"{header},old_person_ids", *rows]).replace("11,Tom Crone", "7,T. Crone")
        before, after = self.reload(tmp_path, text)
        assert after == before
        assert Candidate.objects.get(name="T. Crone").pk in before

    def test_keeps_candidates_that_came_without_ids(self, tmp_path: Path) -> None:
        load(tmp_path)
        Person.objects.update(democracy_club_id=None)
        before = set(Candidate.objects.values_list("pk", flat=True))
        load(tmp_path, files.NOMINATIONS.replace("Tom Crone", "Thomas Crone"))
        assert set(Candidate.objects.values_list("pk", flat=True)) == before
        assert Person.objects.filter(democracy_club_id=11).exists()

    def test_is_not_another_person_of_the_same_party(self, tmp_path: Path) -> None:
        before, after = self.reload(tmp_path, files.NOMINATIONS.replace("11,Tom", "7,Tim"))
        assert set(after) - set(before)

    def test_tells_two_of_the_same_name_apart(self, tmp_path: Path) -> None:
        twice = files.NOMINATIONS.replace("13,Bob Abbot", "13,Tom Crone")
        load(tmp_path, twice)
        greens = Candidate.objects.get(name="Tom Crone", party__slug="green").pk
        load(tmp_path, twice.replace("11,Tom", "7,Tom").replace("13,Tom", "8,Tom"))
        assert Candidate.objects.get(person__democracy_club_id=7).pk == greens
        assert Candidate.objects.filter(name="Tom Crone").count() == 2

    def test_preview_names_new_id_new_name_and_who_comes_and_goes(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        load(tmp_path)
        text = files.NOMINATIONS.replace("11,Tom", "7,Tom").replace("Cat Moss", "Kate Moss")
        changed = files.write(tmp_path, "changed.csv", text.replace("12,Ann Hall", "15,Zoe Hill"))
        call_command("load_candidates", "vale", changed, "--preview")
        lines = [line for line in capsys.readouterr().out.splitlines() if "candidate " in line]
        tom = "Vale, Riverside, Tom Crone (Green, place 2 on the ballot paper, person {})"
        moss = "Môr, {} (Labour and Co-operative, place 1 on the ballot paper, person 14)"
        third = "Vale, Riverside, {} (Labour, place 3 on the ballot paper, person {})"
        assert lines == [
            f"kept: candidate {tom.format(11)} → {tom.format(7)}",
            f"gone: candidate {third.format('Ann Hall', 12)}",
            f"kept: candidate {moss.format('Cat Moss')} → {moss.format('Kate Moss')}",
            f"new: candidate {third.format('Zoe Hill', 15)}",
        ]
        assert Person.objects.filter(democracy_club_id=11).exists()


class TestFixedBallotPaper:
    def test_keeps_candidate_of_a_waiting_submission(self, tmp_path: Path) -> None:
        seat = load(tmp_path).contests.get(slug="vale-riverside")
        tom = seat.candidates.get(name="Tom Crone")
        ReviewItem.objects.create(
            contest=seat,
            kind=ReviewItem.Kind.RESULT,
            content={"figures": BallotCounts(votes={tom.pk: 5}).to_json()},
            by=nights.user(),
            idempotency_key="waits",
            fingerprint="",
        )
        lines = files.NOMINATIONS.splitlines()
        with pytest.raises(CommandError, match="Tom Crone is in a submission"):
            load(tmp_path, "\n".join(line for line in lines if "Tom Crone" not in line))
        assert seat.candidates.count() == 3

    def test_takes_nobody_beside_a_result(self, tmp_path: Path) -> None:
        seat = load(tmp_path).contests.get(slug="vale-riverside")
        Election.objects.update(polls_close="2020-01-01T22:00Z")
        nights.declare(seat, 1, 2, 3)
        more = files.NOMINATIONS + files.NOMINATIONS.splitlines()[1].replace("11,Tom", "16,New")
        with pytest.raises(CommandError, match="New Crone: Vale, Riverside has a result without"):
            load(tmp_path, more)

    def test_takes_nobody_beside_a_result_published_meanwhile(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A large file takes many seconds, in which editors publish."""
        seat = load(tmp_path).contests.get(slug="vale-riverside")
        Election.objects.update(polls_close="2020-01-01T22:00Z")

        def with_a_result(ballots: Any) -> Any:
            nights.declare(seat, 1, 2, 3)
            return counted_off(ballots)

        monkeypatch.setattr(democracy_club, "counted_off", with_a_result)
        more = files.NOMINATIONS + files.NOMINATIONS.splitlines()[1].replace("11,Tom", "16,New")
        with pytest.raises(CommandError, match="New Crone: Vale, Riverside has a result without"):
            load(tmp_path, more)
