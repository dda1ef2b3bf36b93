"""Answers to questions about files, given beforehand, and notes on how the files were read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(slots=True, kw_only=True)
class ReadOptions:
    """How to read files that do not say it themselves; empty where it is for them to say.

    `columns` are headings (or numbers, or letters) of columns by our names of fields; an empty
    heading says that the file has no such column. `dates` is `dmy` or `mdy`. `polling_day` is the
    file's, by which ambiguous dates are told. `notional` marks last results as worked out for new
    boundaries. With `only_own` the rows of areas that the election lacks are skipped. Readers
    append to `notes` what they skipped. `source` is where the figures come from, in place of what
    the file says. `poll` and `kind` are the polling day and the kind of election whose results are
    to be read; those of others are skipped. `reason` is why published results may change.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    sheets: tuple[str, ...] = ()
    dates: str = ""
    encoding: str = ""
    polling_day: date | None = None
    notional: bool = False
    only_own: bool = False
    source: str = ""
    poll: date | None = None
    kind: str = ""
    reason: str = ""
    notes: list[str] = field(default_factory=list)
