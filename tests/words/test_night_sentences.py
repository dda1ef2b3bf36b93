"""Headlines of the night, generated from the tally alone and never a forecast."""

from dataclasses import replace
from typing import Any

import pytest
from django.utils.translation import override

from results.arithmetic import PartyTally, Tally, ranked_labels
from results.words.majority_sentences import majority_sentence
from results.words.night_sentences import NightFacts, night_summary
from results.words.party_names import PartyName, PartyNames

PARTY_NAMES = PartyNames(
    {
        "lab": PartyName("lab", "Labour", "Labour", "Lab"),
        "con": PartyName("con", "Conservative", "Conservatives", "Con"),
    }
)


#: Seats of last time that the parties of a test held.
HELD = {"con": 317, "lab": 262, "snp": 35}


def tally(**seats: int) -> Tally:
    parties = {label: PartyTally(seats=won, votes=won) for label, won in seats.items()}
    return Tally(parties=parties, seats=sum(seats.values()))


def moved(declared: int, **net: int) -> Tally:
    """A tally of `declared` seats of two parties, with net gains and losses by label."""
    won = {"con": declared // 2, "lab": declared - declared // 2}
    parties = {
        label: PartyTally(
            seats=won.get(label, 0),
            gains=max(net.get(label, 0), 0),
            losses=max(-net.get(label, 0), 0),
        )
        for label in {*won, *net}
    }
    return Tally(parties=parties, seats=declared)


def swung(complete: int) -> Tally:
    """Ten seats, of which so many have full figures, with 5 points' swing to the Conservatives."""
    parties = {
        "con": PartyTally(seats=5, comparable_votes=450, last_votes=400, stood_last=5),
        "lab": PartyTally(seats=5, comparable_votes=350, last_votes=400, stood_last=5),
    }
    return Tally(
        parties=parties, seats=10, complete=complete, comparable_valid=1000, last_valid=1000
    )


#: What is said of the parties with most seats in `HELD`.
AT_STAKE = f"Conservatives defend {HELD['con']} seats and Labour {HELD['lab']}."


def summary_of(night: Tally, *, seats: int = 650, **facts: Any) -> tuple[str, str]:
    given: dict[str, Any] = {
        "chamber": "the House",
        "whole_house": True,
        "latest": "Labour hold X",
        "held": HELD,
    } | facts
    summary = night_summary(NightFacts(tally=night, seats=seats, party_names=PARTY_NAMES, **given))
    return summary.headline, summary.standfirst


@pytest.mark.parametrize(
    ("night", "headline", "standfirst"),
    [
        (tally(), "Polls have closed", AT_STAKE),
        (
            moved(140, con=30, lab=-37),
            "Conservatives up 30\u00a0seats, Labour down 37",
            "510 to come.",
        ),
        (moved(140, con=12, lab=-2), "Conservatives up 12\u00a0seats after 140", "510 to come."),
        (moved(140, con=2, lab=-3), "Labour down 3\u00a0seats after 140", "510 to come."),
        (moved(140, con=2, lab=-2), "Little change after 140 of 650\u00a0seats", "510 to come."),
        # Of two alike, the one with more seats.
        (moved(21, con=4, lab=4, snp=-5), "Labour up 4\u00a0seats, snp down 5", "629 to come."),
        (
            tally(con=300, lab=299, snp=40),
            "No party can win a majority",
            "11 to come.",
        ),
        (
            tally(con=326, lab=203),
            "Conservatives win a majority",
            "They hold 326, with 121 seats to come.",
        ),
        (
            tally(con=365, lab=285),
            "Conservatives win the election with 365 seats",
            "A majority of 80 in the House, with every seat declared.",
        ),
        (
            tally(con=317, lab=333 - 8, snp=8),
            "No majority: Labour largest with 325 seats",
            "Every seat has declared and nobody has the 326 a majority takes.",
        ),
    ],
)
def test_headline_and_standfirst(night: Tally, headline: str, standfirst: str) -> None:
    assert summary_of(night) == (headline, standfirst)


def test_before_the_first_it_says_what_is_at_stake_and_no_more() -> None:
    poll = {"con": 361, "lab": 199, "snp": 52}
    summary = night_summary(
        NightFacts(
            tally=tally(),
            seats=650,
            party_names=PARTY_NAMES,
            chamber="the House",
            whole_house=True,
            held=HELD,
            exit_poll=poll,
            open_until="22:00 on 12 December",
        )
    )
    assert summary.headline == "Polls close at 22:00 on 12 December"
    change = f"{poll['con'] - HELD['con']:+d}", f"\N{MINUS SIGN}{HELD['lab'] - poll['lab']}"
    assert summary.standfirst == (
        f"The exit poll puts Conservatives on 361 seats ({change[0]}) "
        f"and Labour on 199 ({change[1]})."
    )
    assert summary.more == AT_STAKE


def test_parties_with_a_single_seat() -> None:
    held = {"con": 1, "lab": 1}
    assert summary_of(tally(), seats=3, held=held)[1] == "Conservatives defend 1 seat and Labour 1."
    polled = {"con": 1, "lab": 1}
    assert summary_of(tally(), seats=3, held={}, exit_poll=polled)[1] == (
        "The exit poll puts Conservatives on 1 seat and Labour on 1."
    )
    assert summary_of(tally(), seats=3, held=HELD, exit_poll=polled)[1].startswith(
        "The exit poll puts Conservatives on 1 seat (\N{MINUS SIGN}316) and Labour on 1 ("
    )
    for before, moved_by in ((1, ""), (0, ", a net gain of 1"), (2, ", a net loss of 1")):
        facts: dict[str, Any] = {"held": {"con": before, "lab": 9}, "exit_poll": {"con": 1}}
        assert summary_of(moved(140), **facts)[1] == (
            f"The exit poll put Conservatives on 1 seat{moved_by}."
        )
    vacant = replace(tally(con=1), seats=3, vacant=2)
    assert summary_of(vacant, seats=3)[0] == "No majority: Conservatives largest with 1 seat"
    postponed = replace(tally(con=1), postponed=2)
    assert summary_of(postponed, seats=3)[0] == (
        "Conservatives largest with 1 seat, 1 short of a majority"
    )
    assert summary_of(tally(con=1), seats=1)[0] == "Conservatives win the election with 1 seat"


@pytest.mark.parametrize(
    ("night", "seats", "headline"),
    [
        (
            tally(con=29, lab=29, snp=5),
            63,
            "No majority: Conservatives and Labour level on 29 seats each",
        ),
        (
            tally(con=1, lab=1, snp=1),
            3,
            "No majority: Conservatives, Labour and snp level on 1 seat each",
        ),
        (
            replace(tally(con=5, lab=5), postponed=1),
            11,
            "Conservatives and Labour level on 5 seats each, 1 short of a majority",
        ),
    ],
)
def test_nobody_is_largest_where_two_have_as_many_seats(
    night: Tally, seats: int, headline: str
) -> None:
    poll = {"con": 30, "lab": 28}
    assert summary_of(night, seats=seats, exit_poll=poll)[0] == headline
    facts = NightFacts(
        tally=night,
        seats=seats,
        party_names=PARTY_NAMES,
        chamber="the House",
        whole_house=True,
        exit_poll=poll,
    )
    assert night_summary(facts).more == ""


@pytest.mark.parametrize(
    ("polled", "sentence"),
    [
        (361, "That is 4 more than the exit poll gave them."),
        (366, "That is 1 fewer than the exit poll gave them."),
        (365, "That is what the exit poll gave them."),
    ],
)
def test_result_is_set_against_the_exit_poll_once_all_have_declared(
    polled: int, sentence: str
) -> None:
    def more(night: Tally) -> str:
        facts = NightFacts(
            tally=night,
            seats=650,
            party_names=PARTY_NAMES,
            chamber="the House",
            whole_house=True,
            exit_poll={"con": polled},
        )
        return night_summary(facts).more

    assert more(tally(con=365, lab=285)) == sentence
    assert more(tally(con=365, lab=284)) == ""


@pytest.mark.parametrize("declared", [1, 9])
def test_first_few_are_led_by_the_first_result(declared: int) -> None:
    summary = summary_of(tally(con=declared), first="Conservatives hold X")
    assert summary == ("Conservatives hold X", f"The first to declare. {650 - declared} to come.")


@pytest.mark.parametrize(("seats", "few"), [(3, 1), (25, 1), (60, 5), (90, 8), (129, 9)])
def test_first_result_leads_a_small_chamber_only_until_a_tenth_has_declared(
    seats: int, few: int
) -> None:
    first = "Conservatives hold X"
    assert summary_of(tally(con=few), seats=seats, held={}, first=first)[0] == first
    headline = f"{few + 1} of {seats} seats have declared"
    con = (few + 1) // 2
    night = tally(con=con, lab=few + 1 - con)
    assert summary_of(night, seats=seats, held={}, first=first)[0] == headline


def test_first_result_with_a_long_name_stands_below_the_headline() -> None:
    first = "Conservatives gain Cumbernauld, Kilsyth and Kirkintilloch East"
    assert summary_of(tally(con=1), first=first) == ("The first seat has declared", f"{first}.")
    assert summary_of(tally(con=2), first=first)[0] == "The first seats have declared"


@pytest.mark.parametrize(
    ("declared", "headline"),
    [(10, "10 of 650 seats have declared"), (140, "140 of 650 seats have declared")],
)
def test_nothing_moves_where_nobody_held_a_seat(declared: int, headline: str) -> None:
    summary = summary_of(tally(con=declared), held={}, first="Conservatives win X")
    assert summary == (headline, f"{650 - declared} to come.")


def test_exit_poll_follows_the_swing_where_there_is_room() -> None:
    night, exit_poll = swung(10), {"con": 361}
    summary = night_summary(
        NightFacts(
            tally=night,
            seats=650,
            party_names=PARTY_NAMES,
            chamber="the House",
            whole_house=True,
            held=HELD,
            exit_poll=exit_poll,
        )
    )
    assert "swing" in summary.standfirst
    assert summary.more.startswith("The exit poll put Conservatives on 361 seats")


def test_nobody_leads_while_seats_are_to_come() -> None:
    for declared in range(650):
        headline, standfirst = summary_of(moved(declared, con=declared // 9, lab=-declared // 8))
        assert "lead" not in headline + standfirst


@pytest.mark.parametrize(
    ("polled", "sentence"),
    [
        (361, "The exit poll put Conservatives on 361 seats, a net gain of 44."),
        (311, "The exit poll put Conservatives on 311 seats, a net loss of 6."),
        (317, "The exit poll put Conservatives on 317 seats."),
    ],
)
def test_standfirst_says_what_the_exit_poll_gave(polled: int, sentence: str) -> None:
    exit_poll = {"con": polled, "lab": 191}
    assert summary_of(moved(140), exit_poll=exit_poll)[1] == sentence


def test_standfirst_says_the_swing_so_far() -> None:
    expected = "The swing over these 10 seats is 5.0 points from Labour to Conservatives."
    assert summary_of(swung(10))[1] == expected
    assert summary_of(swung(9))[1] == "640 to come."


def test_standfirst_says_over_how_many_of_the_seats_the_swing_is() -> None:
    """Seats of lists, and of winners whose votes are not known, are in no swing."""
    some = replace(swung(10), seats=12)
    expected = "The swing over 10 of the declared seats is 5.0 points from Labour to Conservatives."
    assert summary_of(some)[1] == expected


@pytest.mark.parametrize(
    ("points", "sentence"),
    [
        (5, "The swing over {} is 5.0 points from Labour to Conservatives."),
        (0, "There is no swing between Conservatives and Labour over {}."),
    ],
)
def test_standfirst_does_not_count_new_seats_in_the_swing(points: int, sentence: str) -> None:
    old = swung(10)
    if not points:
        level = {
            label: replace(each, comparable_votes=each.last_votes)
            for label, each in old.parties.items()
        }
        old = replace(old, parties=level)
    new = replace(old, seats=12, complete=12, valid=old.comparable_valid + 60_000)
    expected = sentence.format("the declared seats that have a last result")
    assert summary_of(new)[1] == expected


@pytest.mark.parametrize(
    ("gained", "sentence"),
    [
        (0, "There is no swing between Conservatives and Labour over these 10 seats."),
        (1, "The swing over these 10 seats is less than 0.1 points from Labour to Conservatives."),
    ],
)
def test_standfirst_has_no_swing_of_nought_points(gained: int, sentence: str) -> None:
    parties = {
        "con": PartyTally(
            seats=5, comparable_votes=40_000 + gained, last_votes=40_000, stood_last=5
        ),
        "lab": PartyTally(
            seats=5, comparable_votes=40_000 - gained, last_votes=40_000, stood_last=5
        ),
    }
    votes = {"comparable_valid": 100_000, "last_valid": 100_000}
    assert summary_of(Tally(parties=parties, seats=10, complete=10, **votes))[1] == sentence


def test_part_of_the_house_is_led_by_its_latest_result() -> None:
    one_declared = summary_of(tally(lab=1), seats=2, whole_house=False)
    assert one_declared == ("Labour hold X", "1 seat here is still to declare.")
    all_declared = summary_of(tally(lab=2), seats=2, whole_house=False)
    assert all_declared == ("Labour hold X", "Every seat here has declared.")


def test_order_of_labels_is_deterministic() -> None:
    parties = {
        "b": PartyTally(seats=1, votes=5),
        "a": PartyTally(seats=1, votes=5),
        "c": PartyTally(votes=9),
    }
    assert ranked_labels(Tally(parties=parties)) == ["a", "b", "c"]


def test_headline_says_when_the_first_is_expected() -> None:
    expected = "First results expected about 22:48", AT_STAKE
    assert summary_of(tally(), first_at="22:48") == expected


@pytest.mark.parametrize(
    ("night", "expected"),
    [
        (tally(), "326 of the 650 seats make a majority."),
        (
            tally(con=300, lab=290),
            "For a majority Conservatives need 26 of the 60 to come, Labour 36.",
        ),
        (tally(con=5), "326 of the 650 seats make a majority."),
        (tally(con=200, lab=124), "326 of the 650 seats make a majority."),
        (
            tally(con=200, lab=125),
            "For a majority Conservatives need 126 of the 325 to come, Labour 201.",
        ),
        (tally(con=325, lab=324), "For a majority Conservatives need the one to come."),
        (tally(con=325, lab=325), "Nobody can reach 326 any more."),
        (
            tally(con=326, lab=203),
            "Conservatives have a majority of 2 in the House; 326 reached at 05:04.",
        ),
    ],
)
def test_majority_sentence(night: Tally, expected: str) -> None:
    assert (
        majority_sentence(night, 650, PARTY_NAMES, chamber="the House", passed_at="05:04")
        == expected
    )


@pytest.mark.parametrize(
    ("language", "postponed", "expected"),
    [
        ("en", 0, "For a majority Conservatives need the one to come, as do Labour."),
        ("en", 1, "For a majority Conservatives need the one postponed, as do Labour."),
        ("cy", 0, "Am fwyafrif: Conservatives ag angen yr un sydd i ddod; Labour hefyd."),
        ("cy", 1, "Am fwyafrif: Conservatives ag angen yr un a ohiriwyd; Labour hefyd."),
    ],
)
def test_majority_that_several_reach_with_the_last_seat(
    language: str, postponed: int, expected: str
) -> None:
    night = replace(tally(con=1, lab=1), postponed=postponed)
    with override(language):
        sentence = majority_sentence(night, 3, PARTY_NAMES, chamber="the House", passed_at="")
    assert sentence == expected


def test_majority_without_a_known_time() -> None:
    sentence = majority_sentence(
        tally(con=365, lab=285), 650, PARTY_NAMES, chamber="the House", passed_at=""
    )
    assert sentence == "Conservatives have a majority of 80 in the House."


@pytest.mark.parametrize(
    ("declared", "need"),
    [
        (649, "the one postponed"),
        (640, "1 of the 9 to come and 1 postponed"),
    ],
)
def test_postponed_seats_are_not_to_come_for_a_majority(declared: int, need: str) -> None:
    parties = {"con": PartyTally(seats=325), "lab": PartyTally(seats=declared - 325)}
    night = Tally(parties=parties, seats=declared, postponed=1)
    sentence = majority_sentence(night, 650, PARTY_NAMES, chamber="the House", passed_at="")
    assert sentence.startswith(f"For a majority Conservatives need {need}")


def test_postponed_and_vacant_seats_do_not_lower_a_majority() -> None:
    parties = {label: PartyTally(seats=won) for label, won in (("con", 340), ("lab", 308))}
    night = Tally(parties=parties, seats=648, vacant=1, postponed=1)
    sentence = majority_sentence(night, 650, PARTY_NAMES, chamber="the House", passed_at="")
    assert sentence == "Conservatives have a majority of 32 in the House."
    assert summary_of(night)[1].startswith("A majority of 32 in the House.")
