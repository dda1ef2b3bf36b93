"""Numbers that commands take as options. Each raises ArgumentTypeError, which argparse prints."""

import math
from argparse import ArgumentTypeError


def whole_number(text: str, *, least: int = 0) -> int:
    """Return a number from `least` up."""
    try:
        number = int(text)
    except ValueError:
        number = least - 1
    if number < least:
        raise ArgumentTypeError(f"“{text}” is no number from {least} up")
    return number


def positive_number(text: str) -> int:
    """Return a number from 1 up."""
    return whole_number(text, least=1)


def port_number(text: str) -> int:
    """Return the number of a port that can be listened on."""
    number = positive_number(text)
    if number > 65535:
        raise ArgumentTypeError(f"“{text}” is no port: they end at 65535")
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
