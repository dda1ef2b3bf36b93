"""Play an invented night through the publishing API, as reporters would declare it."""

import time
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from tqdm import tqdm

from results import desk
from results.arithmetic import ElectionKind
from results.management.amounts import pace, whole_number
from results.management.desk_command import DeskCommand
from results.models import Election, clock
from results.rehearsal.generator import TooManyContests
from results.rehearsal.invented import Event
from results.rehearsal.kinds import DEFAULT_CONTESTS, generate
from results.rehearsal.night import Playback
from results.rehearsal.reset import delete_rehearsal
from results.rehearsal.setting_up import (
    AnotherKind,
    AnotherNight,
    NotARehearsal,
    rehearsal_user,
    set_up,
)

#: Events played between two lines of progress, where the output is no terminal.
REPORTED = 100


class Command(DeskCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("election", metavar="ELECTION", help="the rehearsal's address")
        parser.add_argument(
            "--speed",
            type=pace,
            default=1,
            help="1 is a night's own pace, 60 a minute a second, 0 as fast as it goes",
        )
        parser.add_argument("--seed", type=int, default=1, help="another seed is another night")
        parser.add_argument(
            "--kind",
            choices=[str(kind) for kind in DEFAULT_CONTESTS],
            default=ElectionKind.UK_PARLIAMENT,
            help="of election, a general one by default",
        )
        defaults = ", ".join(f"{count} for {kind}" for kind, count in DEFAULT_CONTESTS.items())
        parser.add_argument(
            "--seats",
            type=whole_number,
            help=f"contests; without it {defaults}",
        )
        parser.add_argument(
            "--declared",
            type=whole_number,
            help="declarations that lie in the past at the start; --speed 0 stops after them",
        )
        parser.add_argument("--reset", action="store_true", help="start over, deleting it first")

    def handle(self, *args: Any, **options: Any) -> None:
        slug, declared = options["election"], options["declared"]
        try:
            night = generate(options["kind"], options["seed"], options["seats"])
        except TooManyContests as exc:
            raise CommandError(f"--seats {options['seats']}: {exc}.") from None
        try:
            if options["reset"]:
                for election in Election.objects.filter(slug=slug):
                    delete_rehearsal(election)
            election = set_up(slug, night, declared=declared or 0)
        except NotARehearsal:
            raise CommandError(
                f"“{slug}” is a real election: nothing is rehearsed in it."
            ) from None
        except AnotherKind:
            raise CommandError(
                f"“{slug}” is a rehearsal of another kind of election: --reset starts it over."
            ) from None
        except AnotherNight:
            raise CommandError(
                f"“{slug}” is a rehearsal with other contests. Give the --seats and --seed that it "
                "was set up with; if a contest was deleted since, only --reset, which starts it "
                "over, helps."
            ) from None
        except ValidationError as exc:
            raise CommandError("\n".join(exc.messages)) from None
        with clock.at(election.polls_close):
            desk.publish_close_of_poll(election.pk)
        playback = Playback(election, night, rehearsal_user())
        ended = False
        try:
            ended = self._play(playback, declared, options["speed"])
        except KeyboardInterrupt:
            self.stderr.write("Stopped. Run again, it goes on from here.")
        left = _what_is_left(len(playback.remaining()), len(night.events), ended=ended)
        self.stdout.write(f"{slug}: {left}")

    def _play(self, playback: Playback, declared: int | None, speed: float) -> bool:
        """Play the events that are due, and return whether that was all of them."""
        past = playback.first_minute(declared or 0)
        remaining = playback.remaining()
        begin = next((at for at, event in enumerate(remaining) if event.minute >= past), None)
        if speed <= 0 and declared is None:
            begin = None  # all of them lie in the past
        with tqdm(total=len(remaining), unit=" events", disable=None) as progress:
            past_events, played = remaining[:begin], 0
            for events in desk.in_batches(past_events):
                with desk.batch(playback.election):
                    for event in events:
                        playback.play(event, at=playback.time_of(event))
                progress.update(len(events))
                played += len(events)
                if progress.disable and played % REPORTED < len(events):
                    self.stdout.write(
                        f"{played} of the {len(past_events)} events of the night so far"
                    )
                    self.stdout.flush()
            if speed > 0 and begin is not None:
                playback.follow_speed(remaining[begin].minute, speed)
                for event in _paced(remaining[begin:], speed):
                    playback.play(event)
                    progress.update()
        return begin is None or speed > 0


def _what_is_left(left: int, total: int, *, ended: bool) -> str:
    if ended and left:
        return f"played to its end; {left} left out, where people published something else"
    if ended:
        return "played to its end"
    published = f"{total - left} of the {total} events of this night are published"
    return f"{published}, {left} {'is' if left == 1 else 'are'} still to come"


def _paced(events: list[Event], speed: float) -> Iterator[Event]:
    """Yield each event as long after the one before as in the night, by `speed`."""
    minute = events[0].minute
    for event in events:
        time.sleep(max(event.minute - minute, 0) * 60 / speed)
        minute = event.minute
        yield event
