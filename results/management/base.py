"""Base classes of the management commands: on an election or a user, and loading files."""

from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from results.arithmetic import Kind
from results.exchange.elections import find_or_create_election, in_full
from results.exchange.errors import (
    FileError,
    FileErrors,
    FileQuestions,
    counted,
    questions_as_text,
)
from results.exchange.options import ReadOptions
from results.exchange.parties import collected_questions
from results.exchange.preview import preview
from results.management.reading import (
    add_kind_argument,
    add_reading_arguments,
    day,
    read_options,
)
from results.models import Election

#: Errors beyond this number are counted and not listed.
MAX_LISTED = 50


class ElectionCommand(BaseCommand):
    """Command on an election that exists. Subclasses implement `handle_election`."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("election", metavar="ELECTION", help="the election's address")

    def handle(self, *args: Any, **options: Any) -> None:
        election = Election.objects.filter(slug=options["election"]).first()
        if election is None:
            raise CommandError(f"There is no election “{options['election']}”.")
        self.handle_election(election, options)

    def handle_election(self, election: Election, options: dict[str, Any]) -> None:
        raise NotImplementedError


class UserCommand(BaseCommand):
    """Command on a user who exists. Subclasses implement `handle_user`."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"Nobody signs in as {options['username']}.")
        self.handle_user(user)

    def handle_user(self, user: User) -> None:
        raise NotImplementedError


class FilesCommand(BaseCommand):
    """Command that reads results from files into an election, which it creates if need be."""

    #: How many files it takes, as in `argparse`.
    nargs: int | str = "+"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("election", metavar="ELECTION", help="the election's address")
        parser.add_argument("files", metavar="FILE", nargs=self.nargs, type=Path)
        parser.add_argument("--date", type=day, help="polling day, where the file does not say")
        parser.add_argument("--name", default="", help="the election's name, if it is made now")
        add_kind_argument(parser)
        add_reading_arguments(parser)

    def find_or_create_election(
        self,
        options: dict[str, Any],
        polling_day: date | None,
        kind: Kind | None = None,
        *,
        likely: Kind | None = None,
        declares: bool = False,
    ) -> Election:
        """Return the election, created if it is new. Raises FileErrors if the file is of another.

        `polling_day` and `kind` are those of the file, None where it does not say; `likely` is the
        kind of a new election where it does not. What it declares must be of the election's day,
        which `--date` states for a file that does not.
        """
        file, typed = options["files"][0], options["date"]
        expected = self.polling_day(options)
        if declares and expected and not (typed or polling_day):
            reason = (
                "does not say of which polling day its results are: give --date "
                f"{expected} if they are of “{options['election']}”"
            )
            raise FileErrors([FileError(file, 0, "", reason)])
        if typed and polling_day and typed != polling_day:
            reason = f"is of the poll of {in_full(polling_day)}, not of {in_full(typed)} (--date)"
            raise FileErrors([FileError(file, 0, "", reason)])
        return find_or_create_election(
            options["election"],
            polling_day=polling_day or typed,
            name=options["name"],
            file=file,
            kind=kind,
            likely=likely,
            wanted=options["kind"],
        )

    def polling_day(self, options: dict[str, Any]) -> date | None:
        """The polling day of the command's election, if it is given or known."""
        existing = Election.objects.filter(slug=options["election"]).first()
        given: date | None = options["date"]
        return given or (existing.date if existing else None)


class LoadCommand(FilesCommand):
    """Files command with `--preview`. Subclasses implement `load`, and read by `reading`."""

    #: Set by `handle`: the answers that were given, and notes on what was skipped.
    reading: ReadOptions

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--preview", action="store_true", help="say what it would change")
        parser.add_argument(
            "--reason",
            default="",
            help="why, where it changes what was published: readers see it beside the correction",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.reading = read_options(options)
        with collected_questions() as questions:
            changes = self._load_or_preview(options)
        for note in self.reading.notes:
            if options["preview"]:
                self.stdout.write(note)
            elif "columns not used" not in note:
                self.stderr.write(note)
        for question in questions:
            self.stderr.write(f"Look at this party: {question}.")
        if not options["preview"]:
            return
        for change in changes:
            self.stdout.write(change)
        self.stdout.write(
            f"{counted(len(changes), 'change')}. Nothing was changed: this was a preview."
        )

    def _load_or_preview(self, options: dict[str, Any]) -> list[str]:
        if options["preview"]:
            return preview(options["election"], lambda: self.load(options))
        self.load(options)
        return []

    def load(self, options: dict[str, Any]) -> None:
        raise NotImplementedError


@contextmanager
def reporting_file_errors() -> Iterator[None]:
    """Turn the errors of a file into a CommandError that lists them, one to a line."""
    try:
        yield
    except FileQuestions as exc:
        asked = questions_as_text(exc.questions)
        raise CommandError(f"{asked}\nNothing was changed.") from None
    except FileErrors as exc:
        lines = [str(error) for error in exc.errors[:MAX_LISTED]]
        if len(exc.errors) > MAX_LISTED:
            lines.append(f"… and {len(exc.errors) - MAX_LISTED} more")
        raise CommandError("\n".join([*lines, "Nothing was changed."])) from None
    except ValidationError as exc:
        raise CommandError("\n".join([*exc.messages, "Nothing was changed."])) from None
