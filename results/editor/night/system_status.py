"""Status of the reporters' phones and answers, the readers, the channel layer and the log."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from statistics import median

from channels.layers import get_channel_layer
from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext as _

from results.arithmetic.sorting import sort_key
from results.desk.backups import last_backup
from results.desk.worker_status import worker_status
from results.live.event_loop import run_on_event_loop
from results.models import (
    NOT_AWAITED,
    Assignment,
    Bulletin,
    Declaration,
    Election,
    MessageReading,
    Phone,
    ReaderCount,
)
from results.push.status import PushStatus, push_status
from results.webhooks.status import FailingWebhook, failing_webhooks
from results.words.user_names import user_name

#: After this long without a request a phone is shown as quiet: it is off, or has no signal.
PHONE_QUIET = timedelta(minutes=10)
LAYER_TIMEOUT_SECONDS = 2.0
#: The longest list of phones, of overridden warnings, and of reporters' answers.
MAX_PHONES = 8
#: Counts that stand beside a phone by name; of the others it says how many.
MAX_COUNTS_OF_A_PHONE = 2
MAX_OVERRIDDEN = 5
MAX_ANSWERS = 6
#: Minutes of the chart of bulletins.
CHART_MINUTES = 30
CHART_HEIGHT = 40
#: A backup older than this is marked: the shipped timer makes one each quarter of an hour.
BACKUP_OVERDUE = timedelta(hours=1)
#: Declarations that the time from phone to page is taken from.
TIMED = 20


@dataclass(frozen=True, slots=True)
class PhoneStatus:
    """A reporter's phone as it last reported: unsent results, unanswered questions.

    `seen` is None for a reporter who has not been heard of, and whose counts are awaited.
    """

    who: str
    where: str
    unsent: int
    asked: int
    seen: datetime | None
    quiet: bool

    @property
    def is_well(self) -> bool:
        return self.state == "well"

    @property
    def state(self) -> str:
        """`quiet`, `holds` something, `absent` or `well`: each has a shape as well as a colour."""
        if self.seen is None:
            return "absent"
        if self.quiet:
            return "quiet"
        return "holds" if self.unsent or self.asked else "well"


@dataclass(frozen=True, slots=True)
class Bar:
    """One minute of the chart: the number of bulletins; place and height in pixels."""

    bulletins: int
    x: int
    y: int
    height: int


class SystemStatus:
    """Phones and system of one election, as the dashboard shows them."""

    def __init__(self, election: Election) -> None:
        self.election = election
        self.now = timezone.now()

    @cached_property
    def phones(self) -> list[PhoneStatus]:
        """The assigned reporters' phones, the worst first. Two queries."""
        assigned = Assignment.objects.filter(contest__election=self.election)
        where: dict[int, list[str]] = {}
        awaited: set[int] = set()
        columns = ("reporter", "contest__name", "contest__standing__status")
        for reporter, name, state in assigned.values_list(*columns):
            where.setdefault(reporter, []).append(name)
            if state not in NOT_AWAITED:
                awaited.add(reporter)
        people = User.objects.filter(pk__in=where, is_active=True).select_related("phone")
        statuses = [
            self._phone_status(person, where[person.pk])
            for person in people
            if hasattr(person, "phone") or person.pk in awaited
        ]
        order = ("quiet", "holds", "absent", "well")
        return sorted(
            statuses, key=lambda each: (order.index(each.state), each.seen or self.now, each.who)
        )

    def _phone_status(self, person: User, counts: list[str]) -> PhoneStatus:
        phone: Phone | None = getattr(person, "phone", None)
        return PhoneStatus(
            who=user_name(person),
            where=_named(sorted(counts, key=sort_key)),
            unsent=phone.unsent if phone else 0,
            asked=phone.asked if phone else 0,
            seen=phone.seen_at if phone else None,
            quiet=phone is not None and self.now - phone.seen_at > PHONE_QUIET,
        )

    @property
    def shown_phones(self) -> list[PhoneStatus]:
        return self.phones[:MAX_PHONES]

    @property
    def other_phones(self) -> list[PhoneStatus]:
        return self.phones[MAX_PHONES:]

    @cached_property
    def answers(self) -> list[MessageReading]:
        """The newest answers of reporters to messages of this election, newest first."""
        answered = MessageReading.objects.filter(message__election=self.election)
        answered = answered.exclude(answer="").exclude(answered_at=None)
        newest = answered.select_related("message", "reporter").order_by("-answered_at", "-pk")
        return list(newest[:MAX_ANSWERS])

    @property
    def heard(self) -> int:
        """Phones heard of within a minute."""
        return sum(
            each.seen is not None and self.now - each.seen < timedelta(minutes=1)
            for each in self.phones
        )

    @cached_property
    def layer(self) -> str:
        """State of the channel layer: `ok`, `degraded` or `none`."""
        try:
            return run_on_event_loop(_ping_layer, timeout=LAYER_TIMEOUT_SECONDS)
        except TimeoutError:
            return "degraded"

    @cached_property
    def is_worker_missing(self) -> bool:
        """Whether a worker for background tasks is needed and none has reported for a minute."""
        return worker_status() == "missing"

    @cached_property
    def push(self) -> PushStatus | None:
        """Messages to readers' browsers; None where the newsroom has not turned them on."""
        return push_status(self.election)

    @cached_property
    def webhooks(self) -> list[FailingWebhook]:
        """Webhooks whose messages did not arrive lately; none while all do."""
        return failing_webhooks(self.election)

    @property
    def readers(self) -> int:
        """The number of sockets open on this election's pages, in all processes."""
        return ReaderCount.readers_of(self.election.slug, self.now)

    @cached_property
    def chart(self) -> list[Bar]:
        """Bulletins in each of the last minutes."""
        since = self.now - timedelta(minutes=CHART_MINUTES)
        counts = [0] * CHART_MINUTES
        log = Bulletin.objects.filter(election=self.election, published_at__gt=since)
        for at in log.values_list("published_at", flat=True)[:5000]:
            minute = int((at - since).total_seconds() // 60)
            if 0 <= minute < CHART_MINUTES:
                counts[minute] += 1
        most = max(*counts, 1)
        heights = [round(count * CHART_HEIGHT / most) for count in counts]
        return [
            Bar(count, number * 9, CHART_HEIGHT - height, height)
            for number, (count, height) in enumerate(zip(counts, heights, strict=True))
        ]

    @property
    def bulletins_in_chart(self) -> int:
        return sum(bar.bulletins for bar in self.chart)

    @cached_property
    def seconds_to_page(self) -> float | None:
        """The median time from the button on a phone to the page, in seconds; None if not known.

        A declaration without a typed time is declared when its phone sent it, to the microsecond.
        One that waited for a person says nothing of the way from phone to page.
        """
        newest = Declaration.objects.filter(
            contest__election=self.election,
            kind__in=[Declaration.Kind.DECLARATION, Declaration.Kind.WINNER_ONLY],
            bulletin__review_items=None,
        ).order_by("-sequence")
        times = newest.values_list("declared_at", "bulletin__published_at")[:TIMED]
        seconds = [
            (published - sent).total_seconds()
            for sent, published in times
            if sent and published and sent.microsecond
        ]
        return median(seconds) if seconds else None

    @cached_property
    def last_backup(self) -> datetime | None:
        return last_backup()

    @property
    def is_backup_overdue(self) -> bool:
        return self.last_backup is None or self.now - self.last_backup > BACKUP_OVERDUE

    @cached_property
    def overridden(self) -> list[Declaration]:
        """Current declarations published with warnings and not verified yet, newest first."""
        accepted = Declaration.objects.filter(contest__election=self.election).exclude(warnings=[])
        current = accepted.filter(standing__isnull=False, verified=None)
        return list(current.select_related("contest", "by").order_by("-pk")[:MAX_OVERRIDDEN])


def _named(counts: list[str]) -> str:
    """“Abbey, Castle and 3 more”."""
    named = ", ".join(counts[:MAX_COUNTS_OF_A_PHONE])
    more = len(counts) - MAX_COUNTS_OF_A_PHONE
    return (
        _("%(counts)s and %(more)s more") % {"counts": named, "more": more} if more > 0 else named
    )


async def _ping_layer() -> str:
    layer = get_channel_layer()
    if layer is None:
        return "none"
    try:
        await layer.group_send("night-screen", {"type": "night.screen"})
    except Exception:
        return "degraded"
    return "ok"
