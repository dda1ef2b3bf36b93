"""Number of rounds of repeating tests: a few in `make test`, many in `make soak`."""

import os

SOAK = os.environ.get("SOAK") == "1"


def rounds(few: int, many: int) -> int:
    """`few` in the suite, `many` where SOAK=1."""
    return many if SOAK else few
