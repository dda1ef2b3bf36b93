"""Issue a pass to a reporter: a link, its QR code and a code to read out, shown only once."""

import io
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

import segno
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.db import transaction
from django.urls import reverse

from electiondesk.site_origin import known_origins
from results.arithmetic import clean_text
from results.desk.accounts import (
    MAX_NAME,
    find_or_create_reporter,
    is_too_long,
    set_full_name,
    set_trusted,
)
from results.editor.phone_address import check_phone_address
from results.management.desk_command import DeskCommand
from results.models import Assignment, Contest, Election, ReporterPass, SiteSettings, find_contests


class Command(DeskCommand):
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
        parser.add_argument(
            "--host",
            type=_phone_address,
            default="",
            help="https://desk.example, if not the one on sheets",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            reporter = self._find_or_create_reporter(options)
            for contest in self._find_contests(options):
                Assignment.objects.get_or_create(reporter=reporter, contest=contest)
            try:
                issued = ReporterPass.issue(reporter)
            except ValueError as exc:
                raise CommandError(str(exc)) from None
        link = _origin(options["host"]) + reverse("sign_in_by_link", args=[issued.token])
        assignments = Assignment.objects.filter(reporter=reporter).select_related("contest")
        contests = ", ".join(assignment.contest.full_name for assignment in assignments)
        self.stdout.write(f"{reporter}: {contests}")
        self.stdout.write(f"Link  {link}")
        self.stdout.write(f"Code  {issued.spoken}")
        qr_code = io.StringIO()
        segno.make(link, error="m").terminal(out=qr_code, compact=True, border=2)
        self.stdout.write(qr_code.getvalue())
        self.stdout.write("One phone may use it. Nothing here is shown again.")

    def _find_or_create_reporter(self, options: dict[str, Any]) -> User:
        name = clean_text(options["name"])
        if is_too_long(options["reporter"], name):
            raise CommandError(f"The name is too long; shorten it to {MAX_NAME} characters.")
        _require_user_name(options["reporter"])
        reporter = find_or_create_reporter(options["reporter"])
        if name:
            set_full_name(reporter, name)
        if options["trusted"]:
            set_trusted(reporter, True)
        return reporter

    def _find_contests(self, options: dict[str, Any]) -> list[Contest]:
        """Return the contests named, all of one election. Raises CommandError."""
        names = options["contest"]
        if not names:
            return []
        elections = Election.objects.all()
        if options["election"]:
            elections = elections.filter(slug=options["election"])
            if not elections:
                raise CommandError(f"There is no election “{options['election']}”.")
        matches = {election.slug: find_contests(election, names) for election in elections}
        complete = {slug: found for slug, found in matches.items() if not found.unknown}
        if len(complete) > 1:
            slugs = ", ".join(complete)
            raise CommandError(f"Name the election with --election: {slugs} all have these counts.")
        if not complete:
            unknown = min((found.unknown for found in matches.values()), key=len, default=())
            raise CommandError(f"No count is called {', '.join(unknown) or names[0]}.")
        (found,) = complete.values()
        if found.ambiguous:
            raise CommandError(
                f"Several counts have the name. Give the address of one. {found.choices}"
            )
        return found.contests


def _phone_address(text: str) -> str:
    """Return the origin that phones open, checked as the sheets' is; "" for none.

    Raises ArgumentTypeError.
    """
    try:
        return check_phone_address(text) if text else ""
    except ValidationError as exc:
        raise ArgumentTypeError(f"“{text}”: {' '.join(exc.messages)}") from None


def _require_user_name(name: str) -> None:
    """Raise CommandError for a name that the admin would refuse, unless somebody has it."""
    try:
        User(username=name).clean_fields(exclude={"password"})
    except ValidationError as exc:
        if not User.objects.filter(username=name).exists():
            reason = " ".join(exc.messages)
            raise CommandError(f"“{name}” is no user name. {reason}") from None


def _origin(origin: str) -> str:
    """The address that was given, the one that sheets print, or the first that is known."""
    known = [origin, SiteSettings.load().phone_address, *known_origins(), "http://127.0.0.1:8000"]
    return next(filter(None, known)).rstrip("/")
