"""`present(value)`: the value of an optional field that a test expects to be set."""

from typing import TypeVar

T = TypeVar("T")


def present(value: T | None) -> T:
    assert value is not None
    return value
