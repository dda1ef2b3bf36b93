"""Seed functions: Islington North on a night of its own, with its users."""

from datetime import UTC, date, datetime

from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from results import desk
from results.desk.backups import BACKED_UP
from results.models import (
    Assignment,
    AuditEntry,
    Bulletin,
    Election,
    Night,
    ReaderCount,
    ReporterPass,
)
from tests import nights

PASSWORD = nights.PASSWORD


def with_password(user: User, password: str = PASSWORD) -> User:
    user.set_password(password)
    user.save()
    return user


# --- Writing ---------------------------------------------------------------------------------


def night_without_seats(slug: str) -> None:
    Election.objects.create(
        slug=slug,
        name="A night",
        date=date(2019, 12, 12),
        polls_close=datetime(2019, 12, 12, 22, tzinfo=UTC),
    )


def seat() -> None:
    nights.islington_north(nights.election())


def declared_seat() -> None:
    contest = nights.islington_north(nights.election())
    nights.declare_counts(
        contest,
        nights.islington_ballot_counts(contest),
        by=nights.user(),
        idempotency_key="declared",
    )


def seat_with_reporter() -> None:
    """The user `reporter` may send the seat's result."""
    contest = nights.islington_north(nights.election())
    Assignment.objects.create(reporter=with_password(nights.user()), contest=contest)


def three_seats_with_reporter() -> dict[str, list[int]]:
    """The ids of each seat's candidates, by the seat's slug."""
    night, user = nights.election(), with_password(nights.user())
    candidates: dict[str, list[int]] = {}
    for name in ("First", "Second", "Third"):
        contest = nights.contest(night, name, [("Ann Hall", "lab"), ("Bob Rice", "con")])
        Assignment.objects.create(reporter=user, contest=contest)
        candidates[contest.slug] = [candidate.pk for candidate in contest.candidates.all()]
    return candidates


def users(*names: str) -> None:
    for name in names:
        with_password(nights.user(name))


def seat_with_passes(password: str) -> tuple[str, str]:
    """The seat, declared; returns the token of a link for bob and a code for ann."""
    contest = nights.islington_north(nights.election())
    ann, bob = with_password(nights.user("ann"), password), nights.user("bob")
    for reporter in (ann, bob):
        Assignment.objects.create(reporter=reporter, contest=contest)
    with_password(nights.user("editor", staff=True), password)
    nights.declare_counts(
        contest, nights.islington_ballot_counts(contest), by=ann, idempotency_key="result"
    )
    return ReporterPass.issue(bob).token, ReporterPass.issue(ann).code


def headline(text: str) -> None:
    desk.publish(
        Election.objects.get(slug="ge"),
        desk.HeadlineContent(text=text),
        by=nights.user(),
        idempotency_key=text,
    )


def headlines(count: int) -> None:
    for number in range(count):
        headline(f"Headline {number}")


def blank_every_bulletin() -> None:
    """Empty every bulletin's fragments, without the triggers that refuse it."""
    connection.cursor().execute("UPDATE results_bulletin SET summary = ''")


# --- Reading ---------------------------------------------------------------------------------


def sequence() -> int:
    return Night.objects.get().sequence


def bulletins() -> int:
    return Bulletin.objects.count()


def readers_and_processes() -> tuple[int, int]:
    """How many readers the desk's screen counts, and in how many server processes."""
    return ReaderCount.readers_of("ge", timezone.now()), ReaderCount.objects.count()


def every_row() -> str:
    """Every row of the project's tables and the admin's log, as text."""
    models = [*apps.get_app_config("results").get_models(), apps.get_model("admin.LogEntry")]
    return "\n".join(
        f"{model.__name__} {list(model._default_manager.values_list())}" for model in models
    )


def backups_recorded() -> list[str]:
    """The files of the backups that the audit trail tells of."""
    return list(AuditEntry.objects.filter(what=BACKED_UP).values_list("about", flat=True))
