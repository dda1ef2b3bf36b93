"""Load which areas postcodes are in: the ONS Postcode Directory, or any table of postcode and code.

The file may have millions of rows. It is read twice: once to check every line, so that nothing
changes if one is wrong, and once to store it, in batches of their own transactions, so that nobody
waits for it. Loading it again changes nothing; a load that was cut is finished by loading again.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TextIO

from django.db import transaction
from django.utils.translation import gettext as _

from results.arithmetic import clean_text
from results.arithmetic.postcodes import read_postcode
from results.exchange.errors import FileError, FileErrors
from results.models.postcode import Areas, PostcodeAreas, PostcodeDistrict

#: Headings of the postcode, best first, and of the day from which it is not in use any more.
POSTCODE = ("pcds", "pcd", "pcd2", "pcd7", "pcd8", "postcode")
ENDED = ("doterm", "terminated")
#: Headings of areas that contests are of, in any year's directory: “pcon”, “pcon24cd”, “osward”.
AREA = re.compile(
    r"(pcon|osward|wd|ward|oslaua|lad|laua|oscty|cty|ced|spc|spr|ssc|ssr|senc|senr|nawc|nawer|pfa"
    r"|cauth|lac|rgn|code|area_code|gss|gss_code|ons_id|constituency_code|ward_code)(\d\d)?(cd)?"
)
#: The directory's codes for “no such area here”: E99999999, and others of the same end.
NO_AREA = re.compile(r"[A-Z]9{8}")
#: Every code has a digit: a word without one is a name, of a column that has no codes.
CODE = re.compile(r"(?=.*\d)[\w.:-]{1,20}", re.ASCII)
#: Rows that are stored at once: some thirty megabytes of memory.
BATCH = 100_000
#: Most errors that are listed: a file with more is probably the wrong one.
MAX_ERRORS = 50
#: Longest cell of a postcode directory.
csv.field_size_limit(131_072)

#: Called with how many rows are done, and of how many.
Report = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class _Columns:
    """Positions of the columns, counted from 0; `ended` is None if the file has none.

    `are_chosen` says that somebody named the columns of codes.
    """

    postcode: int
    codes: tuple[int, ...]
    ended: int | None
    are_chosen: bool
    headings: tuple[str, ...]

    @property
    def last(self) -> int:
        return max(self.postcode, *self.codes, self.ended or 0)


@dataclass(slots=True)
class LoadedPostcodes:
    """Result of a load: numbers of postcodes in the file, of changed ones, and of ended ones.

    `left_out` are the headings of columns that may have codes, and have names.
    """

    postcodes: int = 0
    changed: int = 0
    ended: int = 0
    left_out: tuple[str, ...] = ()

    @property
    def notes(self) -> list[str]:
        words = _("“%(heading)s” is left out: it has names, and no official code")
        return [words % {"heading": heading} for heading in self.left_out]


def load_postcodes(
    path: Path, *, columns: Sequence[str] = (), add: bool = False, report: Report | None = None
) -> LoadedPostcodes:
    """Load a file; a postcode's areas take the place of those that were stored.

    `columns` are headings of areas, where they are not those of the directory. With `add` the areas
    that are stored stay as well. Raises FileErrors
    before anything is changed.
    """
    total, names = _check(path, columns)
    done = 0
    with _rows(path, columns) as (found, rows):
        where = replace(found, codes=tuple(at for at in found.codes if at not in names))
        loaded = LoadedPostcodes(left_out=tuple(found.headings[at] for at in names))
        for batch in _batches(where, rows):
            _store(_areas(where, batch, loaded), loaded, add=add)
            done += len(batch)
            if report is not None:
                report(done, total)
    return loaded


@contextmanager
def _rows(
    path: Path, columns: Sequence[str]
) -> Iterator[tuple[_Columns, Iterator[tuple[int, list[str]]]]]:
    """The columns, and each row with its line; raises FileErrors for a file without them."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, delimiter=_delimiter(file))
            head = next(reader, [])
            where = _find_columns(path, head, columns)
            yield where, ((reader.line_num, row) for row in reader if any(row))
    except UnicodeDecodeError as exc:
        reason = _("This is no text in UTF-8: save it as “CSV UTF-8”.")
        raise FileErrors([FileError(path, 0, "", reason)]) from exc
    except csv.Error as exc:
        raise FileErrors([FileError(path, 0, "", _("This is no CSV file."))]) from exc
    except OSError as exc:
        raise FileErrors([FileError(path, 0, "", exc.strerror or str(exc))]) from exc


def _batches(
    where: _Columns, rows: Iterator[tuple[int, list[str]]]
) -> Iterator[list[tuple[int, list[str]]]]:
    """Yield the rows in batches; adjacent rows of one postcode stay together."""
    batch: list[tuple[int, list[str]]] = []
    for line, row in rows:
        if len(batch) >= BATCH and row[where.postcode] != batch[-1][1][where.postcode]:
            yield batch
            batch = []
        batch.append((line, row))
    if batch:
        yield batch


def _delimiter(file: TextIO) -> str:
    line = file.readline()
    file.seek(0)
    return max(",;\t", key=line.count)


