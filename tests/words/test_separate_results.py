"""The headline of a night whose results are not added up."""

from typing import Any

import pytest

from results.words.party_names import PartyName, PartyNames
from results.words.separate_results import SeparateResult, separate_summary

NAMES = PartyNames(
    {
        "lab": PartyName("lab", "Labour", "Labour", "Lab"),
        "con": PartyName("con", "Conservative", "Conservatives", "Con"),
    }
)


def result(
    name: str, label: str = "", *, gained_from: str = "", hold: bool = False
) -> SeparateResult:
    if not label:
        return SeparateResult(name, {})
    winner = {"name": "Ann Ash", "label": label, "gained_from": gained_from or None, "hold": hold}
    summary: dict[str, Any] = {"elected": [winner], "majority": 100, "partial": False}
    return SeparateResult(name, summary | {"by_lot": False})


A, B, C = result("Aford"), result("Beeford"), result("Ceeford")
HOLD = result("Aford", "lab", hold=True)
GAIN = result("Beeford", "lab", gained_from="con")
OTHER_GAIN = result("Ceeford", "con", gained_from="lab")


@pytest.mark.parametrize(
    ("results", "headline", "standfirst"),
    [
        ([A], "Aford: result awaited", "Expected about 02:00."),
        ([A, B, C], "3 results awaited", "The first is expected about 02:00."),
        ([HOLD], "Labour hold Aford, majority 100", ""),
        ([HOLD, B, C], "Labour hold Aford, majority 100", "2 results to come."),
        ([HOLD, result("B", "con", hold=True)], "Both are held", ""),
        (
            [HOLD, result("B", "con", hold=True), result("C", "con", hold=True)],
            "All 3 are held",
            "",
        ),
        ([HOLD, result("B", "con")], "Both have declared", ""),
        (
            [GAIN, OTHER_GAIN],
            "Both change hands",
            f"{GAIN.sentence(NAMES)}. {OTHER_GAIN.sentence(NAMES)}.",
        ),
        (
            [HOLD, GAIN],
            "Labour gain Beeford from Conservatives, majority 100",
            "The other is held.",
        ),
        (
            [HOLD, GAIN, OTHER_GAIN],
            "2 of 3 change hands",
            f"{GAIN.sentence(NAMES)}. {OTHER_GAIN.sentence(NAMES)}. The other is held.",
        ),
    ],
)
def test_headline_names_results_without_adding_them_up(
    results: list[SeparateResult], headline: str, standfirst: str
) -> None:
    summary = separate_summary(results, NAMES, first_at="02:00")
    assert (summary.headline, summary.standfirst) == (headline, standfirst)


def test_postponed_polls_are_named_and_not_awaited() -> None:
    assert separate_summary([HOLD], NAMES, postponed=1).standfirst == "1 postponed."
    assert separate_summary([A, B], NAMES, postponed=1).standfirst == "1 postponed."
    assert separate_summary([], NAMES, postponed=2).headline == "No poll is held here tonight"


def test_those_elected_unopposed_do_not_begin_the_night() -> None:
    """They are known days before: the headline says when polls close, or what is awaited."""
    winner = {"name": "Fay Fox", "label": "con", "gained_from": None, "hold": True}
    summary = {"elected": [winner], "majority": None, "partial": False, "by_lot": False}
    unopposed = SeparateResult("Ceeton", summary | {"unopposed": True})
    words = "Conservatives hold Ceeton, elected unopposed."
    close: dict[str, Any] = {"first_at": "02:00", "open_until": "22:00 on 7 May"}
    before = separate_summary([unopposed, A, B], NAMES, postponed=1, **close)
    assert before.headline == "Polls close at 22:00 on 7 May"
    assert before.standfirst == f"The first is expected about 02:00. {words} 1 postponed."
    one = separate_summary([unopposed, A], NAMES, **close)
    assert one.headline == "Aford: polls close at 22:00 on 7 May"
    many = separate_summary([unopposed] * 4 + [A], NAMES)
    assert many.standfirst == "4 elected unopposed."
    after = separate_summary([unopposed, A, B], NAMES)
    assert (after.headline, after.standfirst) == ("2 results awaited", words)
    assert separate_summary([unopposed, HOLD, B], NAMES).headline == HOLD.sentence(NAMES)
    assert separate_summary([unopposed], NAMES).headline == words.rstrip(".")
