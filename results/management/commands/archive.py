"""Save a closed night as static files: every page that readers can reach."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.http.request import split_domain_port, validate_host
from tqdm import tqdm

from results.exchange.archive import PageNotReachable, archive
from results.management.base import ElectionCommand
from results.models import Election


class Command(ElectionCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("folder", metavar="FOLDER", type=Path, help="empty, or not there yet")
        parser.add_argument("--host", default="", help="host name that the pages are served under")

    def handle_election(self, election: Election, options: dict[str, Any]) -> None:
        if not election.final:
            raise CommandError(
                "The night is not closed: its pages would ask for news for ever. Close it first, "
                "on the election’s page in the admin."
            )
        _require_known_host(options["host"])
        folder: Path = options["folder"]
        if folder.exists() and any(folder.iterdir()):
            raise CommandError(f"{folder} is not empty.")
        with tqdm(unit=" files", disable=None) as shown:

            def progress(done: int, known: int) -> None:
                shown.total = known
                shown.update(done - shown.n)

            try:
                files = archive(election, folder, host=options["host"], progress=progress)
            except PageNotReachable as exc:
                raise CommandError(str(exc)) from None
        self.stdout.write(f"{files} files in {folder}")


def _require_known_host(host: str) -> None:
    """Raise CommandError for a host whose pages this desk would refuse."""
    name = split_domain_port(host)[0]
    if host and not validate_host(name, settings.ALLOWED_HOSTS):
        known = ", ".join(settings.ALLOWED_HOSTS)
        raise CommandError(
            f"“{name}” is not in ALLOWED_HOSTS, so this desk has no pages there. It answers to "
            f"{known}: give --host one of these, or add “{name}” to ALLOWED_HOSTS."
        )