def _find_columns(path: Path, head: Sequence[str], chosen: Sequence[str]) -> _Columns:
    names = [name.strip().lower() for name in head]
    postcode = next((names.index(name) for name in POSTCODE if name in names), None)
    if postcode is None:
        wanted = _("The first line names no column of postcodes: call it “postcode”.")
        raise FileErrors([FileError(path, 1, "", wanted)])
    missing = [name for name in chosen if name.lower() not in names]
    if missing:
        reason = _("The first line names no column “%(name)s”.") % {"name": missing[0]}
        raise FileErrors([FileError(path, 1, "", reason)])
    if chosen:
        codes = tuple(names.index(name.lower()) for name in chosen)
    else:
        codes = tuple(at for at, name in enumerate(names) if AREA.fullmatch(name))
    if not codes:
        wanted = _("The first line names no column of areas: call it “code”, or say which it is.")
        raise FileErrors([FileError(path, 1, "", wanted)])
    return _Columns(
        postcode=postcode,
        codes=codes,
        ended=next((names.index(e) for e in ENDED if e in names), None),
        are_chosen=bool(chosen),
        headings=tuple(clean_text(name).strip() for name in head),
    )


def _check(path: Path, columns: Sequence[str]) -> tuple[int, tuple[int, ...]]:
    """Return the number of rows, and the columns of names, which have no code in any row.

    A heading such as “ward” does not say which of the two its column has. Raises FileErrors with
    the first errors and their lines.
    """
    errors: list[FileError] = []
    cells = _CheckedCells(path)
    count = 0
    with _rows(path, columns) as (where, rows):
        for line, row in rows:
            count += 1
            if error := _error(where, row):
                errors.append(FileError(path, line, *error))
                if len(errors) == MAX_ERRORS:
                    break
            else:
                cells.check(line, ((at, row[at].strip()) for at in where.codes))
    names = () if where.are_chosen else cells.names
    errors += cells.errors(names)
    if not count and not errors:
        errors = [FileError(path, 0, "", _("There is no postcode in it."))]
    if errors:
        errors.sort(key=lambda error: error.line)
        raise FileErrors(errors[:MAX_ERRORS])
    return count, names


def _error(where: _Columns, row: Sequence[str]) -> tuple[str, str] | None:
    """The column and the error of a row, codes apart; None if there is none."""
    if len(row) <= where.last:
        return "", _("The line has %(n)d cells, fewer than the first line.") % {"n": len(row)}
    if read_postcode(row[where.postcode]) is None:
        words = {"text": clean_text(row[where.postcode])[:20]}
        return _("postcode"), _("“%(text)s” is no postcode.") % words
    return None


class _CheckedCells:
    """Cells that should be codes: the columns in which some are, and the first that are not."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._with_codes: set[int] = set()
        self._others: dict[int, dict[int, str]] = defaultdict(dict)

    def check(self, line: int, cells: Iterator[tuple[int, str]]) -> None:
        for at, cell in cells:
            if CODE.fullmatch(cell):
                self._with_codes.add(at)
            elif cell and len(self._others[at]) < MAX_ERRORS:
                self._others[at][line] = cell

    @property
    def names(self) -> tuple[int, ...]:
        """The columns without a code, where others have some."""
        return tuple(sorted(self._others.keys() - self._with_codes)) if self._with_codes else ()

    def errors(self, left_out: Sequence[int]) -> list[FileError]:
        """An error for each line with a cell that is no code, in columns that are not left out."""
        first: dict[int, str] = {}
        for at in sorted(self._others.keys() - {*left_out}):
            first = self._others[at] | first
        wrong = _("“%(text)s” is no official code, such as E14000001.")
        return [
            FileError(self._path, line, _("code"), wrong % {"text": clean_text(cell)[:20]})
            for line, cell in first.items()
        ]


def _areas(
    where: _Columns, batch: Sequence[tuple[int, list[str]]], loaded: LoadedPostcodes
) -> dict[str, Areas]:
    """Areas of the rows by outward code; several rows of one postcode are combined."""
    found: dict[str, Areas] = {}
    known: dict[tuple[str, ...], PostcodeAreas] = {}
    for _line, row in batch:
        postcode = read_postcode(row[where.postcode])
        assert postcode is not None, "checked"
        in_use = where.ended is None or not row[where.ended].strip()
        codes = tuple(
            code
            for at in where.codes
            if (code := row[at].strip()) and NO_AREA.fullmatch(code) is None
        )
        district = found.setdefault(postcode.outward, {})
        before = district.get(postcode.inward)
        if before is not None:
            codes = (*before.codes, *codes)
        codes = tuple(sorted({*codes}))
        key = (*codes, "" if in_use else "!")
        # One object for all postcodes of the same areas.
        district[postcode.inward] = known.setdefault(key, PostcodeAreas(codes, in_use))
        loaded.postcodes += before is None
        loaded.ended += before is None and not in_use
    return found


def _store(found: Mapping[str, Areas], loaded: LoadedPostcodes, *, add: bool) -> None:
    """Merge the areas into the stored ones, in one short transaction."""
    stored = PostcodeDistrict.read(found)
    changed = []
    for outward, areas in found.items():
        before = stored.get(outward, {})
        after = before | (_joined(before, areas) if add else areas)
        differing = sum(before.get(inward) != each for inward, each in after.items())
        if differing:
            loaded.changed += differing
            changed.append(PostcodeDistrict.of(outward, after))
    with transaction.atomic():
        PostcodeDistrict.objects.bulk_create(
            changed,
            batch_size=500,
            update_conflicts=True,
            unique_fields=["outward"],
            update_fields=["data", "postcodes"],
        )


def _joined(before: Areas, areas: Areas) -> Areas:
    none = PostcodeAreas(())
    return {
        inward: PostcodeAreas(
            tuple(sorted({*before.get(inward, none).codes, *each.codes})), each.in_use
        )
        for inward, each in areas.items()
    }
