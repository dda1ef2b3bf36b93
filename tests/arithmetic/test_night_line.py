"""The line of seats through a night: what counts when, and when it moves."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from results.arithmetic.night_line import (
    HOUR,
    DeclaredByMinute,
    NightLine,
    SeatsDeclared,
    night_line,
    span_of,
)

CLOSE = datetime(2019, 12, 12, 22, tzinfo=UTC)


def declared(minutes: float | None, number: int, *labels: str) -> SeatsDeclared:
    at = None if minutes is None else CLOSE + timedelta(minutes=minutes)
    return SeatsDeclared(at=at, number=number, labels=labels)


def line_of(results: Iterable[SeatsDeclared], *, finished: bool, seats: int) -> NightLine:
    return night_line(DeclaredByMinute.of(results), finished=finished, seats=seats)


NIGHT = [
    declared(None, 1, "spk"),
    declared(90.5, 2, "lab"),
    declared(95, 3, "con"),
    declared(95.9, 4, "con"),
    declared(95.2, 5, "lab"),
]


def steps(line: NightLine, label: str) -> list[tuple[int, int]]:
    return [(int((at - CLOSE).total_seconds() / 60), n) for at, n in line.steps.get(label, ())]


def test_counts_the_first_result_of_the_newest_minutes() -> None:
    line = line_of(NIGHT, finished=False, seats=650)
    assert steps(line, "lab") == [(90, 1)]
    assert steps(line, "con") == [(95, 1)]
    assert line.start == {"spk": 1}
    assert line.end == CLOSE + timedelta(minutes=95)
    assert (
        line_of(NIGHT[:3], finished=False, seats=650) == line
    )  # nothing more is sent in these minutes


def test_every_result_of_a_small_election_moves_it() -> None:
    shown = [line_of(NIGHT[:number], finished=False, seats=100) for number in (2, 3)]
    assert shown[0] != shown[1]


def test_counts_all_when_later_minutes_have_a_result_or_none_is_to_come() -> None:
    later = line_of([*NIGHT, declared(100, 6, "con")], finished=False, seats=650)
    assert steps(later, "con") == [(95, 2), (100, 3)]
    done = line_of(NIGHT, finished=True, seats=650)
    assert (done.seats("con"), done.seats("lab"), done.seats("spk")) == (2, 2, 1)


def test_correction_changes_it_from_when_it_was_declared() -> None:
    corrected = [*NIGHT[:1], declared(90.5, 2, "con"), *NIGHT[2:]]
    line = line_of(corrected, finished=True, seats=650)
    assert steps(line, "con") == [(90, 1), (95, 3)]


def test_several_seats_of_one_contest() -> None:
    line = line_of([declared(5, 1, "ld", "ld", "lab")], finished=True, seats=650)
    assert line.seats("ld") == 2
    assert line.seats("ld", CLOSE) == 0


def test_tells_since_when_a_line_is_reached() -> None:
    line = line_of(NIGHT, finished=True, seats=650)
    assert line.reached("con", 2) == CLOSE + timedelta(minutes=95)
    assert line.reached("con", 3) is None


def test_draws_the_ends_of_the_bar_and_the_next() -> None:
    results = [declared(1, 1, "snp", "snp"), declared(2, 2, "con"), declared(3, 3, "ld")]
    line = line_of(results, finished=True, seats=650)
    assert line.largest(["con", "lab"]) == ("con", "lab", "snp")


def test_shows_seven_hours_and_more_if_the_night_runs_on() -> None:
    line = line_of(NIGHT, finished=False, seats=650)
    span = span_of(line, CLOSE)
    assert (span.first, span.last) == (CLOSE + HOUR, CLOSE + 8 * HOUR)
    assert len(span.hours()) == 8
    late = span_of(line_of([*NIGHT, declared(1012, 9, "con")], finished=True, seats=650), CLOSE)
    assert late.last == CLOSE + 17 * HOUR  # St Ives declared at 14:52
    assert len(late.hours()) <= 8
    assert late.minute(CLOSE) == 0


def test_shows_the_day_on_which_votes_are_counted() -> None:
    line = line_of([declared(13 * 60 + 20, 1, "con")], finished=False, seats=650)
    assert span_of(line, CLOSE).first == CLOSE + 13 * HOUR
    assert span_of(line_of([], finished=False, seats=650), CLOSE).first == CLOSE + HOUR


def test_result_of_another_week_does_not_stretch_the_night() -> None:
    late = line_of([*NIGHT, declared(7 * 24 * 60, 6, "con")], finished=True, seats=650)
    span = span_of(late, CLOSE)
    assert (span.last - span.first) == 36 * HOUR
    assert late.end is not None
    assert span.minute(late.end) == span.minutes
    assert len(span.hours(most=1_000)) == 37


def test_one_changed_result_makes_the_same_line_as_all_of_them() -> None:
    by_minute = DeclaredByMinute.of(NIGHT)
    added, moved = declared(96, 6, "con"), declared(97, 2, "ld")
    assert by_minute.after(None, added).after(added, None) == by_minute
    for before, now in ((None, added), (NIGHT[1], moved), (NIGHT[2], None), (NIGHT[0], None)):
        changed = [*(one for one in NIGHT if one != before), *([now] if now else [])]
        for finished in (True, False):
            line = night_line(by_minute.after(before, now), finished=finished, seats=650)
            assert line == line_of(changed, finished=finished, seats=650)
