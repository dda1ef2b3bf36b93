"""A draft story of every declared seat, as files to copy from. Nothing is published."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from results.models import Election
from results.stories.story import stories_of


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("election", metavar="ELECTION", help="the election's address")
        parser.add_argument("folder", metavar="FOLDER", type=Path)
        parser.add_argument("--html", action="store_true", help="HTML instead of plain text")

    def handle(self, *args: Any, **options: Any) -> None:
        election = Election.objects.filter(slug=options["election"]).first()
        if election is None:
            raise CommandError(f"There is no election {options['election']}.")
        folder: Path = options["folder"]
        folder.mkdir(parents=True, exist_ok=True)
        written = 0
        for slug, story in stories_of(election):
            ending, text = ("html", story.html) if options["html"] else ("txt", story.text)
            (folder / f"{slug}.{ending}").write_text(text, encoding="utf-8")
            written += 1
        self.stdout.write(f"{written} draft stories in {folder}")
