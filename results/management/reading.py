"""Options of commands that read tables: answers to what a file does not say by itself."""

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Mapping
from datetime import date
from typing import Any

from results.arithmetic import ElectionKind, clean_text
from results.exchange.columns import FIELDS, field_of
from results.exchange.headings import GUESSED
from results.exchange.options import ReadOptions
from results.exchange.sources import MAX_LENGTH
from results.tables.encodings import KNOWN


def add_reading_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--columns",
        metavar="FIELD=HEADING",
        action="extend",
        nargs="+",
        type=_column,
        default=[],
        help="which column is which: “votes=Votes cast”, or a number; “electorate=” if there is "
        "none; “guessed” to take what was guessed",
    )
    parser.add_argument(
        "--sheet", metavar="NAME", action="append", default=[], help="of a workbook"
    )
    parser.add_argument(
        "--dates", choices=["dmy", "mdy"], default="", help="the order of day and month"
    )
    parser.add_argument("--encoding", choices=KNOWN, default="", help="of a text file")
    parser.add_argument(
        "--source",
        type=_source,
        default="",
        help="where the figures come from, as readers see it, in place of what the file says",
    )


def add_poll_argument(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--poll", type=day, help="polling day of the file's results, where it has several or none"
    )


def add_seats_argument(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--seats",
        choices=["own", "all"],
        default="",
        help="of a file with areas that the election does not have: its own alone, or all, which "
        "makes contests of the others where results are declared",
    )


def add_kind_argument(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--kind",
        choices=[kind.value for kind in ElectionKind],
        default="",
        help="of election, where the file does not say, or which of several in it",
    )


def day(text: str) -> date:
    """Read a date that was typed as an option. Raises ArgumentTypeError."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"“{text}” is not a date: write 2019-12-12") from None


def _source(text: str) -> str:
    """Read a source. Raises ArgumentTypeError for one that is too long."""
    source = clean_text(text).strip()
    if len(source) > MAX_LENGTH:
        raise ArgumentTypeError(f"a source has at most {MAX_LENGTH} characters")
    return source


def _column(text: str) -> tuple[str, str]:
    """Read one answer. Raises ArgumentTypeError for a field that no file has."""
    name, equals, heading = text.partition("=")
    if text == GUESSED:
        return GUESSED, GUESSED
    if not equals or field_of(name) not in FIELDS:
        fields = ", ".join(FIELDS)
        raise ArgumentTypeError(f"“{text}”: write field=heading, with one of the fields {fields}")
    return field_of(name), heading.strip()


def read_options(options: Mapping[str, Any]) -> ReadOptions:
    """The answers that a command was given."""
    return ReadOptions(
        columns=dict(options["columns"]),
        sheets=tuple(options["sheet"]),
        dates=options["dates"],
        encoding=options["encoding"],
        source=options["source"],
        poll=options.get("poll"),
        kind=options.get("kind") or "",
        only_own=options.get("seats") == "own",
        all_areas=options.get("seats") == "all",
        reason=options.get("reason") or "",
    )
