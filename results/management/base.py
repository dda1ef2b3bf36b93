"""Base classes of the management commands: on an election or a user, and loading files."""

from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from results import desk
from results.arithmetic import clean_text
from results.exchange.errors import (
    FileErrors,
    FileQuestions,
    counted,
    questions_as_text,
)
from results.exchange.loading import LoadRequest
from results.exchange.options import ReadOptions
from results.exchange.parties import collected_questions
from results.exchange.preview import preview
from results.management.desk_command import DeskCommand
from results.management.reading import (
    add_kind_argument,
    add_reading_arguments,
    day,
    read_options,
)
from results.models import Election

#: Errors beyond this number are counted and not listed.
MAX_LISTED = 50


class ElectionCommand(DeskCommand):
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


class UserCommand(DeskCommand):
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


class FilesCommand(DeskCommand):
    """Command that reads results from files into an election, which it creates if need be."""

    #: How many files it takes, as in `argparse`.
    nargs: int | str = "+"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("election", metavar="ELECTION", help="the election's address")
        parser.add_argument("files", metavar="FILE", nargs=self.nargs, type=Path)
        parser.add_argument("--date", type=day, help="polling day, where the file does not say")
        parser.add_argument("--name", default="", help="the election's name, if it is made now")
        parser.add_argument("--body", default="", help="the council, where the file names none")
        add_kind_argument(parser)
        add_reading_arguments(parser)

        parser.add_argument(
            "--draft",
            action="store_true",
            help="readers do not see an election that is made now before it is published",
        )

    def request(self, options: dict[str, Any], reading: ReadOptions) -> LoadRequest:
        """What the command was asked to load."""
        return LoadRequest(
            election=options["election"],
            files=options["files"],
            reading=reading,
            name=clean_text(options["name"]),
            day=options["date"],
            election_id=options.get("election_id", ""),
            body=clean_text(options["body"])[:160],
            draft=options["draft"],
        )


class LoadCommand(FilesCommand):
    """Files command with `--preview`. Subclasses set `loader`, or implement `load`."""

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

    @staticmethod
    def loader(request: LoadRequest) -> list[str]:
        """Load the files; return sentences about what was done."""
        raise NotImplementedError

    def load(self, options: dict[str, Any]) -> None:
        with reporting_file_errors():
            lines = self.loader(self.request(options, self.reading))
        for line in lines:
            self.stdout.write(line)


@contextmanager
def reporting_file_errors() -> Iterator[None]:
    """Turn the errors of a file, and a refusal of what it would publish, into a CommandError.

    The errors are listed one to a line.
    """
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
    except desk.DeskError as exc:
        raise CommandError(f"{exc}\nNothing was changed.") from None
