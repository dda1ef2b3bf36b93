"""Numbers that commands take as options. Each raises ArgumentTypeError, which argparse prints."""

import math
from argparse import ArgumentTypeError


def whole_number(text: str) -> int:
    """Return a number from 0 up."""
    try:
        number = int(text)
    except ValueError:
        number = -1
    if number < 0:
        raise ArgumentTypeError(f"“{text}” is no number from 0 up")
    return number


def pace(text: str) -> float:
    """Return how many times faster than a night's own pace it is played, 0 for at once."""
    try:
        speed = float(text)
    except ValueError:
        speed = -1
    if not math.isfinite(speed) or speed < 0:
        raise ArgumentTypeError(f"“{text}” is no pace: 1 is the night's own, 0 as fast as it goes")
    return speed
