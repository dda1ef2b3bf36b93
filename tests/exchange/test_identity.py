"""Identifying the ballot of a file's row: never by its area's name only."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from results.exchange.ballot_identity import BallotIdentity
from results.exchange.contests import Contests
from results.models import Body, Contest, Election
from results.models.body import body_slug
from tests import nights
from tests.exchange import files

pytestmark = pytest.mark.django_db

HEADER = (
    "person_id,person_name,election_id,ballot_paper_id,election_date,party_name,party_id,"
    "post_label,gss,organisation_name,seats_contested,by_election\n"
)


def row(
    person: int,
    ballot: str,
    *,
    code: str = "",
    body: str = "",
    name: str = "St Michaels",
    by: str = "f",
    with_id: bool = True,
    day: str = "2019-05-02",
) -> str:
    """A nomination for the ballot `ballot`, such as `local.northshire.st-michaels`."""
    kind, council = ballot.split(".")[:2]
    ballot_id = f"{ballot}.{day}" if with_id else ""
    return (
        f"{person},Ann Ash {person},{kind}.{council}.{day},{ballot_id},{day},Labour Party,PP53,"
        f"{name},{code},{body or council.title()},1,{by}\n"
    )


def load(folder: Path, *rows: str, slug: str = "may", options: tuple[str, ...] = ()) -> Election:
    file = files.write(folder, "candidates.csv", HEADER + "".join(rows))
    call_command("load_candidates", slug, file, *options)
    return Election.objects.get(slug=slug)


def slugs() -> list[str]:
    return sorted(Contest.objects.values_list("slug", flat=True))


NORTH, SOUTH = "local.northshire.st-michaels", "local.southshire.st-michaels"


class TestTwoCouncils:
    def test_wards_of_one_name_are_two_contests(self, tmp_path: Path) -> None:
        election = load(tmp_path, row(1, NORTH), row(2, NORTH), row(3, SOUTH), row(4, SOUTH))
        assert election.kind == "council"
        assert not election.deposits
        assert slugs() == ["st-michaels-northshire", "st-michaels-southshire"]
        assert [c.candidates.count() for c in election.contests.all()] == [2, 2]
        assert sorted(map(str, Contest.objects.all())) == [
            "St Michaels (Northshire)",
            "St Michaels (Southshire)",
        ]

    @pytest.mark.parametrize("with_id", [True, False])
    @pytest.mark.parametrize("code", ["", "E05000001"])
    def test_with_and_without_ids_and_with_one_code(
        self, tmp_path: Path, code: str, with_id: bool
    ) -> None:
        rows = [row(n, b, code=code, with_id=with_id) for n, b in enumerate((NORTH, SOUTH), 1)]
        for _again in range(2):
            load(tmp_path, *rows)
            assert [c.candidates.count() for c in Contest.objects.all()] == [1, 1]
            assert set(Body.objects.values_list("name", flat=True)) == {"Northshire", "Southshire"}

    def test_second_council_keeps_the_address_of_the_first(self, tmp_path: Path) -> None:
        load(tmp_path, row(1, NORTH))
        assert slugs() == ["st-michaels"]
        load(tmp_path, row(1, NORTH), row(2, SOUTH))
        assert slugs() == ["st-michaels", "st-michaels-southshire"]
        assert Contest.objects.get(slug="st-michaels").full_name == "St Michaels (Northshire)"
        load(tmp_path, row(2, SOUTH), row(1, NORTH))
        assert slugs() == ["st-michaels", "st-michaels-southshire"]

    def test_renamed_ward_and_case_and_accents_are_the_same(self, tmp_path: Path) -> None:
        load(tmp_path, row(1, NORTH, with_id=False, name="Môr & Saint"))
        load(tmp_path, row(1, NORTH, with_id=False, name="MOR AND SAINT"))
        assert Contest.objects.count() == 1
        Contest.objects.update(name="Called otherwise now")
        load(tmp_path, row(1, NORTH, with_id=False, name="Môr & Saint"))
        assert Contest.objects.count() == 1


class TestScheduledAndByElection:
    BALLOTS = ("local.lakeside.broughton", "local.lakeside.broughton.by")

    @pytest.mark.parametrize("with_id", [True, False])
    @pytest.mark.parametrize("code", ["", "E05000011"])
    def test_are_two_contests(self, tmp_path: Path, code: str, with_id: bool) -> None:
        rows = [
            row(n, ballot, code=code, name="Broughton", by=by, with_id=with_id)
            for n, ballot, by in ((1, self.BALLOTS[0], "f"), (2, self.BALLOTS[1], "t"))
        ]
        for order in (rows, rows[::-1]):
            load(tmp_path, *order)
            assert slugs() == ["broughton", "broughton-by-election"]
            by_election = Contest.objects.get(by_election=True)
            assert by_election.full_name == "Broughton (by-election)"
            assert by_election.candidates.get().name == "Ann Ash 2"
        assert Body.objects.get().name == "Lakeside"


class TestRowsThatSayLess:
    def test_missing_code_or_id_joins_the_only_ballot_of_its_area(self, tmp_path: Path) -> None:
        load(
            tmp_path,
            row(1, NORTH, code="E05000001"),
            row(2, NORTH, code=""),
            row(3, NORTH, code="E05000001", with_id=False),
        )
        assert Contest.objects.get().candidates.count() == 3

    def test_row_that_may_be_either_is_asked_about(self, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match="may be any of these ballots") as raised:
            load(
                tmp_path,
                row(1, NORTH, code="E05000001", with_id=False),
                row(2, NORTH, code="E05000002", with_id=False),
                row(3, NORTH, with_id=False),
            )
        assert "E05000001" in str(raised.value)
        assert not Election.objects.exists()


class TestSeveralElections:
    PARLIAMENT = row(1, "parl.hilltown", code="E14000041", name="Hilltown", day="2024-07-04")
    WARD = row(2, "local.valley.hilltown.by", name="Hilltown", by="t", day="2024-07-04")
    MAYOR = row(3, "mayor.valley", name="Valley", day="2024-05-02")

    def test_asks_which(self, tmp_path: Path) -> None:
        with pytest.raises(CommandError) as raised:
            load(tmp_path, self.PARLIAMENT, self.WARD, self.MAYOR)
        assert "local.2024-07-04, mayor.2024-05-02, parl.2024-07-04" in str(raised.value)
        assert "--election-id" in str(raised.value)
        assert not Election.objects.exists()

    @pytest.mark.parametrize(
        ("name", "kind", "contest"),
        [
            ("parl.2024-07-04", "uk-parliament", "Hilltown"),
            ("local.valley.2024-07-04", "council", "Hilltown"),
            ("LOCAL.2024-07-04", "council", "Hilltown"),
            ("mayor.valley.2024-05-02", "mayor", "Valley"),
        ],
    )
    def test_takes_the_one_named(self, tmp_path: Path, name: str, kind: str, contest: str) -> None:
        rows = (self.PARLIAMENT, self.WARD, self.MAYOR)
        election = load(tmp_path, *rows, options=("--election-id", name))
        assert (election.kind, election.contests.get().name) == (kind, contest)

    def test_refuses_unknown_id(self, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match=r"nothing of “local.other”.*parl.2024-07-04"):
            load(tmp_path, self.PARLIAMENT, options=("--election-id", "local.other"))

    @pytest.mark.parametrize(
        ("other", "reason"),
        [
            (row(3, NORTH, day="2024-05-02"), "is of the poll of 2 May 2024"),
            (row(3, "mayor.valley", day="2019-05-02"), "another kind of election"),
            (row(3, "parl.hill", day="2019-05-02"), "another kind of election"),
        ],
    )
    def test_other_day_or_kind_is_refused(self, tmp_path: Path, other: str, reason: str) -> None:
        load(tmp_path, row(1, NORTH))
        with pytest.raises(CommandError, match=reason):
            load(tmp_path, other)
        assert Contest.objects.count() == 1

    def test_date_that_is_not_the_files_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match="poll of 2 May 2019, not of 3 May 2019"):
            load(tmp_path, row(1, NORTH), options=("--date", "2019-05-03"))


def test_contests_of_earlier_releases_are_recognised(tmp_path: Path) -> None:
    """They have neither ids nor bodies, and one contest may hold two councils' candidates."""
    night = nights.election("may", kind="council", date="2019-05-02", name="Two councils")
    kept = nights.contest(night, "St Michaels", [("Ann Ash", "lab"), ("Bob Birch", "green")])
    for _again in range(2):
        load(tmp_path, row(1, NORTH), row(2, SOUTH))
        assert slugs() == ["st-michaels", "st-michaels-southshire"]
    kept.refresh_from_db()
    assert (kept.body.name, kept.ballot_paper_id) == ("Northshire", f"{NORTH}.2019-05-02")
    assert set(Body.objects.values_list("name", flat=True)) == {"Northshire", "Southshire"}


class TestResultsOfEarlierRelease:
    """The body of its contests has its name by default: the kind's, or the election's."""

    @pytest.mark.parametrize("body", ["House of Commons", "May"])
    def test_find_their_contests(self, tmp_path: Path, body: str) -> None:
        night = nights.election("may", kind="council", date="2019-05-02", name="May")
        only = Body.objects.create(election=night, slug=body_slug(body), name=body)
        ward = nights.contest(night, "Hill", [("Ann Ash", "lab"), ("Ben Birch", "con")], body=only)
        contests = Contests(night)
        contests.expect([BallotIdentity(name="Hill", body="Northshire")])
        assert contests.find_or_create(BallotIdentity(name="Hill", body="Northshire")) == ward
        # The next of this name is another ward.
        other = contests.find_or_create(BallotIdentity(name="Hill", body="Southshire"))
        assert (other.slug, other.body.name) == ("hill-southshire", "Southshire")
