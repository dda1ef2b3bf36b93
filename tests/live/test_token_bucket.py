"""The token bucket never delays a real night, and bounds what a stuck connection costs."""

from hypothesis import given, strategies as st

from results.live.token_bucket import BURST, RATE, TokenBucket

FRAME = 24_000


def test_busy_night_never_waits() -> None:
    """Thirty bulletins a minute, each the largest frame there is, all night."""
    bucket = TokenBucket(0)
    assert not any(bucket.spend(FRAME, 2.0 * number) for number in range(10_000))


def test_holds_no_more_than_a_burst() -> None:
    bucket = TokenBucket(0)
    assert bucket.spend(BURST, 1_000_000) == 0
    assert bucket.spend(RATE, 1_000_000) == 1


@given(st.lists(st.tuples(st.integers(1, 100_000), st.floats(0, 5)), max_size=200))
def test_sending_is_bounded_by_burst_and_rate(
    frames: list[tuple[int, float]],
) -> None:
    """By any moment at most a burst, the rate, and one more frame were sent."""
    bucket, now, sent = TokenBucket(0), 0.0, 0
    for size, pause in frames:
        now += bucket.spend(size, now) + pause
        sent += size
        assert sent <= BURST + RATE * now + 100_000
