"""A pass for a reporter: the link, its QR code and a code to read out. All are shown this once."""

import io
from argparse import ArgumentParser
from typing import Any

import segno
from django.conf import settings
from django.contrib.auth.models import Permission, User
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.urls import reverse

from results.models import (
    PUBLISH_UNREVIEWED,
    Assignment,
    Contest,
    Election,
    ReporterPass,
    find_contests,
)


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("reporter", metavar="REPORTER", help="their user name; made if new")
        parser.add_argument(
            "--contest",
            nargs="+",
            action="extend",
            default=[],
            metavar="NAME",
            help="a count to report from: its name, address or official code",
        )
        parser.add_argument("--election", metavar="ADDRESS", help="where there are several")
        parser.add_argument("--name", default="", help="their name, “Ann Smith”")
        parser.add_argument(
            "--trusted",
            action="store_true",
            help="their quotes and photos go straight out; else the desk approves them",
        )
        parser.add_argument("--host", default="", help="https://desk.example, if not the first set")

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            reporter = self._reporter(options)
            for contest in self._contests(options):
                Assignment.objects.get_or_create(reporter=reporter, contest=contest)
            try:
                issued = ReporterPass.issue(reporter)
            except ValueError as exc:
                raise CommandError(str(exc)) from None
        link = _host(options["host"]) + reverse("sign_in_by_link", args=[issued.token])
        sent = Assignment.objects.filter(reporter=reporter).select_related("contest")
        self.stdout.write(f"{reporter}: {', '.join(one.contest.name for one in sent)}")
        self.stdout.write(f"Link  {link}")
        self.stdout.write(f"Code  {issued.spoken}")
        picture = io.StringIO()
        segno.make(link, error="m").terminal(out=picture, compact=True, border=2)
        self.stdout.write(picture.getvalue())
        self.stdout.write("One phone may use it. Nothing here is shown again.")

    def _reporter(self, options: dict[str, Any]) -> User:
        reporter, made = User.objects.get_or_create(username=options["reporter"])
        if made:
            reporter.set_unusable_password()
        if options["name"]:
            reporter.first_name, _blank, reporter.last_name = options["name"].rpartition(" ")
        reporter.save()
        if options["trusted"]:
            trust = Permission.objects.get(codename=PUBLISH_UNREVIEWED)
            reporter.user_permissions.add(trust)
        return reporter

    def _contests(self, options: dict[str, Any]) -> list[Contest]:
        if not options["contest"]:
            return []
        elections = Election.objects.all()
        if options["election"]:
            elections = elections.filter(slug=options["election"])
        found = [(election, *find_contests(election, options["contest"])) for election in elections]
        whole = [contests for _election, contests, strangers in found if not strangers]
        if len(whole) == 1:
            return whole[0]
        if whole:
            names = ", ".join(election.slug for election, _found, missing in found if not missing)
            raise CommandError(f"Name the election with --election: {names} all have these counts.")
        missing = min((strangers for *_rest, strangers in found), key=len, default=())
        raise CommandError(f"No count is called {', '.join(missing) or options['contest'][0]}.")


def _host(given: str) -> str:
    origins = settings.CSRF_TRUSTED_ORIGINS
    return (given or (origins[0] if origins else "http://127.0.0.1:8000")).rstrip("/")
