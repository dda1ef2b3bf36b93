"""Load the demo: Islington in 2019, as declared, and two rehearsals in progress.

The demo has a database of its own, which DEMO=1 selects. Without it the command runs itself again
with DEMO=1.
"""

import os
import sys
from argparse import ArgumentParser
from typing import Any, NoReturn

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db.models import F

from electiondesk.database_state import later_release
from electiondesk.demo_accounts import PASSWORD, USERNAMES
from results.arithmetic import ElectionKind
from results.desk.accounts import set_trusted
from results.editor.roles import set_up_groups
from results.management.amounts import pace, whole_number
from results.management.desk_command import DeskCommand
from results.models import WITH_RESULT, Assignment, Contest, Election, Standing
from results.rehearsal import islington
from results.rehearsal.kinds import generate
from results.rehearsal.night import Playback
from results.rehearsal.reset import delete_rehearsal
from results.rehearsal.setting_up import rehearsal_user

REHEARSAL = "rehearsal"
COUNCILS = "council-rehearsal"
REHEARSALS = {REHEARSAL: ElectionKind.UK_PARLIAMENT, COUNCILS: ElectionKind.COUNCIL}
#: Seats of the general election's rehearsal, of 650, that have declared at the start.
DECLARED = 250
#: Wards of the councils' rehearsal, and those that have declared at the start.
WARDS, WARDS_DECLARED = 36, 20
#: Undeclared seats of the rehearsal that each reporter of the demo is assigned to.
COUNTS = 4
#: Account that declared Islington. No other command makes it.
DECLARER = "demo"


class Command(DeskCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--seats", type=whole_number, default=650, help="seats of the rehearsal"
        )
        parser.add_argument(
            "--speed", type=pace, default=1, help="at which the rehearsal is about to be played"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            self._run_on_demo_database()
        seats = options["seats"]
        self._refuse_later_release()
        call_command("migrate", verbosity=0)
        self._refuse_real_desk()
        islington.load(rehearsal_user(DECLARER))
        self._set_up_rehearsal(REHEARSAL, seats, DECLARED * seats // 650)
        self._set_up_rehearsal(COUNCILS, WARDS, WARDS_DECLARED)
        self.stdout.write(f"/{islington.SLUG}/      Islington, 12 December 2019, as declared")
        self.stdout.write(f"/{REHEARSAL}/   a rehearsal of {seats} invented results, in progress")
        self.stdout.write(f"/{COUNCILS}/   three invented councils, in progress")
        self._create_accounts()
        # Before anybody has a page open.
        playback = _playback(Election.objects.get(slug=REHEARSAL), seats)
        if options["speed"] > 0:
            playback.follow_speed(playback.remaining()[0].minute, options["speed"])

    def _run_on_demo_database(self) -> NoReturn:
        if not settings.DEBUG:
            raise CommandError("The demo's passwords are published: it needs DEBUG.")
        self.stdout.write("The demo has a database of its own: DEMO=1 selects it.")
        self.stdout.flush()
        arguments = [sys.executable, *sys.orig_argv[1:]]
        os.execve(sys.executable, arguments, {**os.environ, "DEMO": "1"})  # noqa: S606

    def _refuse_later_release(self) -> None:
        """Raise CommandError where another release has changed the tables, as before a checkout."""
        if later := later_release():
            name = settings.DATABASES["default"]["NAME"]
            raise CommandError(
                f"The demo's database {name} is of a later release ({later}), and this one cannot "
                "work with it: delete it, and the demo is set up anew. Nothing was changed."
            )

    def _refuse_real_desk(self) -> None:
        """Raise CommandError where DATABASE_URL names a database that is not the demo's.

        Whoever sets up a night of their own in the demo finds it there the next time.
        """
        if User.objects.filter(username=DECLARER, is_active=False).exists():
            return
        elections = Election.objects.exclude(slug__in=[islington.SLUG, *REHEARSALS])
        staff = User.objects.exclude(username__in=USERNAMES).filter(is_staff=True)
        for other in [elections.first(), staff.first()]:
            if other is not None:
                raise CommandError(
                    f"This database holds more than the demo ({other}): nothing was loaded. "
                    "Leave DATABASE_URL unset, or name an empty database."
                )

    def _set_up_rehearsal(self, slug: str, seats: int, declared: int) -> None:
        """Set up a night in progress; one that is over is deleted first, any other is kept."""
        election = Election.objects.filter(slug=slug, rehearsal=True).first()
        if election is not None:
            if _playback(election, seats).remaining():
                return
            self.stdout.write("The rehearsal was over: starting it anew.")
            delete_rehearsal(election)
        self.stdout.write(f"Setting up the rehearsal {slug} …")
        self.stdout.flush()
        call_command(
            "rehearse",
            slug,
            kind=REHEARSALS[slug],
            declared=declared,
            seats=seats,
            speed=0,
            stdout=self.stderr,
        )

    def _create_accounts(self) -> None:
        set_up_groups()
        self._create_account("editor", is_staff=True, is_superuser=True)
        self.stdout.write(f"/admin/       sign in as editor, password {PASSWORD}")
        undeclared = [_undeclared(slug) for slug in REHEARSALS]
        for number, name in enumerate(["reporter", "colleague"]):
            reporter = self._create_account(name)
            for contests in undeclared:
                self._assign(reporter, contests[number * COUNTS : (number + 1) * COUNTS])
            self.stdout.write(f"/count/       sign in as {name}, password {PASSWORD}")

    def _create_account(self, username: str, **fields: bool) -> User:
        """Create an account with the published password; one that exists is left as it is."""
        user, created = User.objects.get_or_create(username=username, defaults=fields)
        if created:
            user.set_password(PASSWORD)
            user.save()
            if username == "reporter":
                set_trusted(user, True)
        return user

    def _assign(self, reporter: User, undeclared: list[Contest]) -> None:
        """Assign the Islington seats, and undeclared ones unless the reporter still has some."""
        contests = list(Contest.objects.filter(election__slug=islington.SLUG))
        elections = {contest.election_id for contest in undeclared}
        assigned = Assignment.objects.filter(reporter=reporter, contest__election__in=elections)
        if not assigned.exclude(contest__standing__status__in=WITH_RESULT).exists():
            contests += undeclared
        for contest in contests:
            Assignment.objects.get_or_create(reporter=reporter, contest=contest)


def _playback(election: Election, seats: int) -> Playback:
    return Playback(election, generate(REHEARSALS[election.slug], 1, seats), rehearsal_user())


def _undeclared(slug: str) -> list[Contest]:
    """Return contests of the rehearsal without a result, those expected last first."""
    contests = Contest.objects.filter(election__slug=slug).exclude(
        standing__status__in=[*WITH_RESULT, Standing.Status.WITHDRAWN]
    )
    return list(contests.order_by(F("expected_at").desc(nulls_last=True), "pk")[: 2 * COUNTS])
