"""Publishing results from lists: a Senedd's constituency, and a region with constituencies."""

from dataclasses import replace
from typing import Any

import pytest

from results import desk
from results.arithmetic import ElectionKind, PollState
from results.exchange.polls import BallotInFile
from results.live.election_snapshot import ElectionSnapshot
from results.models import Bulletin, Contest, Declaration, Election, Night, Person, Standing
from tests.lists import chamber, list_ballot, names_elected, publish, withdraw
from tests.nights import contest, key, user

pytestmark = pytest.mark.django_db


class TestSenedd:
    @pytest.fixture
    def seat(self) -> Contest:
        lists = {
            "lab": ["Ann Ash", "Bob Beech", "Cat Cedar"],
            "con": ["Dai Date", "Eve Elder", "Fay Fir"],
            "green": ["Gil Gorse"],
            "independent": ["Hal Hazel"],
        }
        return list_ballot(chamber(ElectionKind.SENEDD), "Bangor Aberconwy", lists)

    def test_elects_in_the_order_of_the_lists(self, seat: Contest) -> None:
        publish(seat, {"lab": 900, "con": 700, "green": 400, "Hal Hazel": 90})
        # 900, 700, 450, 400, 350, 300: the Greens' list is used up after one.
        assert names_elected(seat) == [
            *("Ann Ash", "Dai Date", "Bob Beech"),
            *("Gil Gorse", "Eve Elder", "Cat Cedar"),
        ]
        tally = Night.objects.get(election=seat.election).standing_tally
        assert (tally.seats, tally.parties["lab"].seats, tally.parties["lab"].votes) == (6, 3, 900)

    def test_is_not_uncontested_by_the_numbers_in_a_file(self, seat: Contest) -> None:
        """A file may have one row for each list, which are fewer than the seats."""
        ballot = BallotInFile(contest=seat, candidates=4, cancelled=False)
        assert ballot.poll is PollState.HELD
        assert replace(ballot, cancelled=True).poll is PollState.UNOPPOSED

    def test_asks_for_the_lot_of_a_tie(self, seat: Contest) -> None:
        votes = {"lab": 900, "con": 900, "green": 300, "Hal Hazel": 10}
        with pytest.raises(desk.ValidationRefused) as refused:
            publish(seat, votes)
        assert [message.code for message in refused.value.messages] == ["lists_tie"]
        publish(seat, votes, lot=["con", "lab"])
        assert len(names_elected(seat)) == 6
        assert Standing.objects.get(contest=seat).summary["by_lot"]

    def test_lists_every_one_of_whose_votes_are_missing(self, seat: Contest) -> None:
        with pytest.raises(desk.ValidationRefused) as refused:
            publish(seat, {"lab": 900})
        fields = {message.code for message in refused.value.messages}
        assert fields == {"votes_missing"}
        assert len(refused.value.messages) == 3


