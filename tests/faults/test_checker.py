"""The checker accepts an honest desk and finds each deliberate defect."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.faults.checker import Entry, Log, violations
from tests.faults.night import CORRECTED, SEATS, Application, Night

FRAME: Entry = {"who": "reader", "what": "frame", "epoch": "e"}
PAGE: Entry = {
    "who": "reader",
    "what": "page",
    "path": "/",
    "epoch": "e",
    "sequence": 0,
    "parts": {"a": "0", "b": "0"},
}
ONE = {**FRAME, "since": 0, "sequence": 1, "fragments": {"a": "1"}}
TWO = {**FRAME, "since": 1, "sequence": 2, "fragments": {"a": "2", "b": "2"}}
END: Entry = {
    "who": "reader",
    "what": "end",
    "path": "/",
    "epoch": "e",
    "sequence": 2,
    "parts": {"a": "2", "b": "2"},
}
SENT: list[Entry] = [
    {"who": "ann", "what": "invoke", "key": "k1", "seat": "s", "votes": [2, 1]},
    {"who": "ann", "what": "ok", "key": "k1", "sequence": 1},
    {"who": "ann", "what": "invoke", "key": "k2", "seat": "s", "votes": [3, 1]},
    {"who": "ann", "what": "ok", "key": "k2", "sequence": 2},
]
LOG = Log(
    epoch="e",
    sequence=2,
    bulletins={("e", 1): {"a": "1"}, ("e", 2): {"a": "2", "b": "2"}},
    sequences={"k1": 1, "k2": 2},
    revisions=[("s", 1, 1, [2, 1]), ("s", 2, 2, [3, 1])],
    fresh={"/": {"a": "2", "b": "2"}},
)


def test_accepts_a_correct_history() -> None:
    assert violations([*SENT, PAGE, ONE, TWO, END], LOG) == []
    both = {**TWO, "since": 0}
    beat = {**FRAME, "since": 2, "sequence": 2, "fragments": {}}
    assert violations([*SENT, PAGE, both, beat, END], LOG) == []


@pytest.mark.parametrize(
    ("read", "message"),
    [
        ([ONE, {**TWO, "fragments": {"a": "2"}}], "shows another b"),
        ([TWO], "something was left out"),
        ([ONE, ONE, TWO], "sent again"),
        ([ONE, TWO, {**ONE, "since": 2}], "went back"),
        ([ONE, {**FRAME, "since": 1, "sequence": 1, "fragments": {"a": "9"}}, TWO], "no bulletin"),
        ([{**TWO, "since": 0, "sequence": 1}, {**ONE, "since": 1, "sequence": 2}], "another a"),
        ([ONE, {**TWO, "epoch": "other"}], "another epoch"),
        ([ONE, TWO, {**FRAME, "since": 2, "sequence": 3, "fragments": {}}], "does not hold"),
        ([ONE, TWO, {**PAGE, "sequence": 1}], "went back from 2"),
    ],
)
def test_finds_wrong_reads(read: list[Entry], message: str) -> None:
    assert any(message in problem for problem in violations([*SENT, PAGE, *read, END], LOG))


@pytest.mark.parametrize(
    ("end", "message"),
    [
        ({**END, "sequence": 1}, "ended at 1"),
        ({**END, "parts": {"a": "2", "b": "1"}}, "another b than a fresh page"),
        ({**END, "parts": {"a": "2"}}, "other parts than"),
        ({**END, "what": "other"}, "never came to the end"),
    ],
)
def test_finds_wrong_final_pages(end: dict[str, Any], message: str) -> None:
    assert any(message in problem for problem in violations([*SENT, PAGE, ONE, TWO, end], LOG))


@pytest.mark.parametrize(
    ("more", "change", "message"),
    [
        ([], {"sequences": {"k1": 1}}, "and lost"),
        ([], {"sequences": {"k1": 1, "k2": 1}}, "acknowledged as bulletin 2, and is 1"),
        ([], {"revisions": LOG.revisions[:1]}, "bulletin 2 holds []"),
        ([], {"revisions": [*LOG.revisions, ("s", 3, 3, [3, 1])]}, "hold the same"),
        ([], {"revisions": [*LOG.revisions, ("s", 3, 3, [9, 9])]}, "nobody sent"),
        ([], {"bulletins": {("e", 2): {"a": "2", "b": "2"}}}, "does not hold"),
        ([], {"bulletins": {("e", 1): {}, ("e", 3): {}}}, "not dense"),
        (
            [{"who": "bob", "what": "fail", "key": "k3"}],
            {"sequences": {**LOG.sequences, "k3": 3}},
            "refused, and",
        ),
    ],
)
def test_finds_a_wrong_log(more: list[Entry], change: dict[str, Any], message: str) -> None:
    log = Log(**{**LOG.__dict__, **change})
    problems = violations([*SENT, PAGE, ONE, TWO, END, *more], log)
    assert any(message in problem for problem in problems), problems


def test_finds_a_page_older_than_the_log() -> None:
    log = Log(**{**LOG.__dict__, "fresh": {**LOG.fresh, "/ge/s/": {"seat-s": "3,000 and 1"}}})
    revisions: list[tuple[str, int, int, list[int | None]]] = [
        ("s", 1, 1, [2, 1]),
        ("s", 2, 2, [3000, 1]),
    ]
    sent = [*SENT[:2], {**SENT[2], "votes": [3000, 1]}, SENT[3]]
    whole = [*sent, PAGE, ONE, TWO, END]
    assert violations(whole, Log(**{**log.__dict__, "revisions": revisions})) == []
    older = {**LOG.fresh, "/ge/s/": {"seat-s": "2 and 1"}}
    problems = violations(whole, Log(**{**log.__dict__, "revisions": revisions, "fresh": older}))
    assert problems == ["/ge/s/ does not show 3,000 of revision 2"]


@pytest.mark.parametrize("how", ["nothing", "dropped", "twice", "swapped", "lost", "forgotten"])
def test_finds_each_deliberate_defect(
    make_application: Callable[..., Application], make_night: Callable[..., Night], how: str
) -> None:
    server = make_application("tests.faults.broken:application", environment={"BREAK": how})
    with make_night(server) as night:
        night.write()
        problems = night.finish()
    assert bool(problems) == (how != "nothing"), problems
    if how == "nothing":
        answered = [entry["key"] for entry in night.history.of("ok")]
        assert len(set(answered)) == 2 * SEATS + CORRECTED
    messages = {
        "dropped": "than the log",
        "twice": "sent again",
        "swapped": "than the log",
        "lost": "lost",
        "forgotten": "eve-seat-0-correction",
    }
    assert how == "nothing" or any(messages[how] in problem for problem in problems), problems
