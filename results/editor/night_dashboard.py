"""Dashboard of an election night: what needs a person first, then the state of all counts.

Browsers ask for it every few seconds, so its number of queries is fixed.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from channels.layers import get_channel_layer
from django.contrib.admin import ModelAdmin
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails
from django_stubs_ext import WithAnnotations

from results.editor.base import election_timezone, require_permission
from results.editor.contest_list import STATE_LABELS, State, StateLink, with_state
from results.live.event_loop import run_on_event_loop
from results.models import (
    NOT_AWAITED,
    Assignment,
    Bulletin,
    Contest,
    Declaration,
    Election,
    Phone,
    ReaderCount,
    ReviewItem,
    Standing,
)

#: How long a winner may be published without votes before somebody should ask for them.
VOTES_OVERDUE = timedelta(minutes=20)
#: How long an editor who opened a review item is shown as looking at it.
VIEWING_PERIOD = timedelta(minutes=3)
#: After this long without a request a phone is shown as quiet: it is off, or has no signal.
PHONE_QUIET = timedelta(minutes=10)
#: How long before its expected declaration a count without a reporter is listed.
UNASSIGNED_PERIOD = timedelta(hours=2)
LAYER_TIMEOUT_SECONDS = 2.0
#: The longest list of each kind, and of overridden warnings.
MAX_LISTED = 12
MAX_OVERRIDDEN = 8


@dataclass(frozen=True, slots=True)
class Matter:
    """Something for an editor to do, and the address of the page to do it on.

    Lists begin with the lowest `urgency`.
    """

    urgency: int
    kind: str
    where: str
    since: datetime | None
    address: str
    who: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class PhoneStatus:
    """A reporter's phone as it last reported: results not sent yet, questions not answered."""

    who: str
    unsent: int
    asked: int
    seen: datetime
    quiet: bool


