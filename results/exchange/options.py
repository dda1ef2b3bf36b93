"""Options for reading files: answers given in advance, and notes on how files were read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(slots=True, kw_only=True)
class ReadOptions:
    """Answers to what files do not say by themselves; empty where the file decides.

    `columns` are headings (or numbers, or letters) of columns by our names of fields; an empty
    heading says that the file has no such column. `dates` is `dmy` or `mdy`. `polling_day` is the
    file's, by which ambiguous dates are told. `notional` marks last results as worked out for new
    boundaries. Of areas that the election lacks the rows are skipped with `only_own`, and contests
    are made with `all_areas`. Readers append to `notes` what they skipped. `source` is where the
    figures come from, in place of what the file says. `poll` and `kind` are the polling day and the
    kind of election whose results are to be read; those of others are skipped. `reason` is why
    published results may change. `lists`: rows of party lists may have no name.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    sheets: tuple[str, ...] = ()
    dates: str = ""
    encoding: str = ""
    polling_day: date | None = None
    notional: bool = False
    only_own: bool = False
    all_areas: bool = False
    source: str = ""
    poll: date | None = None
    kind: str = ""
    reason: str = ""
    lists: bool = False
    notes: list[str] = field(default_factory=list)
