"""What every command that is given files has in common: how it says that one is bad."""

from argparse import ArgumentTypeError
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from results.exchange.errors import FileErrors
from results.exchange.preview import preview

#: More faults than this are counted, not listed.
LISTED = 50


@contextmanager
def reporting_file_errors() -> Iterator[None]:
    """A bad file ends the command with its faults, a line each, and exit code 1."""
    try:
        yield
    except FileErrors as bad:
        lines = [str(error) for error in bad.errors[:LISTED]]
        if len(bad.errors) > LISTED:
            lines.append(f"… and {len(bad.errors) - LISTED} more")
        raise CommandError("\n".join([*lines, "Nothing was changed."])) from None
    except ValidationError as bad:
        raise CommandError("\n".join([*bad.messages, "Nothing was changed."])) from None


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"“{text}” is not a date: write 2019-12-12") from None


def show_preview(
    command: BaseCommand, options: dict[str, Any], load: Callable[[dict[str, Any]], None]
) -> None:
    """Print what loading would change, a line each; nothing is changed."""
    lines = preview(options["election"], lambda: load(options))
    for line in lines:
        command.stdout.write(line)
    command.stdout.write(f"{len(lines)} changes. Nothing was changed: this was a preview.")
