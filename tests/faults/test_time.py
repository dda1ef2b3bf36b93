"""Clock changes, midnight, daylight saving and sleeping phones during a night."""

import re
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.cookies import SimpleCookie
from pathlib import Path

import pytest

from tests import needs
from tests.faults.night import Night
from tests.processes import START_SECONDS
from tests.seeds import faults
from tests.servers import Server


class Clock:
    """The faked clock of a server: an offset in seconds from the real time, or from a moment."""

    def __init__(self, folder: Path) -> None:
        # The build for threads: the plain one now and then tells a thread the machine's own time
        # while another thread is reading the file.
        library = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
        if library is None:
            raise needs.Missing("libfaketime is not installed (Debian package faketime)")
        self._file = folder / "clock"
        self.environment = {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            # Read again after this many seconds; at every call it would cost more than all else.
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "DONT_FAKE_MONOTONIC": "1",
            # A wait of pthread_cond_timedwait would end at once: it is shifted for an old glibc.
            "FAKETIME_FORCE_MONOTONIC_FIX": "0",
        }

    def set(self, offset: float) -> None:
        """Write a new file and rename it: the library may read it at any moment."""
        draft = self._file.with_suffix(".new")
        draft.write_text(f"{offset:+.0f}\n")
        draft.rename(self._file)

    def set_to(self, moment: datetime, server: Server) -> None:
        """Return once the server, if it runs, has read the new time."""
        self.set((moment - datetime.now(UTC)).total_seconds())
        if server.process is not None:
            server.wait_until(lambda: self._is_near(moment, server))

    def _is_near(self, moment: datetime, server: Server) -> bool:
        # Daphne sends no Date: the desk's time is its cookie's expiry minus its age.
        with urllib.request.urlopen(server.url("/count/sign-in/"), timeout=START_SECONDS) as answer:
            cookie = SimpleCookie(answer.headers["Set-Cookie"])["csrftoken"]
        age = timedelta(seconds=int(cookie["max-age"]))
        shown = parsedate_to_datetime(cookie["expires"]) - age
        return abs(shown - moment) < timedelta(minutes=5)


@pytest.fixture
def clock(tmp_path: Path) -> Clock:
    try:
        clock = Clock(tmp_path)
    except needs.Missing as reason:
        needs.skip_for(reason)
    clock.set(0)
    return clock


def test_clock_is_set_back_an_hour(
    make_desk: Callable[..., Server], make_night: Callable[..., Night], clock: Clock
) -> None:
    """Then forward a day, and back to now: a night is ordered by sequences, never by times."""
    desk = make_desk(environment=clock.environment)
    with make_night(desk) as night:
        night.write()
        for answers, offset in ((3, -3600), (6, 86_400), (9, 0)):
            night.wait_for_answers(answers)
            clock.set(offset)
        assert night.finish() == []
        assert desk.get("/healthz") == "ok\n"
    assert not night.history.of("fail")


@pytest.mark.parametrize(
    ("closing", "before", "after", "shown"),
    [
        # Midnight by the election's own clock, in summer: 23:00 in UTC.
        ((2027, 6, 3, 21), (2027, 6, 3, 22, 30), (2027, 6, 3, 23, 10), ("23:3", "00:1")),
        # The clocks go back from 02:00 to 01:00 in the middle of the count.
        ((2027, 10, 30, 21), (2027, 10, 31, 0, 30), (2027, 10, 31, 1, 10), ("01:3", "01:1")),
        # And forward, from 01:00 to 02:00.
        ((2027, 3, 27, 22), (2027, 3, 28, 0, 30), (2027, 3, 28, 1, 10), ("00:3", "02:1")),
    ],
    ids=["midnight", "clocks go back", "clocks go forward"],
)
def test_midnight_and_clock_change(
    make_desk: Callable[..., Server],
    make_night: Callable[..., Night],
    clock: Clock,
    closing: tuple[int, ...],
    before: tuple[int, ...],
    after: tuple[int, ...],
    shown: tuple[str, str],
) -> None:
    """Some seats are declared before and some after, in the order of the bulletins.

    Each part may take ten minutes: `shown` is how its times begin.
    """
    desk = make_desk(environment=clock.environment)
    clock.set_to(_in_utc(before), desk)
    with make_night(desk, polls_close=_in_utc(closing)) as night:
        night.writers[0].start()
        night.wait(lambda: not night.writers[0].is_alive(), "the first had sent all")
        clock.set_to(_in_utc(after), desk)
        night.writers[1].start()
        assert night.finish() == []
        times = [text[:4] for text in re.findall(r">(\d\d:\d\d)</time>", desk.get("/ge/feed/"))]
    # The newest first, whatever the clock said.
    first, second = (times.count(hour) for hour in shown)
    assert first
    assert second
    assert times == [shown[1]] * second + [shown[0]] * first


def _in_utc(moment: tuple[int, ...]) -> datetime:
    year, month, day, hour, minute = (*moment, 0)[:5]
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize("count", [20, 250], ids=["ten minutes", "a day"])
def test_reader_wakes_from_sleep(
    make_desk: Callable[..., Server], make_night: Callable[..., Night], count: int
) -> None:
    """It catches up with a few bulletins, and reloads after a whole day's."""
    desk = make_desk()
    with make_night(desk) as night:
        sleeper = night.crowd.readers[0]
        night.crowd.sleep(sleeper)
        night.write()
        desk.seed(faults.headlines, count)
        night.wait(lambda: not any(writer.is_alive() for writer in night.writers), "all was sent")
        night.crowd.wake(sleeper)
        assert night.finish() == []
        loads = [entry for entry in night.history.of("page") if entry["who"] == sleeper.who]
    assert len(loads) == (1 if count < 100 else 2)