class TestRegion:
    """A region of three constituencies; Ann Ash stands in one, and leads Labour's list."""

    @pytest.fixture
    def night(self) -> Election:
        return chamber(ElectionKind.SCOTTISH_PARLIAMENT)

    @pytest.fixture
    def region(self, night: Election) -> Contest:
        lists: dict[str, list[Any]] = {
            "lab": [Person.objects.create(name="Ann Ash"), "Bob Beech", "Cat Cedar"],
            "con": ["Dai Date", "Eve Elder", "Fay Fir"],
            "green": ["Gil Gorse", "Hal Hazel"],
        }
        return list_ballot(night, "Lothian", lists, seats=3, method="lists")

    @pytest.fixture
    def constituencies(self, night: Election, region: Contest) -> list[Contest]:
        made = [
            contest(night, name, [(f"Lab {name}", "lab"), (f"Con {name}", "con")])
            for name in ("Almond", "Pentland", "Leith")
        ]
        for seat in made:
            seat.region_contest = region
            seat.save()
        leader = region.candidates.get(name="Ann Ash").person
        made[0].candidates.filter(party__slug="lab").update(person=leader, name="Ann Ash")
        return made

    VOTES = {"lab": 600, "con": 400, "green": 190}

    def declare_all(self, constituencies: list[Contest]) -> None:
        for seat in constituencies:
            publish(seat, {"lab": 500, "con": 300})

    def test_counts_its_constituencies_and_skips_who_won_one(
        self, region: Contest, constituencies: list[Contest]
    ) -> None:
        self.declare_all(constituencies)
        publish(region, self.VOTES)
        # 600/4, 400, 190: 400, then 200, then 190.
        assert names_elected(region) == ["Dai Date", "Eve Elder", "Gil Gorse"]
        tally = Night.objects.get(election=region.election).standing_tally
        assert (tally.seats, tally.parties["lab"].seats) == (6, 3)

    def test_waits_for_its_constituencies(
        self, region: Contest, constituencies: list[Contest]
    ) -> None:
        publish(region, self.VOTES)
        standing = Standing.objects.get(contest=region)
        assert (standing.summary["to_fill"], standing.status_name) == (3, "Votes declared")
        assert Night.objects.get(election=region.election).standing_tally.seats == 0
        words = "3 seats, allocated when all its constituencies have declared"
        assert words in Bulletin.objects.get(contest=region).summary
        self.declare_all(constituencies)
        assert len(names_elected(region)) == 3
        assert [row.kind for row in region.declarations.all()] == ["declaration", "update"]

    def test_is_corrected_with_a_constituency_in_one_transaction(
        self, region: Contest, constituencies: list[Contest]
    ) -> None:
        self.declare_all(constituencies)
        publish(region, self.VOTES)
        before = Night.objects.get(election=region.election).sequence
        publish(
            constituencies[0],
            {"lab": 300, "con": 500},
            kind=Declaration.Kind.CORRECTION,
            reason="The two totals were read out the wrong way round.",
        )
        # Labour have 2 and Conservatives 1: 600/3, 400/2 and 190 are 200, 200, 190.
        assert names_elected(region) == ["Ann Ash", "Dai Date", "Gil Gorse"]
        newest = region.declarations.last()
        assert newest is not None
        assert newest.kind == Declaration.Kind.CORRECTION
        assert newest.reason == (
            "The result of Almond was corrected: The two totals were read out the wrong way round."
        )
        assert newest.blame
        retractions = [
            change.retraction for change in ElectionSnapshot(region.election).corrections
        ]
        words = "We said that Eve Elder had won here. That was wrong: Ann Ash has won."
        assert words in retractions
        assert Night.objects.get(election=region.election).sequence == before + 2
        assert newest.sequence == before + 2
        assert newest.ballot_counts.votes == region.declarations.all()[0].ballot_counts.votes

    def test_waits_again_when_a_constituency_is_withdrawn(
        self, region: Contest, constituencies: list[Contest]
    ) -> None:
        self.declare_all(constituencies)
        publish(region, self.VOTES)
        withdraw(constituencies[1])
        assert Standing.objects.get(contest=region).summary["to_fill"] == 3
        newest = region.declarations.last()
        assert newest is not None
        assert newest.kind == Declaration.Kind.CORRECTION
        assert "was withdrawn" in newest.reason
        change = ElectionSnapshot(region.election).corrections[0]
        words = "We said that Dai Date, Eve Elder and Gil Gorse had won here. That was wrong."
        assert change.retraction == words

    def test_does_not_wait_for_a_postponed_constituency(
        self, region: Contest, constituencies: list[Contest]
    ) -> None:
        publish(region, self.VOTES)
        self.declare_all(constituencies[:2])
        desk.report_status(
            constituencies[2],
            Standing.Status.POSTPONED,
            by=user(),
            idempotency_key=key(),
        )
        # Labour have two: 400, then 600/3 and 400/2, all of which have a seat.
        assert names_elected(region) == ["Dai Date", "Bob Beech", "Eve Elder"]

    def test_without_constituencies_allocates_nothing(self, region: Contest) -> None:
        publish(region, self.VOTES)
        assert Standing.objects.get(contest=region).summary["to_fill"] == 3
