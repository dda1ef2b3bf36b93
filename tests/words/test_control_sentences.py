"""Headlines of council nights: who gains, holds and loses control, and what is still possible."""

import pytest

from results.arithmetic import BodySeats, PartyTally, Tally
from results.words.control_sentences import (
    Council,
    control_name,
    control_sentence,
    council_summary,
    possible_sentence,
    seats_sentence,
)
from results.words.party_names import PartyName, PartyNames

PARTY_NAMES = PartyNames(
    {
        "lab": PartyName("lab", "Labour", "Labour", "Lab"),
        "green": PartyName("green", "Green", "Greens", "Green"),
        "con": PartyName("con", "Conservative", "Conservatives", "Con"),
        "reform": PartyName("reform", "Reform UK", "Reform UK", "Ref"),
    }
)


def seats(up: int, before: dict[str, int], now: dict[str, int], **more: int) -> BodySeats:
    """A council with all its `up` seats up, `now` of which have declared."""
    labels = {*before, *now}
    done = sum(now.values()) >= up
    parties = {
        label: PartyTally(seats=now.get(label, 0), before=before.get(label, 0) if done else 0)
        for label in labels
    }
    tally = Tally(parties=parties, seats=sum(now.values()), postponed=more.get("postponed", 0))
    return BodySeats(seats=up, up=up, holders=before, tally=tally)


ISLINGTON = seats(51, {"lab": 48, "green": 3}, {"lab": 32, "green": 19})
HACKNEY = seats(57, {"lab": 50, "con": 5, "green": 2}, {"green": 42, "lab": 9, "con": 6})
LAMBETH = seats(5, {"lab": 5}, {"green": 2, "lab": 2, "con": 1})
HAVERING = seats(3, {"con": 1, "lab": 1, "green": 1}, {"reform": 2, "lab": 1})
NIGHT = {"Islington": ISLINGTON, "Hackney": HACKNEY, "Lambeth": LAMBETH, "Havering": HAVERING}


def summary_of(*councils: Council, first: str = "", first_at: str = "") -> tuple[str, str]:
    tally, up = Tally(), 0
    for council in councils:
        tally, up = tally.plus(council.seats.tally), up + council.seats.up
    summary = council_summary(councils, tally, up, PARTY_NAMES, first=first, first_at=first_at)
    return summary.headline, summary.standfirst


@pytest.mark.parametrize(
    ("name", "sentence", "control"),
    [
        ("Islington", "Labour hold Islington", "Labour"),
        ("Hackney", "Greens gain Hackney from Labour", "Green"),
        ("Lambeth", "Labour lose Lambeth to no overall control", "No overall control"),
        ("Havering", "Reform UK gain Havering from no overall control", "Reform UK"),
    ],
)
def test_sentence_of_each_change_of_control(name: str, sentence: str, control: str) -> None:
    now = NIGHT[name].control
    assert control_sentence(name, now, PARTY_NAMES) == sentence
    assert control_name(now.by, PARTY_NAMES) == control


def test_one_council_that_is_decided() -> None:
    assert summary_of(Council("Hackney", HACKNEY)) == (
        "Greens gain Hackney from Labour",
        "Green 42 (+40), Labour 9 (−41), Conservative 6 (+1). Every seat that is up has declared.",
    )


def test_one_council_with_a_postponed_poll_does_not_call_every_seat_declared() -> None:
    body = seats(48, {"lab": 30, "con": 18}, {"con": 27, "lab": 20}, postponed=1)
    _headline, standfirst = summary_of(Council("Marrow", body))
    assert standfirst.endswith("Every poll that was held has declared. 1 postponed.")


def under_way(up: int, held: dict[str, int], now: dict[str, int]) -> BodySeats:
    """A council with all its `up` seats up, `now` of which have declared; they were `held` so."""
    parties = {
        label: PartyTally(seats=now.get(label, 0), before=held.get(label, 0))
        for label in {*held, *now}
    }
    holders = {**held, "lab": held.get("lab", 0) + up - sum(held.values())}
    return BodySeats(
        seats=up, up=up, holders=holders, tally=Tally(parties=parties, seats=sum(now.values()))
    )


def test_one_council_under_way_says_what_has_changed_and_what_is_still_possible() -> None:
    body = under_way(51, {"lab": 29, "green": 1}, {"lab": 20, "green": 10})
    headline, standfirst = summary_of(Council("Islington", body))
    assert headline == "Islington: Greens up 9\u00a0seats, Labour down 9"
    assert standfirst == "21 seats to come. Each of Labour and Greens can still win control."


def test_one_council_with_little_change_says_how_many_seats_have_declared() -> None:
    body = under_way(51, {"lab": 19, "green": 1}, {"lab": 18, "green": 2})
    headline, standfirst = summary_of(Council("Islington", body))
    assert headline == "Islington: 20 of 51 seats have declared"
    assert standfirst.startswith("Labour 18 (−1), Green 2 (+1). 31 seats to come.")


def test_one_council_whose_holders_are_not_known_says_how_many_seats_have_declared() -> None:
    tally = Tally(parties={"lab": PartyTally(seats=20), "green": PartyTally(seats=20)}, seats=40)
    body = BodySeats(seats=51, up=51, holders_known=False, tally=tally)
    assert summary_of(Council("Islington", body)) == (
        "Islington: 40 of 51 seats have declared",
        "Green 20, Labour 20. 11 seats to come. Each of Greens and Labour can still win control.",
    )


