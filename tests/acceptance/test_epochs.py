"""A new epoch on a running night: clients at its newest sequence are up to date.

Each change that touches every page starts an epoch. Its first bulletin may be hours away, or never
come, and server processes start meanwhile.
"""

from collections.abc import Callable, Iterator

import pytest

from tests.acceptance.epochs import (
    CHANGES,
    EpochNight,
    assert_up_to_date,
    follow,
    frame,
    news,
    up_to_date,
)
from tests.servers import Server


@pytest.fixture
def night(make_night: Callable[..., EpochNight]) -> Iterator[EpochNight]:
    night = make_night()
    with night.desk:
        yield night


def test_client_at_newest_sequence_is_up_to_date_on_uvicorn(
    make_night: Callable[..., EpochNight],
) -> None:
    """`test_epochs_in_chromium` follows every change on daphne, with a page open as well."""
    night = make_night(program="uvicorn")
    with night.desk:
        follow(night, "start over")


@pytest.mark.parametrize("change", [change for change in CHANGES if change != "rename a party"])
def test_change_made_while_the_server_is_down(night: EpochNight, change: str) -> None:
    old = assert_up_to_date(night, 2)
    night.desk.stop()
    CHANGES[change](night)
    night.desk.start()
    newest = assert_up_to_date(night, 2)
    with night.socket(old) as reader:
        assert frame(reader) == {"resync": True, "epoch": newest.epoch, "sequence": 2}


def test_readers_process_follows_a_change_made_by_the_writers_process(
    make_night: Callable[..., EpochNight], make_desk: Callable[..., Server]
) -> None:
    readers = make_night(environment={"ROLE": "readers"}).desk
    writers = make_desk(
        database_url=readers.environment["DATABASE_URL"], environment={"ROLE": "writers"}
    )
    night = EpochNight(readers, writers)
    with readers, writers:
        old = assert_up_to_date(night, 2)
        with night.socket(old) as reader:
            assert frame(reader) == up_to_date(old)
            night.rename_party()
            # Without a common channel layer the readers' process was not notified yet.
            assert assert_up_to_date(night, 3).epoch != old.epoch
            assert news(reader, old)["resync"]
        night.restart()
        assert_up_to_date(night, 3)
