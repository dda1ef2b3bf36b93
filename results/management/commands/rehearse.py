"""Play an invented night through the publishing API, as reporters would declare it."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from results.models import Election
from results.rehearsal.generator import generate_night
from results.rehearsal.night import NotARehearsal, Playback, rehearsal_user, set_up
from results.rehearsal.reset import delete_rehearsal


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("election", metavar="ELECTION", help="the rehearsal's address")
        parser.add_argument(
            "--speed",
            type=float,
            default=1,
            help="1 is a night's own pace, 60 a minute a second, 0 as fast as it goes",
        )
        parser.add_argument("--seed", type=int, default=1, help="another seed is another night")
        parser.add_argument("--seats", type=int, default=650)
        parser.add_argument(
            "--declared",
            type=int,
            help="declarations that lie in the past at the start; --speed 0 stops after them",
        )
        parser.add_argument("--reset", action="store_true", help="start over, deleting it first")

    def handle(self, *args: Any, **options: Any) -> None:
        slug, declared = options["election"], options["declared"]
        night = generate_night(options["seed"], options["seats"])
        try:
            if options["reset"]:
                for election in Election.objects.filter(slug=slug):
                    delete_rehearsal(election)
            election = set_up(slug, night, declared=declared or 0)
        except NotARehearsal:
            raise CommandError(
                f"“{slug}” is a real election: nothing is rehearsed in it."
            ) from None
        except ValidationError as exc:
            raise CommandError("\n".join(exc.messages)) from None
        playback = Playback(election, night, rehearsal_user())
        try:
            self._play(playback, declared, options["speed"])
        except KeyboardInterrupt:
            self.stderr.write("Stopped. Run again, it goes on from here.")
        self.stdout.write(f"{slug}: {len(playback.remaining())} events of the night still to come")

    def _play(self, playback: Playback, declared: int | None, speed: float) -> None:
        past, minute = playback.first_minute(declared or 0), None
        with tqdm(playback.remaining(), unit=" events", disable=None) as progress:
            for event in progress:
                if event.minute < past:
                    playback.play(event, at=playback.time_of(event))
                    continue
                if declared is not None and speed <= 0:
                    return
                if minute is not None and speed > 0:
                    time.sleep(max(event.minute - minute, 0) * 60 / speed)
                minute = event.minute
                playback.play(event, at=None if speed > 0 else playback.time_of(event))
