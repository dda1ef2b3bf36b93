"""Load the demo: the Islington night of 2019, as declared, and a rehearsal night in progress.

The demo has a database of its own, which DEMO=1 selects; without it the command runs itself again.
"""

import os
import sys
from argparse import ArgumentParser
from typing import Any, NoReturn

from django.conf import settings
from django.contrib.auth.models import Permission, User
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db.models import F

from electiondesk.demo_accounts import PASSWORD, USERNAMES
from results.editor.roles import set_up
from results.models import PUBLISH_UNREVIEWED, Assignment, Contest, Election, Standing
from results.rehearsal import islington
from results.rehearsal.generator import generate_night
from results.rehearsal.night import Play, player
from results.rehearsal.reset import remove

REHEARSAL = "rehearsal"
#: So many have declared when one first looks.
DECLARED = 250
#: Counts still to come that each reporter of the demo is sent to.
COUNTS = 4


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seats", type=int, default=650, help="seats of the rehearsal")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            self._run_on_demo_database()
        seats = options["seats"]
        call_command("migrate", verbosity=0)
        self._refuse_real_desk()
        islington.load(player("demo"))
        self._rehearsal(seats)
        self.stdout.write(f"/{islington.SLUG}/      Islington, 12 December 2019, as declared")
        self.stdout.write(f"/{REHEARSAL}/   a rehearsal of {seats} invented results, in progress")
        self._people()

    def _run_on_demo_database(self) -> NoReturn:
        if not settings.DEBUG:
            raise CommandError("The demo's passwords are published: it needs DEBUG.")
        self.stdout.write("The demo has a database of its own: DEMO=1 selects it.")
        self.stdout.flush()
        arguments = [sys.executable, *sys.orig_argv[1:]]
        os.execve(sys.executable, arguments, {**os.environ, "DEMO": "1"})  # noqa: S606

    def _refuse_real_desk(self) -> None:
        """Raise CommandError where DATABASE_URL names a database with anything but the demo."""
        elections = Election.objects.exclude(slug__in=[islington.SLUG, REHEARSAL])
        people = User.objects.exclude(username__in=USERNAMES).filter(is_staff=True)
        for found in [elections.first(), people.first()]:
            if found is not None:
                raise CommandError(
                    f"This database holds more than the demo ({found}): nothing was loaded. "
                    "Leave DATABASE_URL unset, or name an empty database."
                )

    def _rehearsal(self, seats: int) -> None:
        """A night in progress: one that is over is started anew, any other is kept."""
        election = Election.objects.filter(slug=REHEARSAL, rehearsal=True).first()
        if (
            election is not None
            and not Play(election, generate_night(1, seats), player()).remaining()
        ):
            self.stdout.write("The rehearsal was over: starting it anew.")
            remove(election)
            election = None
        if election is None:
            self.stdout.write("Setting up the rehearsal night …")
            declared = str(DECLARED * seats // 650)
            call_command(
                "rehearse",
                REHEARSAL,
                "--declared",
                declared,
                "--seats",
                str(seats),
                "--speed",
                "0",
                stdout=self.stderr,
            )

    def _people(self) -> None:
        set_up()
        editor, made = User.objects.get_or_create(
            username="editor", defaults={"is_staff": True, "is_superuser": True}
        )
        if made:
            editor.set_password(PASSWORD)
            editor.save()
        self.stdout.write(f"/admin/       sign in as editor, password {PASSWORD}")
        late = list(_still_to_come())
        for number, name in enumerate(["reporter", "colleague"]):
            reporter, made = User.objects.get_or_create(username=name)
            if made:
                reporter.set_password(PASSWORD)
                reporter.save()
                if name == "reporter":
                    trust = Permission.objects.get(codename=PUBLISH_UNREVIEWED)
                    reporter.user_permissions.add(trust)
            self._assign(reporter, late[number * COUNTS : (number + 1) * COUNTS])
            self.stdout.write(f"/count/       sign in as {name}, password {PASSWORD}")

    def _assign(self, reporter: User, counts: list[Contest]) -> None:
        """The Islington counts, and some of the rehearsal that are still to come."""
        own = Contest.objects.filter(election__slug=islington.SLUG)
        there = Assignment.objects.filter(reporter=reporter, contest__election__slug=REHEARSAL)
        open_still = there.exclude(contest__standing__status__in=_OVER)
        wanted = [*own, *([] if open_still.exists() else counts)]
        for contest in wanted:
            Assignment.objects.get_or_create(reporter=reporter, contest=contest)


_OVER = [Standing.Status.WINNER_ONLY, Standing.Status.DECLARED, Standing.Status.CORRECTED]


def _still_to_come() -> list[Contest]:
    """Counts of the rehearsal without a result, the last expected first: time to try one."""
    contests = Contest.objects.filter(election__slug=REHEARSAL).exclude(
        standing__status__in=[*_OVER, Standing.Status.WITHDRAWN]
    )
    return list(contests.order_by(F("expected_at").desc(nulls_last=True), "pk")[: 2 * COUNTS])