def test_one_council_whose_seats_that_are_not_up_are_not_known_is_complete_at_its_end() -> None:
    tally = Tally(parties={"lab": PartyTally(seats=17)}, seats=17)
    body = BodySeats(seats=51, up=17, tally=tally)
    assert summary_of(Council("Islington", body)) == (
        "Islington: 17 of 17 seats have declared",
        "Labour 17. Every seat that is up has declared.",
    )


def test_the_only_ward_is_the_first_to_declare() -> None:
    body = under_way(51, {"lab": 3}, {"lab": 3})
    islington, hackney = Council("Islington", body), Council("Hackney", seats(57, {"lab": 57}, {}))
    first = "Labour hold Arsenal"
    assert summary_of(islington, first=first) == (first, "The first to declare. 48 seats to come.")
    assert summary_of(islington, hackney, first=first) == (
        first,
        "The first to declare. 105 seats to come.",
    )


def test_nothing_has_declared() -> None:
    body = seats(51, {"lab": 48, "green": 3}, {})
    assert summary_of(Council("Islington", body), first_at="23:30") == (
        "First results expected about 23:30",
        "51 seats to come.",
    )


def test_several_councils_name_what_changes_and_then_what_is_held() -> None:
    councils = [Council(name, body, n) for n, (name, body) in enumerate(NIGHT.items(), 1)]
    headline, standfirst = summary_of(*councils)
    assert headline == (
        "Reform UK gain Havering from no overall control, Greens gain Hackney from Labour, "
        "Labour lose Lambeth to no overall control"
    )
    assert standfirst == (
        "4 of 4 councils decided. Labour hold Islington. Greens up 57\u00a0seats, Labour down 60."
    )


def test_many_councils_are_counted() -> None:
    councils = [Council(f"Council {n}", HACKNEY) for n in range(9)]
    headline, standfirst = summary_of(*councils, Council("Islington", ISLINGTON))
    assert headline == "Greens gain 9 councils, Labour lose 9"
    assert standfirst == (
        "10 of 10 councils decided. Labour hold Islington. "
        "Greens up 376\u00a0seats, Labour down 385."
    )


def test_councils_of_which_none_is_decided_have_the_net_change() -> None:
    islington = Council("Islington", under_way(51, {"lab": 9}, {"lab": 3, "green": 6}))
    hackney = Council("Hackney", under_way(57, {"lab": 2, "con": 3}, {"con": 1, "green": 4}))
    assert summary_of(islington, hackney) == (
        "Greens up 10\u00a0seats, Labour down 8",
        "No council is decided yet. 94 seats to come.",
    )


def test_councils_with_little_change_say_how_many_seats_have_declared() -> None:
    councils = [
        Council("Islington", under_way(51, {"lab": 3}, {"lab": 2, "green": 1})),
        Council("Hackney", seats(57, {"lab": 57}, {})),
    ]
    assert summary_of(*councils) == (
        "3 of 108 seats have declared",
        "No council is decided yet. 105 seats to come.",
    )


def test_net_change_of_councils_needs_to_be_known_of_each() -> None:
    tally = Tally(parties={"reform": PartyTally(seats=9)}, seats=9)
    hackney = Council("Hackney", BodySeats(seats=57, up=57, holders_known=False, tally=tally))
    islington = Council("Islington", under_way(51, {"lab": 9}, {"lab": 3, "green": 6}))
    headline, _standfirst = summary_of(islington, hackney)
    assert headline == "18 of 108 seats have declared"


def test_net_change_comes_before_control_that_has_not_changed() -> None:
    held = Council("Islington", ISLINGTON)
    assert summary_of(held, Council("Hackney", seats(57, {"lab": 57}, {}))) == (
        "Greens up 16\u00a0seats, Labour down 16",
        "1 of 2 councils decided. Labour hold Islington. 57 seats to come.",
    )


def test_control_that_has_changed_comes_before_the_net_change() -> None:
    gained = Council("Hackney", HACKNEY)
    assert summary_of(gained, Council("Islington", seats(51, {"lab": 51}, {}))) == (
        "Greens gain Hackney from Labour",
        "1 of 2 councils decided. Greens up 40\u00a0seats, Labour down 41. 51 seats to come.",
    )


def test_without_a_net_change_the_headline_has_control_that_is_held() -> None:
    same = Council("Lewisham", seats(5, {"lab": 4, "green": 1}, {"lab": 4, "green": 1}))
    assert summary_of(same, Council("Islington", seats(51, {"lab": 51}, {}))) == (
        "Labour hold Lewisham",
        "1 of 2 councils decided. 51 seats to come.",
    )


def test_postponed_seats_are_named_as_what_may_decide() -> None:
    body = seats(5, {"lab": 5}, {"lab": 2, "green": 2}, postponed=1)
    assert possible_sentence(body, PARTY_NAMES) == "1 postponed seat may decide it."


def test_a_party_without_a_seat_left_is_named_with_its_loss() -> None:
    body = seats(3, {"con": 2, "lab": 1}, {"lab": 3})
    assert seats_sentence(body, PARTY_NAMES) == "Labour 3 (+2), Conservative 0 (−2)."


def test_postponed_seats_that_may_decide_are_not_named_twice() -> None:
    body = seats(5, {"lab": 5}, {"lab": 2, "green": 2}, postponed=1)
    headline, standfirst = summary_of(Council("Marrow", body))
    assert headline == "Marrow: 4 of 5 seats have declared"
    end = "Every poll that was held has declared. 1 postponed seat may decide it."
    assert standfirst == f"Labour 2 (+2), Green 2 (+2). {end}"
