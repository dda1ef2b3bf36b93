"""An editor's answers to the questions about a file, as a load stores them."""

import shlex
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from results.exchange.columns import field_of
from results.exchange.headings import GUESSED
from results.exchange.loading import LoadRequest
from results.exchange.options import ReadOptions
from results.models import Load

Answers = dict[str, Any]


def add_option(answers: Answers, option: str) -> None:
    """Add the answer to a question: an option as a command takes it, of a `Choice`.

    Anything else, which no page of ours sends, is left out.
    """
    try:
        name, *values = shlex.split(option)
    except ValueError:  # without words, or with a quotation mark that nothing closes
        return
    if name == "--columns":
        for value in values:
            field, equals, heading = value.partition("=")
            key = field_of(field) if equals else GUESSED
            answers.setdefault("columns", {})[key] = heading if equals else GUESSED
    elif name == "--sheet":
        answers["sheets"] = [*answers.get("sheets", []), *values]
    elif name in ("--dates", "--encoding") and values:
        answers[name.removeprefix("--")] = values[0]


def request_of(load: Load, files: Iterable[Any]) -> LoadRequest:
    """Build the loader's request from a load's answers."""
    answers: Mapping[str, Any] = load.answers
    poll = answers.get("poll")
    seats = {"seats": ""} if answers.get("one_seat") else {}
    reading = ReadOptions(
        columns={**answers.get("columns", {}), **seats},
        sheets=tuple(answers.get("sheets", ())),
        dates=answers.get("dates", ""),
        encoding=answers.get("encoding", ""),
        polling_day=load.election.date,
        notional=bool(answers.get("notional")),
        only_own=bool(answers.get("only_own")),
        source=answers.get("source", ""),
        poll=date.fromisoformat(poll) if poll else None,
        kind="" if load.what == Load.What.PREVIOUS else load.election.kind,
        reason=answers.get("reason", ""),
    )
    return LoadRequest(
        election=load.election.slug,
        files=list(files),
        reading=reading,
        election_id=answers.get("election_id", ""),
        body=answers.get("body", ""),
        incomplete=bool(answers.get("incomplete")),
    )
