"""What one reader may be sent at once: a night in full, a stuck line never more than so much."""

from hypothesis import given
from hypothesis import strategies as st

from results.live.token_bucket import BURST, RATE, TokenBucket

FRAME = 24_000


def test_a_busy_night_is_never_held_up():
    """Thirty bulletins a minute, each the largest frame there is, all night."""
    line = TokenBucket(0)
    assert not any(line.spend(FRAME, 2.0 * number) for number in range(10_000))


def test_what_was_saved_up_is_no_more_than_a_burst():
    line = TokenBucket(0)
    assert line.spend(BURST, 1_000_000) == 0
    assert line.spend(RATE, 1_000_000) == 1


@given(st.lists(st.tuples(st.integers(1, 100_000), st.floats(0, 5)), max_size=200))
def test_whoever_waits_as_told_is_bounded_by_burst_and_rate(frames):
    """However frames come: what was sent by any moment is a burst, the rate, and one frame more."""
    line, now, sent = TokenBucket(0), 0.0, 0
    for size, pause in frames:
        now += line.spend(size, now) + pause
        sent += size
        assert sent <= BURST + RATE * now + 100_000
