"""The cost of sending one bulletin to every reader: this desk on two servers, beside its peers."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from statistics import median, quantiles

from bench.night import Prepared
from bench.rig import GROUP, PUBLIC, Rig, ServerKind, crowd

#: Pause between two messages, so that neither waits for the other.
PAUSE_SECONDS = 0.5
#: Readers who come and go before the memory for each reader is measured.
FIRST_READERS = 20
#: A group's message costs more the more readers there are: beyond this number one bulletin takes
#: longer than the pause before the next.
MOST_IN_A_GROUP = 1000


@dataclass(frozen=True)
class FanOut:
    """Measurement of one kind of server in one round with one number of readers.

    `cpu` is in microseconds for each delivered message, `p50` and `p99` are in milliseconds from
    commit to receipt, `memory` is the growth of the server in kB for each reader.
    """

    kind: ServerKind
    readers: int
    cpu: float
    p50: float
    p99: float
    memory: float


def fan_outs(
    prepared: Prepared, kinds: Iterable[ServerKind], readers: int, messages: int, rounds: int
) -> Iterator[FanOut]:
    """Measure every kind once before the next round, so that other load meets all of them."""
    for number in range(rounds):
        for kind in kinds:
            if kind != GROUP or readers <= MOST_IN_A_GROUP:
                yield _fan_out(kind, readers, messages, prepared, number)


def _fan_out(
    kind: ServerKind, readers: int, messages: int, prepared: Prepared, number: int
) -> FanOut:
    name = f"{kind.program}-{kind.deflates}-{readers}-{number}"
    with Rig(kind, prepared.copy(name), prepared.frames, PUBLIC) as rig:
        # The first readers and the first message load what all later ones use.
        with crowd(rig, kind.socket_path, FIRST_READERS) as received:
            _publish(rig, received)
        before = rig.memory
        with crowd(rig, kind.socket_path, readers) as received:
            grown = rig.memory - before
            _publish(rig, received)
            start, publishing, delays = rig.cpu, 0.0, list[float]()
            for _message in range(messages):
                cpu, times = _publish(rig, received)
                publishing += cpu
                delays += times
            seconds = rig.cpu - start - publishing
    return FanOut(
        kind=kind,
        readers=readers,
        cpu=seconds / (readers * messages) * 1e6,
        p50=median(delays),
        p99=quantiles(delays, n=100, method="inclusive")[98],
        memory=grown / readers / 1024,
    )


def _publish(rig: Rig, received: Iterator[dict[str, object]]) -> tuple[float, list[float]]:
    """Return the seconds of processor time for publishing, and milliseconds until each receipt."""
    published = rig.publish()
    message = next(received)
    assert message["sequence"] == published["sequence"], (message["sequence"], published)
    time.sleep(PAUSE_SECONDS)
    times = message["times"]
    assert isinstance(times, list)
    return published["cpu"], [(at - published["committed"]) * 1000 for at in times]
