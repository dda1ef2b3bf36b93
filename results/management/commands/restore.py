"""Restore a backup: the database becomes what it was, and every open page reloads."""

from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from electiondesk.backup import (
    BackupError,
    Discarded,
    Restored,
    RestoreUnfinished,
    Revived,
    restore,
)
from electiondesk.lifecycle.termination import exit_on_sigterm
from results.exchange.errors import counted
from results.management.desk_command import DeskCommand


class Command(DeskCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument(
            "--yes",
            "--no-input",
            "--replace",
            action="store_true",
            help="do not ask: what this desk holds and the backup does not is discarded",
        )
        parser.add_argument(
            "--without-media", action="store_true", help="the database alone, without pictures"
        )
        parser.add_argument(
            "--without-safety-copy",
            action="store_true",
            help="do not back up what this desk holds before it is replaced",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        exit_on_sigterm()
        self._asks_for_consent = not options["yes"]
        try:
            restored = restore(
                options["file"],
                consent=self._consent,
                with_media=not options["without_media"],
                safety_copy=not options["without_safety_copy"],
            )
        except RestoreUnfinished as exc:
            raise CommandError(str(exc)) from None
        except BackupError as exc:
            raise CommandError(f"{exc} Nothing was changed.") from None
        self._report(restored)

    def _consent(self, made_at: datetime, discarded: Discarded) -> None:
        for sentence in losses(made_at, discarded):
            self.stdout.write(sentence)
        if not self._asks_for_consent:
            return
        self.stdout.write("Stop the processes that write first. Type “yes” to restore:")
        self.stdout.flush()
        try:
            answer = input()
        except EOFError:
            answer = ""
        if answer.strip().casefold() != "yes":
            raise BackupError("Not restored: nobody said yes (--yes says it for a script).")

    def _report(self, restored: Restored) -> None:
        self.stdout.write(
            f"Restored as of {restored.made_at:%d %b %Y %H:%M:%S %Z}; every open page reloads."
        )
        if restored.safety_copy:
            self.stdout.write(f"What was here is in {restored.safety_copy}.")
        if restored.another_key:
            self.stdout.write(
                "The backup is of a desk with another SECRET_KEY: passes, links to choose a "
                "password and API tokens issued there open nothing here, and everybody signs in "
                "again."
            )
        if restored.left_out:
            self.stderr.write(
                "WARNING: the backup has links in the place of files: "
                f"{', '.join(restored.left_out)}"
            )
        if restored.missing:
            self.stderr.write(
                f"WARNING: the database names {len(restored.missing)} files of pictures that are "
                f"not in MEDIA_ROOT: {', '.join(restored.missing)}"
            )


def losses(made_at: datetime, discarded: Discarded) -> Iterator[str]:
    """Describe what a restore would discard, one line each."""
    if discarded.unreadable:
        yield f"What this desk holds cannot be read, and is discarded: {discarded.unreadable}"
        return
    number = len(discarded.publications)
    yield f"The backup is of {made_at:%d %b %Y %H:%M:%S %Z}."
    counted = ", ".join(f"{kind} {count}" for kind, count in sorted(discarded.kinds.items()))
    yield f"This desk holds {number} publications that the backup does not have" + (
        f" ({counted}). They are discarded:" if number else "."
    )
    for bulletin in discarded.publications:
        yield (
            f"  {bulletin.election} {bulletin.sequence}  {bulletin.at:%H:%M}  "
            f"{bulletin.kind}: {bulletin.summary} ({bulletin.by})"
        )
        if bulletin.figures:
            yield f"      {bulletin.figures}"
    if discarded.waiting:
        yield "In the review queue these wait, and the backup does not have them:"
    for item in discarded.waiting:
        what = f"{item.kind}: {item.text} ({item.by})"
        yield f"  {item.election} {item.contest}  {item.at:%H:%M}  {what}"
    if number or discarded.waiting:
        yield (
            "Phones do not send again by themselves what the desk has acknowledged: they say that "
            "it has no record of it, and offer to. Or enter what is still right from this list."
        )
    yield from _more_losses(discarded)


def _more_losses(discarded: Discarded) -> Iterator[str]:
    for label, names in (
        ("Elections that the backup does not have", discarded.elections),
        ("Accounts that the backup does not have", discarded.accounts),
        *_revivals(discarded.revived),
    ):
        if names:
            yield f"{label}: {', '.join(names)}."
    number = len(discarded.waiting)
    waiting = f"{number} {'waits' if number == 1 else 'wait'}"
    yield (
        f"Also discarded: {counted(discarded.passes, 'pass', 'passes')}, "
        f"{counted(discarded.review_items, 'review item')} ({waiting}), "
        f"{counted(discarded.audit_entries, 'entry', 'entries')} of the audit log."
    )


def _revivals(revived: Revived) -> Iterator[tuple[str, list[str]]]:
    """What ended since the backup and is good or public again, with a label of each kind."""
    yield "Their passes were revoked since, and will be good again", revived.passes
    yield "Accounts deactivated since, and active again", revived.deactivated
    links = "Links to choose a password that were used or ended since, and will be good again"
    yield f"{links}, of", revived.invitations
    yield "API tokens revoked since, and good again", revived.tokens
    changed = "Accounts whose password, second factor, role, rights or counts changed since"
    yield f"{changed}, and are as they were", revived.changed_accounts
    yield "Elections withdrawn since, which readers see again", revived.elections
    words = "Bulletins withdrawn or worded anew since, whose words readers see again"
    yield words, revived.shown_words
    erased = "Words withdrawn for good since are stored again: withdraw them again. By bulletin"
    yield erased, revived.stored_words
