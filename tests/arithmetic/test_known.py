"""Checks use what is on record: electorate, verification, last time, the night so far."""

from dataclasses import replace
from typing import Any

import pytest

from results.arithmetic import (
    BLOCK,
    NOTE,
    REASON,
    BallotCounts,
    Candidacy,
    Conditions,
    LastTime,
    LastVote,
    PartyTally,
    Tally,
    ValidationMessage,
    check_ballot_counts,
)
from results.arithmetic.electoral_systems import ElectoralSystem
from results.arithmetic.kinds import ElectionKind, Method
from results.arithmetic.known import (
    Known,
    NightSoFar,
    TurnoutChanges,
    expected_shares,
    turnout_change,
)
from results.arithmetic.misplaced import figures_to_compare, min_shared_of_copy
from results.arithmetic.thresholds import THRESHOLDS, thresholds_of

LABELS = ("green", "lab", "con", "reform", "ld")
CANDIDACIES = tuple(Candidacy(id=n, label=label, name=label) for n, label in enumerate(LABELS))
#: 40,000 valid votes of 70,000 electors.
VOTES = (1200, 17000, 13000, 5800, 3000)
LAST = LastTime(
    votes=tuple(
        LastVote(label=label, votes=votes)
        for label, votes in zip(LABELS, (1300, 18000, 14000, 5000, 3700), strict=True)
    ),
    valid=42000,
    electorate=70000,
)


def found(
    votes: tuple[int, ...], *, seats: int = 1, typed: bool = True, counts: Any = None, **known: Any
) -> dict[str, ValidationMessage]:
    """Messages by code for these votes in ballot order."""
    ballot_counts = BallotCounts(votes=dict(enumerate(votes)), **(counts or {}))
    conditions = Conditions(
        seats=seats, candidacies=CANDIDACIES[: len(votes)], known=Known(**known), typed=typed
    )
    return {message.code: message for message in check_ballot_counts(ballot_counts, conditions)}


def asking(*args: Any, **more: Any) -> set[str]:
    return {code for code, message in found(*args, **more).items() if message.level != NOTE}


def night(
    *changes: int,
    region: tuple[int, ...] = (),
    others: tuple[tuple[int, ...], ...] = (),
    tally: Tally | None = None,
) -> NightSoFar:
    """Other contests with these changes of turnout, in tenths of a point, and those by region."""

    def counted(values: tuple[int, ...]) -> TurnoutChanges:
        return TurnoutChanges({value: values.count(value) for value in values})

    return NightSoFar(
        tally=tally or Tally(),
        changes=counted(changes),
        region_changes=counted(region),
        regions=tuple(map(counted, (region, *others))),
    )


def test_a_usual_result_asks_nothing() -> None:
    assert found(VOTES, electorate=70000, last=LAST, verified_papers=40100) == {}


class TestElectorateOnRecord:
    @pytest.mark.parametrize("source", ["electorate", "verified_electorate"])
    def test_blocks_more_votes_than_electors(self, source: str) -> None:
        known: dict[str, Any] = {source: 70000}
        message = found((1200, 211000, 13000, 5800, 3000), **known)["sum_over_electorate"]
        assert message.level == BLOCK
        assert message.params["electorate"] == 70000
        assert message.params["source"] in ("record", "verified")

    def test_entered_electorate_wins(self) -> None:
        wrong_record = asking(VOTES, electorate=7000, counts={"electorate": 70000})
        assert wrong_record == {"electorate_differs"}

    def test_last_electorate_never_blocks(self) -> None:
        small = replace(LAST, electorate=39000)
        assert {m.level for m in found(VOTES, last=small).values()} <= {REASON, NOTE}

    def test_verified_electorate_is_compared_with_the_record(self) -> None:
        assert "electorate_differs" in asking(VOTES, electorate=70000, verified_electorate=700000)

    def test_the_turnout_is_computed_from_it(self) -> None:
        assert "turnout_unusual" in asking((1200, 1700, 13000, 5800, 3000), electorate=80000)