class NightDashboard:
    """What the dashboard shows of one election; each property is a query."""

    def __init__(self, election: Election) -> None:
        self.election = election
        self.now = timezone.now()

    # --- What needs a person ------------------------------------------------------------------

    @property
    def matters(self) -> list[Matter]:
        matters = [
            *self._review_items(),
            *self._overdue(),
            *self._winner_only(),
            *self._incomplete(),
            *self._unassigned(),
        ]
        return sorted(matters, key=lambda matter: (matter.urgency, matter.since or self.now))

    def _review_items(self) -> Iterator[Matter]:
        waiting = list(
            ReviewItem.objects.filter(
                contest__election=self.election, state=ReviewItem.State.WAITING
            )
            .select_related("contest", "by", "opened_by")
            .order_by("created_at")
        )
        result_kind = ReviewItem.Kind.RESULT
        results = Counter(item.contest_id for item in waiting if item.kind == result_kind)
        for item in waiting:
            conflict = item.kind == result_kind and results[item.contest_id] > 1
            yield Matter(
                urgency=0 if conflict else _URGENCY[ReviewItem.Kind(item.kind)],
                kind=_("Two results differ") if conflict else item.get_kind_display(),
                where=item.contest.full_name,
                since=item.created_at,
                address=reverse("admin:results_reviewitem_change", args=[item.pk]),
                who=str(item.by),
                words=self._viewer(item),
            )

    def _viewer(self, item: ReviewItem) -> str:
        if item.opened_by is None or item.opened_at is None:
            return ""
        if self.now - item.opened_at > VIEWING_PERIOD:
            return ""
        return _("%(who)s is looking at it") % {"who": item.opened_by}

    def _contests(self) -> "QuerySet[WithAnnotations[Contest, State]]":
        return with_state(Contest.objects.filter(election=self.election)).select_related("standing")

    def _overdue(self) -> Iterator[Matter]:
        if self.election.final:
            return
        late = self._contests().filter(expected_at__lt=self.now).exclude(state__in=NOT_AWAITED)
        for contest in late.order_by("expected_at")[:MAX_LISTED]:
            yield Matter(
                urgency=4,
                kind=_("Overdue"),
                where=contest.full_name,
                since=contest.expected_at,
                address=_change_address(contest),
                words=str(STATE_LABELS[Standing.Status(contest.state)]),
            )

    def _winner_only(self) -> Iterator[Matter]:
        """Contests with a published winner whose votes are late."""
        late = self._contests().filter(
            state=Standing.Status.WINNER_ONLY,
            standing__first_declared_at__lt=self.now - VOTES_OVERDUE,
        )
        for contest in late.order_by("standing__first_declared_at")[:MAX_LISTED]:
            yield Matter(
                urgency=3,
                kind=_("Winner only"),
                where=contest.full_name,
                since=contest.standing.first_declared_at,
                address=_change_address(contest),
                words=_("the figures are still to follow"),
            )

    def _incomplete(self) -> Iterator[Matter]:
        """Contests of which only some totals are published, for long."""
        late = self._contests().filter(
            standing__incomplete=True,
            standing__declaration__created_at__lt=self.now - VOTES_OVERDUE,
        )
        for contest in late.select_related("standing__declaration").order_by("sort_key")[
            :MAX_LISTED
        ]:
            declaration = contest.standing.declaration
            yield Matter(
                urgency=3,
                kind=str(STATE_LABELS[Standing.Status.INCOMPLETE]),
                where=contest.full_name,
                since=declaration.created_at if declaration else None,
                address=_change_address(contest),
                words=contest.standing.incomplete_label,
            )

    def _unassigned(self) -> Iterator[Matter]:
        """Counts expected soon without a reporter, in elections that have reporters at all."""
        if not Assignment.objects.filter(contest__election=self.election).exists():
            return
        soon = (self.now, self.now + UNASSIGNED_PERIOD)
        contests = self._contests().filter(expected_at__range=soon, assignments=None)
        for contest in contests.exclude(state__in=NOT_AWAITED).order_by("expected_at")[:MAX_LISTED]:
            yield Matter(
                urgency=5,
                kind=_("Nobody there"),
                where=contest.full_name,
                since=contest.expected_at,
                address=_change_address(contest),
                words=_("expected soon, no reporter"),
            )

    # --- The state of the night ---------------------------------------------------------------

    @property
    def states(self) -> list[StateLink]:
        counts = dict(self._contests().values_list("state").annotate(n=Count("pk")).order_by())
        address = f"{reverse('admin:results_contest_changelist')}?election__id__exact="
        return [
            StateLink(
                status=status.value,
                label=label,
                contests=counts[status],
                address=f"{address}{self.election.pk}&state={status.value}",
            )
            for status, label in STATE_LABELS.items()
            if counts.get(status)
        ]

    @property
    def last(self) -> Bulletin | None:
        log = Bulletin.objects.filter(election=self.election).defer("fragments")
        return log.order_by("-sequence").first()

    @property
    def overridden(self) -> list[Declaration]:
        """Current declarations published with warnings and not verified yet, newest first."""
        accepted = Declaration.objects.filter(contest__election=self.election).exclude(warnings=[])
        current = accepted.filter(standing__isnull=False, verified=None)
        return list(current.select_related("contest", "by").order_by("-pk")[:MAX_OVERRIDDEN])

    @property
    def phones(self) -> list[PhoneStatus]:
        """The assigned reporters' phones, those with most unsent results first."""
        reporters = Assignment.objects.filter(contest__election=self.election).values("reporter")
        phones = Phone.objects.filter(reporter__in=reporters).select_related("reporter")
        return [
            PhoneStatus(
                who=str(phone.reporter.get_full_name() or phone.reporter),
                unsent=phone.unsent,
                asked=phone.asked,
                seen=phone.seen_at,
                quiet=self.now - phone.seen_at > PHONE_QUIET,
            )
            for phone in phones.order_by("-unsent", "seen_at")[:MAX_LISTED]
        ]

    @property
    def layer(self) -> str:
        """State of the channel layer: `ok`, `degraded` or `none`."""
        try:
            return run_on_event_loop(_ping_layer, timeout=LAYER_TIMEOUT_SECONDS)
        except TimeoutError:
            return "degraded"

    @property
    def readers(self) -> int:
        """How many sockets are open on this election's pages, in all processes."""
        return ReaderCount.readers_of(self.election.slug, self.now)


_URGENCY = {
    ReviewItem.Kind.RESULT: 1,
    ReviewItem.Kind.CORRECTION: 1,
    ReviewItem.Kind.QUOTE: 2,
    ReviewItem.Kind.PHOTO: 2,
}


def _change_address(contest: Contest) -> str:
    return reverse("admin:results_contest_change", args=[contest.pk])


async def _ping_layer() -> str:
    layer = get_channel_layer()
    if layer is None:
        return "none"
    try:
        await layer.group_send("night-screen", {"type": "night.screen"})
    except Exception:
        return "degraded"
    return "ok"


class HtmxRequest(HttpRequest):
    """A request that has passed `HtmxMiddleware`."""

    htmx: HtmxDetails


def night_view(
    request: HtmxRequest, election_pk: int, *, model_admin: ModelAdmin[Election]
) -> HttpResponse:
    """The dashboard's page; for htmx only the part that changes."""
    require_permission(request, "results.view_contest")
    election = get_object_or_404(Election, pk=election_pk)
    template = "editor/_night.html" if request.htmx else "editor/night.html"
    with election_timezone(election):
        context = {
            **model_admin.admin_site.each_context(request),
            "opts": model_admin.opts,
            "title": _("The night: %(name)s") % {"name": election.name},
            "election": election,
            "screen": NightDashboard(election),
        }
        return TemplateResponse(request, template, context).render()
