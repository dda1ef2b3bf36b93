"""Progress of a load, reported to a callback."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

T = TypeVar("T")

#: Called with how many are done, and of how many.
Report = Callable[[int, int], None]

_report: ContextVar[Report | None] = ContextVar("report", default=None)


@contextmanager
def reporting_to(report: Report) -> Iterator[None]:
    """Call `report` with the progress of loads within this context."""
    token = _report.set(report)
    try:
        yield
    finally:
        _report.reset(token)


def report_done(done: int, total: int) -> None:
    """Report how many are done, and of how many."""
    report = _report.get()
    if report is not None:
        report(done, total)


def counted_off(items: Sequence[T]) -> Iterator[T]:
    """Yield the items; report before each how many are done."""
    report = _report.get()
    for number, item in enumerate(items):
        if report is not None:
            report(number, len(items))
        yield item
    if report is not None:
        report(len(items), len(items))