class TestPapersAtVerification:
    @pytest.mark.parametrize("missing", [-10000, 10000, 6500, 500])
    def test_asks_about_a_bundle(self, missing: int) -> None:
        votes = (1200, 17000 - missing, 13000, 5800, 3000)
        assert asking(votes, counts={"rejected": 10}, verified_papers=40010)

    def test_blocks_more_votes_than_papers(self) -> None:
        message = found(VOTES, verified_papers=39999)["votes_over_papers"]
        assert (message.level, message.params["source"]) == (BLOCK, "verified")

    def test_notes_a_small_difference_with_its_size(self) -> None:
        message = found(VOTES, counts={"rejected": 100}, verified_papers=40103)["papers_over_sum"]
        assert (message.level, message.params["difference"]) == (NOTE, 3)

    def test_asks_where_other_papers_are_typed_than_were_filed(self) -> None:
        typed = {"papers": 40100, "rejected": 100}
        assert "papers_changed" in asking(VOTES, counts=typed, verified_papers=50100)
        assert asking(VOTES, counts=typed, verified_papers=40101) == set()

    def test_papers_that_are_accounted_for_explain_the_turnout(self) -> None:
        changes = night(*[100] * 20)
        assert "turnout_change" in asking(VOTES, electorate=70000, last=LAST, night=changes)
        verified: dict[str, Any] = {"counts": {"rejected": 50}, "verified_papers": 40050}
        assert asking(VOTES, electorate=70000, last=LAST, night=changes, **verified) == set()


class TestSeveralSeats:
    def test_blocks_more_votes_than_papers_have(self) -> None:
        message = found((2390, 2400, 2400, 2400), seats=2, verified_papers=2400)[
            "votes_over_papers_of_seats"
        ]
        assert (message.level, message.params["valid"]) == (BLOCK, 9590)

    def test_blocks_more_votes_than_electors_have(self) -> None:
        assert "sum_over_electors" in asking((2390, 2400, 2400, 2400), seats=2, electorate=4700)

    def test_an_official_file_is_accepted_with_a_reason(self) -> None:
        many = found((3200, 6000, 3000, 2500, 1453), seats=3, typed=False, verified_papers=5366)
        assert {message.level for message in many.values()} == {REASON}
        assert many["votes_over_papers_of_seats"].params["valid"] == 16153

    def test_asks_where_votes_are_few(self) -> None:
        assert "few_votes" in asking((500, 600, 200, 300), seats=2, verified_papers=1700)
        assert "few_votes" not in asking((700, 900, 800, 700), seats=2, verified_papers=1700)

    def test_asks_about_one_of_a_partys_candidates_far_from_the_others(self) -> None:
        slate = tuple(Candidacy(id=n, label="ab"[n > 2], name=str(n)) for n in range(6))
        votes = {0: 1523, 1: 1480, 2: 159, 3: 900, 4: 950, 5: 870}
        conditions = Conditions(seats=3, candidacies=slate)
        codes = {m.code for m in check_ballot_counts(BallotCounts(votes=votes), conditions)}
        assert "figure_scale" in codes

    @pytest.mark.parametrize("short", range(3))
    def test_asks_about_a_candidate_a_bundle_behind_the_partys_others(self, short: int) -> None:
        """A tenth of the ward's 10,800 votes, which nothing else on record shows."""
        votes = {0: 2230, 1: 2150, 2: 2090, 3: 1480, 4: 1450, 5: 1400}
        assert "behind_slate" not in in_a_ward("aaabbb", votes)
        codes = in_a_ward("aaabbb", {**votes, short: votes[short] - 1080})
        assert "behind_slate" in codes

    def test_personal_votes_are_no_missing_bundle(self) -> None:
        assert in_a_ward("aabb", {0: 1027, 1: 1177, 2: 1300, 3: 1350}, seats=2) == set()

    def test_candidates_of_one_label_are_alike_only_where_electors_have_a_vote_for_each(
        self,
    ) -> None:
        """Not by the single transferable vote, nor of associations that share a name."""
        votes = {0: 2081, 1: 1884, 2: 484, 3: 472, 4: 430, 5: 1812}
        assert not {"behind_slate", "figure_scale"} & in_a_ward("aaaaaa", votes)
        preferences = {0: 2400, 1: 600, 2: 1500, 3: 200}
        codes = in_a_ward("aaab", preferences, system=ElectoralSystem(method=Method.DECLARED))
        assert not {"behind_slate", "figure_scale"} & codes

    def test_asks_where_fewer_votes_are_used_than_in_the_councils_other_wards(self) -> None:
        """There 92 to 94% of the votes were used. Here a tenth of the ward's is missing."""
        votes = (1480, 1410, 1380, 1370, 0)
        used = NightSoFar(used=(0.92, 0.94, 0.93, 0.93, 0.92))
        papers: dict[str, Any] = {"seats": 3, "verified_papers": 2270}
        assert "few_votes" not in asking(votes, **papers)
        assert "few_votes" not in asking(votes, **papers, night=replace(used, used=used.used[:4]))
        assert "few_votes" in asking(votes, **papers, night=used)
        whole = (1480, 1410, 2010, 1370, 0)
        assert "few_votes" not in asking(whole, **papers, night=used)


