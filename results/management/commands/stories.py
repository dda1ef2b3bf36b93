"""Write a draft story of every declared seat into files. Nothing is published."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from results.management.base import ElectionCommand
from results.models import Election
from results.stories.council import council_stories_of
from results.stories.story import stories_of


class Command(ElectionCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("folder", metavar="FOLDER", type=Path)
        parser.add_argument("--html", action="store_true", help="HTML instead of plain text")

    def handle_election(self, election: Election, options: dict[str, Any]) -> None:
        folder: Path = options["folder"]
        folder.mkdir(parents=True, exist_ok=True)
        stories = list(stories_of(election))
        stories += [(f"councils/{slug}", story) for slug, story in council_stories_of(election)]
        for name, story in stories:
            ending, text = ("html", story.html) if options["html"] else ("txt", story.text)
            file = folder / f"{name}.{ending}"
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, encoding="utf-8")
        self.stdout.write(f"{len(stories)} draft stories in {folder}")
