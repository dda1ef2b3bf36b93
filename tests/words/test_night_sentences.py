"""Headlines of the night, generated from the tally alone and never a forecast."""

import pytest

from results.arithmetic import PartyTally, Tally
from results.words.night_sentences import majority_sentence, night_summary, ranked_labels
from results.words.party_names import PartyName, PartyNames

PARTY_NAMES = PartyNames(
    {
        "lab": PartyName("lab", "Labour", "Labour", "Lab"),
        "con": PartyName("con", "Conservative", "Conservatives", "Con"),
    }
)


def tally(**seats: int) -> Tally:
    parties = {label: PartyTally(seats=won, votes=won) for label, won in seats.items()}
    return Tally(parties=parties, seats=sum(seats.values()))


def summary_of(
    night: Tally,
    *,
    seats: int = 650,
    whole_house: bool = True,
    latest: str = "Labour hold X",
    first_at: str = "",
) -> tuple[str, str]:
    summary = night_summary(
        night, seats, PARTY_NAMES, latest=latest, first_at=first_at, whole_house=whole_house
    )
    return summary.headline, summary.standfirst


@pytest.mark.parametrize(
    ("night", "headline", "standfirst"),
    [
        (tally(), "The polls have closed: first declaration awaited", "650 to come."),
        (
            tally(con=1),
            "Conservatives first to declare, 1 so far",
            "649 to come; Conservatives would need 325 more for a majority.",
        ),
        (
            tally(con=131, lab=92),
            "Conservatives lead Labour by 39 seats",
            "427 to come; Conservatives would need 195 more for a majority.",
        ),
        (
            tally(con=2, lab=1),
            "Conservatives lead Labour by 1 seat",
            "647 to come; Conservatives would need 324 more for a majority.",
        ),
        (
            tally(con=5, lab=5),
            "Conservatives and Labour level on 5 seats",
            "640 to come; Conservatives would need 321 more for a majority.",
        ),
        (
            tally(con=1, lab=1),
            "Conservatives and Labour level on 1 seat",
            "648 to come; Conservatives would need 325 more for a majority.",
        ),
        (
            tally(con=320, lab=325),
            "Labour lead Conservatives by 5 seats",
            "5 to come; Labour would need 1 more for a majority.",
        ),
        (
            tally(con=300, lab=290),
            "Conservatives lead Labour by 10 seats",
            "60 to come; Conservatives would need 26 more for a majority.",
        ),
        (
            tally(con=300, lab=299, snp=40),
            "Conservatives lead Labour by 1 seat",
            "11 to come; no majority is possible any more for Conservatives.",
        ),
        (
            tally(con=326, lab=203),
            "Conservatives have won a majority of seats",
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


def test_standfirst_says_when_the_first_is_expected() -> None:
    _headline, standfirst = summary_of(tally(), first_at="22:48")
    assert standfirst == "650 to come, the first expected about 22:48."


@pytest.mark.parametrize(
    ("night", "expected"),
    [
        (tally(), "326 of the 650 seats make a majority."),
        (
            tally(con=300, lab=290),
            "The most there can be from here: Conservatives 360, Labour 350.",
        ),
        (tally(con=5), "The most there can be from here: Conservatives 650."),
        (tally(con=325, lab=325), "Nobody can reach 326 any more."),
        (
            tally(con=326, lab=203),
            "Conservatives have a majority of 2 in the House; 326 reached at 05:04.",
        ),
    ],
)
def test_majority_sentence(night: Tally, expected: str) -> None:
    assert majority_sentence(night, 650, PARTY_NAMES, passed_at="05:04") == expected


def test_majority_without_a_known_time() -> None:
    sentence = majority_sentence(tally(con=365, lab=285), 650, PARTY_NAMES, passed_at="")
    assert sentence == "Conservatives have a majority of 80 in the House."


def test_postponed_and_vacant_seats_do_not_lower_a_majority() -> None:
    parties = {label: PartyTally(seats=won) for label, won in (("con", 340), ("lab", 308))}
    night = Tally(parties=parties, seats=648, vacant=1, postponed=1)
    sentence = majority_sentence(night, 650, PARTY_NAMES, passed_at="")
    assert sentence == "Conservatives have a majority of 32 in the House."
    assert summary_of(night)[1].startswith("A majority of 32 in the House.")