def in_a_ward(labels: str, votes: dict[int, int], *, seats: int = 3, **more: Any) -> set[str]:
    """Codes of what is asked about votes by candidate, with a label of one letter each."""
    slate = tuple(Candidacy(id=n, label=label, name=str(n)) for n, label in enumerate(labels))
    conditions = Conditions(
        seats=seats, candidacies=slate, thresholds=thresholds_of("council"), **more
    )
    messages = check_ballot_counts(
        BallotCounts(votes=votes, winners=tuple(votes)[:seats] if more else ()), conditions
    )
    return {message.code for message in messages if message.level == REASON}


class TestTurnoutOfTheNight:
    """Turnout here is 57.1%, last time 60%: a change of −2.9 points."""

    def test_needs_five_contests(self) -> None:
        assert asking(VOTES, electorate=70000, last=LAST, night=night(*[80] * 4)) == set()
        assert asking(VOTES, electorate=70000, last=LAST, night=night(*[80] * 5)) == {
            "turnout_change"
        }

    def test_other_regions_tell_how_far_contests_are_apart(self) -> None:
        known: dict[str, Any] = {"electorate": 70000, "last": LAST}
        region = (0, 0, 20, 60, 80)  # a median of +2.0 points
        assert asking(VOTES, **known, night=night(region=region)) == set()
        alike = night(region=region, others=((-300,) * 10, (200,) * 10))
        assert asking(VOTES, **known, night=alike) == {"turnout_change"}

    def test_last_time_is_per_seat_that_was_up_then(self) -> None:
        """A by-election for one of the three seats of a ward."""
        counts = BallotCounts(votes={0: 1200, 1: 800})
        last = LastTime(votes=(), valid=6000, electorate=6000, seats=3)
        known = Known(electorate=6000, last=last)
        assert turnout_change(counts, known) == 0
        one_vote = turnout_change(counts, known, vote_per_seat=False)
        assert one_vote is not None
        assert one_vote < 0

    def test_follows_a_night_that_changed_everywhere(self) -> None:
        fell = (1000, 12000, 9000, 4000, 2000)  # 40%: 20 points less
        assert "turnout_far" in asking(fell, electorate=70000, last=LAST)
        assert asking(fell, electorate=70000, last=LAST, night=night(*[-195] * 30)) == set()

    @pytest.mark.parametrize("of_the_night", [{}, {"night": night(*[-195] * 30)}])
    @pytest.mark.parametrize(
        "electorates", [(None, 70000), (70000, None)], ids=["last time's", "this time's"]
    )
    def test_compares_no_turnouts_by_one_electorate(
        self, electorates: tuple[int | None, int | None], of_the_night: dict[str, Any]
    ) -> None:
        now, then = electorates
        more = (6200, 30000, 18000, 5800, 3000)
        last = replace(LAST, electorate=then)
        asked = found(more, electorate=now, last=last, **of_the_night)
        assert not {"turnout_far", "turnout_change"} & asked.keys()
        assert (asked["votes_far"].params["valid"], asked["votes_far"].params["before"]) == (
            63000,
            42000,
        )

    def test_prefers_the_region(self) -> None:
        own = night(*[80] * 40, region=(-30,) * 10)
        assert asking(VOTES, electorate=70000, last=LAST, night=own) == set()

    def test_allows_more_where_contests_differ(self) -> None:
        differing = night(*range(-60, 150, 5))
        assert asking(VOTES, electorate=70000, last=LAST, night=differing) == set()

    def test_change_uses_either_electorate(self) -> None:
        counts = BallotCounts(votes=dict(enumerate(VOTES)))
        without = replace(LAST, electorate=None)
        assert turnout_change(counts, Known(electorate=70000, last=LAST)) is not None
        assert turnout_change(counts, Known(electorate=70000, last=without)) == turnout_change(
            counts, Known(electorate=70000, last=LAST)
        )
        assert turnout_change(counts, Known(electorate=70000)) is None

    @pytest.mark.parametrize(("then", "now"), [(1, 70000), (70000, 1)])
    def test_change_fits_its_column(self, then: int, now: int) -> None:
        counts = BallotCounts(votes=dict(enumerate(VOTES)))
        known = Known(electorate=now, last=replace(LAST, electorate=then))
        assert abs(turnout_change(counts, known) or 0) == 32

    @pytest.mark.parametrize("of_the_night", [{}, {"night": night(*[-10] * 30)}])
    def test_compares_votes_where_no_electorate_is_known(
        self, of_the_night: dict[str, Any]
    ) -> None:
        last = replace(LAST, electorate=None)
        fewer = (2500, 16000, 9000, 4000, 2000)
        assert asking(VOTES, last=last, **of_the_night) == set()
        asked = found(fewer, last=last, **of_the_night)
        assert asked.keys() == {"votes_far_alone"}
        message = asked["votes_far_alone"]
        assert (message.params["valid"], message.params["before"]) == (33500, 42000)

    def test_votes_of_a_night_where_all_lost_some_are_usual(self) -> None:
        last = replace(LAST, electorate=None)
        fewer = (2500, 16000, 9000, 4000, 2000)
        assert asking(fewer, last=last, night=night(*[-125] * 30)) == set()

    def test_papers_show_that_no_bundle_is_missing_without_an_electorate(self) -> None:
        last = replace(LAST, electorate=None)
        counted = BallotCounts(votes=dict(enumerate((2500, 16000, 9000, 4000, 2000))), rejected=100)
        papers = Known(last=last, verified_papers=33600)
        conditions = Conditions(seats=1, candidacies=CANDIDACIES, known=papers)
        messages = check_ballot_counts(counted, conditions)
        assert "votes_far_alone" not in {message.code for message in messages}


