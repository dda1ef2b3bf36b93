"""A new epoch on a running night: clients at its newest sequence are up to date.

Each change that touches every page starts an epoch. Its first bulletin may be hours away, or never
come, and server processes start meanwhile.
"""

from collections.abc import Callable, Iterator

import pytest

from tests.acceptance.epochs import CHANGES, EpochNight, Position, frame, sequence_after
from tests.servers import Server


@pytest.fixture
def night(make_night: Callable[..., EpochNight]) -> Iterator[EpochNight]:
    night = make_night()
    with night.desk:
        yield night


def up_to_date(position: Position) -> dict[str, object]:
    sequence = position.sequence
    return {"epoch": position.epoch, "since": sequence, "sequence": sequence, "fragments": {}}


def assert_up_to_date(night: EpochNight, sequence: int) -> Position:
    """Assert that a client at the night's position is up to date, over each transport."""
    newest = night.position()
    assert newest.sequence == sequence
    page = night.desk.get("/ge/")
    assert f'data-epoch="{newest.epoch}" data-sequence="{sequence}"' in page
    assert night.updates(newest) == up_to_date(newest)
    with night.socket(newest) as socket:
        assert frame(socket) == up_to_date(newest)
    return newest


@pytest.mark.parametrize(
    ("change", "program"), [*((change, "daphne") for change in CHANGES), ("start over", "uvicorn")]
)
def test_client_at_newest_sequence_is_up_to_date(
    make_night: Callable[..., EpochNight], change: str, program: str
) -> None:
    night = make_night(program=program)
    with night.desk:
        follow(night, change)


def follow(night: EpochNight, change: str) -> None:
    """Make a change, and later publish a bulletin; restart the server after each."""
    old = assert_up_to_date(night, 2)
    with night.socket(old) as reader:
        assert frame(reader) == up_to_date(old)
        CHANGES[change](night)
        document = frame(reader)
        assert document["resync"]
    number = sequence_after(change)
    newest = assert_up_to_date(night, number)
    assert newest.epoch != old.epoch
    assert document == {"resync": True, "epoch": newest.epoch, "sequence": number}

    night.restart()
    assert assert_up_to_date(night, number) == newest

    with night.socket(newest) as reader:
        assert frame(reader) == up_to_date(newest)
        night.declare_the_next()
        document = frame(reader)
        assert (document["epoch"], document["since"]) == (newest.epoch, number)
        assert document["sequence"] == number + 1
    assert_up_to_date(night, number + 1)

    night.restart()
    assert_up_to_date(night, number + 1)
    # A page from the start of the epoch catches up; one of the epoch before reloads.
    assert night.updates(newest)["since"] == number
    with night.socket(newest) as reader:
        document = frame(reader)
        assert (document.get("since"), document["sequence"]) == (number, number + 1)
    with night.socket(old) as reader:
        assert frame(reader)["resync"]


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
            assert frame(reader)["resync"]
        night.restart()
        assert_up_to_date(night, 3)
