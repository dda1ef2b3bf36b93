"""Reports of files that were read, as JSON that a load stores and its page shows."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from results.exchange.columns import FIELDS, party_of
from results.exchange.errors import FileErrors, FileQuestions
from results.exchange.headings import BY_NUMBER, find_headings
from results.exchange.loading import LoadRequest
from results.exchange.options import ReadOptions
from results.exchange.plain_table import PlainTable, read_plain_tables
from results.models import Election
from results.models.election import KINDS
from results.setup.steps import SetupStep

#: Lines of each sort of change, and errors, that a page lists; the others are counted.
LISTED = 60
#: What a preview describes, and what a page calls it: one, and several.
NOUNS = {
    "candidate": (_("candidate"), _("candidates")),
    "contest": (_("contest"), _("contests")),
    "party": (_("party"), _("parties")),
    "body": (_("elected body"), _("elected bodies")),
    "last time": (_("figure of last time"), _("figures of last time")),
    "on the map": (_("place on the map"), _("places on the map")),
    "postcode": (_("postcode"), _("postcodes")),
    "poll": (_("poll that is not held"), _("polls that are not held")),
    "result": (_("published result"), _("published results")),
    "election": (_("election"), _("elections")),
}
SHOWN_ROWS, SHOWN_COLUMNS, SHOWN_CELL = 3, 60, 60

#: Options of commands in messages, and what the form has instead.
IN_THE_FORM = (
    (r": to load only those that are, add --seats own", _(": tick “Skip areas …” below")),
    (
        r", or give --body “Northshire Council” with it",
        _(", or write it below as “Council, where the file does not name it”"),
    ),
    (r", or add --force", _(", or tick “Load it although seats are missing” below")),
    (r"Give the one to load with --election-id", _("Give the one to load below")),
    (
        r"or give a table with the columns ward and seats after it",
        _("or leave this and give both, the list and a second table with ward and seats"),
    ),
    (
        r"or give a table with the columns constituency and seats after it",
        _("or leave this and give both, the list and a second table with constituency and seats"),
    ),
    (r"; --columns seats= if each ward elects one", _("; or tick “Each area elects one” below")),
    (r"; --columns ballot= if all are of constituencies", ""),
    (r"with\s+--reason", _("below")),
    (r": give --kind (\S+) or --kind (\S+) to load only those", _(": leave the others out")),
    (r"\. To declare them, give --as declared", _(": give those of the election before it")),
    (r" \(--(date|kind|poll)\)", ""),
    (r"Load it into an election of its own: give another address", _("Set up a night of its own")),
    (r", or change the election’s kind in the admin if that is wrong", ""),
    (r"give --date, such as --date \S+", _("add a column with it")),
)


def readable(text: object, folder: Path, election: Election | None = None) -> str:
    """A message of the loader in the words of the form.

    It is without the temporary folder and options of commands, and has names of elections and of
    their kinds in place of addresses and stored words.
    """
    words = re.sub(rf"{re.escape(str(folder))}/(\.\d+/)?", "", str(text))
    for pattern, replacement in IN_THE_FORM:
        words = re.sub(pattern, str(replacement), words)
    if election is not None:
        words = words.replace(f"“{election.slug}”", f"“{election.name}”")
        words = OTHER_KIND.sub(_kind_named, words)
    return words


#: What a loader says of a file of another kind, with kinds as they are stored.
OTHER_KIND = re.compile(
    r"(?P<before>another kind of election \()(?P<theirs>[a-z-]+)"
    r"(?P<between>\), not of |\); “[^”]*” is )(?P<ours>[a-z-]+)"
)


def _kind_named(found: re.Match[str]) -> str:
    labels = {str(kind): str(label) for kind, label in KINDS}
    theirs, ours = (labels.get(found[name], found[name]) for name in ("theirs", "ours"))
    return f"{found['before']}{theirs}{found['between']}{ours}"


def changes(
    lines: Iterable[str], folder: Path, election: Election | None = None
) -> list[list[Any]]:
    """`[verb, noun, how many, [lines]]` for each sort of change that a preview has.

    “new: candidate Aford, Ann Ash (…)” is a `new` `candidate`.
    """
    sorts: dict[tuple[str, str], list[str]] = defaultdict(list)
    for line in lines:
        verb, _colon, rest = line.partition(": ")
        noun = next((each for each in NOUNS if rest.startswith(f"{each} ")), "")
        words = readable(rest.removeprefix(f"{noun} "), folder, election)
        sorts["kept" if verb == "other" else verb, noun].append(words)
    return [
        [verb, str(NOUNS.get(noun, (noun, noun))[len(found) != 1]), len(found), found[:LISTED]]
        for (verb, noun), found in sorted(sorts.items(), key=lambda item: -len(item[1]))
    ]


def counted(some: Iterable[tuple[str, int]]) -> list[list[Any]]:
    """As `changes`, for what is counted but not listed: `(noun, how many are new or changed)`."""
    return [["kept", str(NOUNS[noun][number != 1]), number, []] for noun, number in some if number]


def lasting_lines(report: Mapping[str, Any]) -> list[str]:
    """The sentences about what was applied, without those of what was not published with it.

    Whether that has been published since is asked of the election (`desk.unpublished_polls`).
    """
    passing = tuple(f"{words}: " for words in report.get("polls", {}).values() if words)
    return [line for line in report.get("lines", ()) if not line.startswith(passing)]


def errors(exc: FileErrors, folder: Path, election: Election) -> dict[str, Any]:
    """The errors, or the questions, of files that cannot be loaded as they are."""
    if isinstance(exc, FileQuestions):
        return {"questions": [_question(each, folder, election) for each in exc.questions]}
    listed = [
        {
            "file": each.file.name,
            "line": each.line,
            "sheet": each.sheet,
            "column": each.column,
            "error": readable(each.error, folder, election),
        }
        for each in exc.errors[:LISTED]
    ]
    return {"errors": listed, "more": max(len(exc.errors) - LISTED, 0)}


def _question(question: Any, folder: Path, election: Election) -> dict[str, Any]:
    return {
        "name": question.name,
        "about": readable(question.about, folder, election),
        "choices": [[c.option, c.label] for c in question.choices if c.label != BY_NUMBER],
        "guess": question.guess.option if question.guess else "",
        "headings": [cell[:SHOWN_CELL] for cell in question.headings[:SHOWN_COLUMNS]],
        "rows": [
            [cell[:SHOWN_CELL] for cell in row[:SHOWN_COLUMNS]]
            for row in question.rows[:SHOWN_ROWS]
        ],
    }


def tables(step: SetupStep, request: LoadRequest) -> list[dict[str, Any]]:
    """The columns of each table, with the fields that they are taken for."""
    found: list[dict[str, Any]] = []
    # Notes of its own: the loader reads the files as well, and notes how.
    reading = replace(request.reading, notes=[])
    for file in request.files if step.is_table else ():
        with suppress(FileErrors):
            found += [_table(table, step, reading) for table in read_plain_tables(file, reading)]
    return found


def _table(table: PlainTable, step: SetupStep, reading: ReadOptions) -> dict[str, Any]:
    known = {*FIELDS, *(step.extra or {}).values()}
    try:
        headings = find_headings(table, reading, step.extra or {})
    except FileErrors:
        width = max(len(cells) for _line, cells in table.rows)
        texts, fields, first = [f"column {at}" for at in range(1, width + 1)], [""] * width, 0
    else:
        texts, fields, first = headings.texts, headings.fields, headings.first_row
    rows = [cells for _line, cells in table.rows[first:][:SHOWN_ROWS]]
    return {
        "file": table.file.name,
        "sheet": table.sheet,
        "columns": [
            {
                "heading": text[:SHOWN_CELL],
                "field": name if name in known else "",
                "party": party_of(text) or "",
                "cells": [cells[at][:SHOWN_CELL] for cells in rows if at < len(cells)],
            }
            for at, (text, name) in enumerate(zip(texts, fields, strict=False))
        ][:SHOWN_COLUMNS],
    }