class TestBoxes:
    def test_rows_shifted_by_one(self) -> None:
        assert "rows_shifted" in asking((17000, 13000, 5800, 3000, 1200), last=LAST)
        assert "rows_shifted" in asking((3000, 1200, 17000, 13000, 5800), last=LAST)

    def test_two_swapped(self) -> None:
        message = found((17000, 1200, 13000, 5800, 3000), last=LAST)["swapped"]
        assert dict(message.params) == {"down": "lab", "up": "green"}

    @pytest.mark.parametrize("votes", [(120, *VOTES[1:]), (12000, *VOTES[1:])])
    def test_ten_times_or_a_tenth(self, votes: tuple[int, ...]) -> None:
        message = found(votes, last=LAST)["figure_scale"]
        assert message.field == "votes-0"
        assert message.params["implied"] == pytest.approx(1250, abs=60)

    def test_without_last_time_the_nights_own_candidates_are_expected(self) -> None:
        lines = {
            label: PartyTally(votes=20 * votes, candidates=20)
            for label, votes in zip(LABELS, VOTES, strict=True)
        }
        tally = Tally(parties=lines, complete=20, valid=20 * sum(VOTES))
        shares = expected_shares(CANDIDACIES, Known(night=NightSoFar(tally=tally)))
        assert shares[1].share == pytest.approx(17 / 40)
        shifted = (17000, 13000, 5800, 3000, 1200)
        assert "rows_shifted" in asking(shifted, night=NightSoFar(tally=tally))

    def test_three_wards_of_the_own_council_are_enough_where_it_says_so(self) -> None:
        party = {"ld": PartyTally(votes=600, candidates=3)}
        council = Tally(parties=party, contests=3, seats=3, complete=3, valid=6000)
        others = Tally(parties=party, contests=9, seats=9, complete=9, valid=9000)
        known = Known(night=NightSoFar(tally=council.plus(others), body_tally=council))
        (candidacy,) = (each for each in CANDIDACIES if each.label == "ld")
        of_own = expected_shares((candidacy,), known, seats=1, enough=3)
        assert of_own[candidacy.id].share == pytest.approx(200 / 2000)
        # Twelve wards of the night, where three are too few.
        of_all = expected_shares((candidacy,), known, seats=1)
        assert of_all[candidacy.id].share == pytest.approx(200 / 1250)

    def test_a_candidate_has_a_part_of_all_votes_that_falls_with_the_seats(self) -> None:
        """One elector in five there: a fifth of the votes for one seat, a fifteenth for three."""
        party = {"ld": PartyTally(votes=2400, candidates=12)}
        wards = Tally(parties=party, contests=12, seats=24, complete=12, valid=24000)
        known = Known(night=NightSoFar(tally=wards))
        (candidacy,) = (each for each in CANDIDACIES if each.label == "ld")
        for seats in (1, 2, 3):
            expected = expected_shares((candidacy,), known, seats=seats)
            assert expected[candidacy.id].share == pytest.approx(1 / 5 / seats)

    def test_last_times_candidates_are_compared_one_by_one_in_wards(self) -> None:
        """Three Greens with a fifth of the electors each then, one now, moved as the best did."""
        votes = [LastVote(label="green", votes=n) for n in (220, 200, 180)]
        last = LastTime(votes=(*votes, LastVote(label="lab", votes=2400)), valid=3000, seats=3)
        green = CANDIDACIES[:1]
        assert expected_shares(green, Known(last=last), seats=3)[0].share == pytest.approx(1 / 15)
        assert expected_shares(green, Known(last=last), seats=1)[0].share == pytest.approx(1 / 5)
        party = PartyTally(best_comparable=200, best_last=100, comparable_votes=200, last_votes=300)
        night = Tally(
            parties={"green": party},
            complete=10,
            comparable_valid=3000,
            last_valid=3000,
            best_last=1000,
        )
        moved = expected_shares(green, Known(last=last, night=NightSoFar(tally=night)), seats=3)
        assert moved[0].share == pytest.approx(2 / 15)

    def test_an_independent_is_only_compared_with_the_same_person(self) -> None:
        before = LastTime(votes=(LastVote(label="independent", person=7, votes=4000),), valid=40000)
        other = Candidacy(id=1, label="independent", person=8)
        assert expected_shares((other,), Known(last=before)) == {}
        same = replace(other, person=7)
        assert expected_shares((same,), Known(last=before))[1].share == pytest.approx(0.1)

    def test_another_contests_figures(self) -> None:
        assert "same_as_other" in asking(VOTES, same_figures_as="Otherton")

    @pytest.mark.parametrize(
        ("figures", "expected"),
        [((), None), ((900,), None), ((900, 800), 2), ((9, 8, 7), 3), (tuple(range(6)), 4)],
    )
    def test_most_figures_must_be_shared(self, figures: tuple[int, ...], expected: Any) -> None:
        assert min_shared_of_copy(figures) == expected
        assert figures_to_compare((None, 0, 49, 50)) == {50}


def test_every_kind_of_election_has_thresholds() -> None:
    assert set(THRESHOLDS) == set(ElectionKind)
    assert thresholds_of("council").rejected > thresholds_of("uk-parliament").rejected
