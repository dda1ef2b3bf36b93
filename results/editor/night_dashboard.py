"""The night on one screen: what needs a person on top, then where every count stands.

Asked for again every few seconds; a fixed number of queries, however many counts there are.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from channels.layers import get_channel_layer
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from results.editor.base import in_zone_of
from results.editor.contest_list import STATE_LABELS, with_state
from results.live.event_loop import run_on_event_loop
from results.models import (
    WITH_RESULT,
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

#: A winner without figures for this long is worth a telephone call.
FIGURES_LATE = timedelta(minutes=20)
#: Someone who opened an offer this long ago is looking at something else by now.
STILL_LOOKING = timedelta(minutes=3)
#: A phone that has not been heard of for this long is off, or without signal.
PHONE_QUIET = timedelta(minutes=10)
#: Seconds that the event loop may take to answer.
ASKED = 2.0
LISTED = 12
OVERRIDDEN = 8


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing for a person to do: what, where, since when, and the page to do it on."""

    urgency: int
    kind: str
    where: str
    since: datetime | None
    address: str
    who: str = ""
    words: str = ""


class NightDashboard:
    """Everything that the screen shows of one election, read at one moment."""

    def __init__(self, election: Election) -> None:
        self.election = election
        self.now = timezone.now()

    # --- What needs a person ------------------------------------------------------------------

    @property
    def matters(self) -> list[Matter]:
        found = [*self._offers(), *self._overdue(), *self._winner_only(), *self._unmanned()]
        return sorted(found, key=lambda one: (one.urgency, one.since or self.now))

    def _offers(self) -> Iterator[Matter]:
        waiting = list(
            ReviewItem.objects.filter(
                contest__election=self.election, state=ReviewItem.State.WAITING
            )
            .select_related("contest", "by", "opened_by")
            .order_by("created_at")
        )
        results = [one.contest_id for one in waiting if one.kind == ReviewItem.Kind.RESULT]
        for one in waiting:
            conflict = one.kind == ReviewItem.Kind.RESULT and results.count(one.contest_id) > 1
            yield Matter(
                urgency=0 if conflict else _URGENCY[ReviewItem.Kind(one.kind)],
                kind=_("Two results differ") if conflict else one.get_kind_display(),
                where=one.contest.name,
                since=one.created_at,
                address=reverse("admin:results_reviewitem_change", args=[one.pk]),
                who=str(one.by),
                words=self._looked_at(one),
            )

    def _looked_at(self, offer: ReviewItem) -> str:
        if offer.opened_by is None or offer.opened_at is None:
            return ""
        if self.now - offer.opened_at > STILL_LOOKING:
            return ""
        return _("%(who)s is looking at it") % {"who": offer.opened_by}

    def _counts(self) -> Any:
        return with_state(Contest.objects.filter(election=self.election)).select_related("standing")

    def _overdue(self) -> Iterator[Matter]:
        settled = [*WITH_RESULT, Standing.Status.POSTPONED]
        late = self._counts().filter(expected_at__lt=self.now).exclude(state__in=settled)
        for contest in late.order_by("expected_at")[:LISTED] if not self.election.final else ():
            yield Matter(
                urgency=4,
                kind=_("Overdue"),
                where=contest.name,
                since=contest.expected_at,
                address=_page_of(contest),
                words=str(STATE_LABELS[Standing.Status(contest.state)]),
            )

    def _winner_only(self) -> Iterator[Matter]:
        rushed = self._counts().filter(
            state=Standing.Status.WINNER_ONLY,
            standing__first_declared_at__lt=self.now - FIGURES_LATE,
        )
        for contest in rushed.order_by("standing__first_declared_at")[:LISTED]:
            yield Matter(
                urgency=3,
                kind=_("Winner only"),
                where=contest.name,
                since=contest.standing.first_declared_at,
                address=_page_of(contest),
                words=_("the figures are still to follow"),
            )

    def _unmanned(self) -> Iterator[Matter]:
        """Counts expected within two hours that nobody is sent to, where anybody is sent at all."""
        sent = Assignment.objects.filter(contest__election=self.election)
        if not sent.exists():
            return
        soon = self.now + timedelta(hours=2)
        ours = self._counts().filter(expected_at__range=(self.now, soon), assignments=None)
        for contest in ours.exclude(state__in=WITH_RESULT).order_by("expected_at")[:LISTED]:
            yield Matter(
                urgency=5,
                kind=_("Nobody there"),
                where=contest.name,
                since=contest.expected_at,
                address=_page_of(contest),
                words=_("expected soon, no reporter"),
            )

    # --- Where it stands ----------------------------------------------------------------------

    @property
    def states(self) -> list[dict[str, Any]]:
        counted = dict(self._counts().values_list("state").annotate(n=Count("pk")).order_by())
        listed = reverse("admin:results_contest_changelist")
        return [
            {
                "status": status.value,
                "label": label,
                "contests": counted[status],
                "address": f"{listed}?election__id__exact={self.election.pk}&state={status.value}",
            }
            for status, label in STATE_LABELS.items()
            if counted.get(status)
        ]

    @property
    def last(self) -> Bulletin | None:
        log = Bulletin.objects.filter(election=self.election).defer("fragments")
        return log.order_by("-sequence").first()

    @property
    def overridden(self) -> list[Declaration]:
        """What was published in spite of a warning, newest first."""
        accepted = Declaration.objects.filter(contest__election=self.election).exclude(warnings=[])
        current = accepted.filter(standing__isnull=False, verified=None)
        return list(current.select_related("contest", "by").order_by("-pk")[:OVERRIDDEN])

    @property
    def phones(self) -> list[dict[str, Any]]:
        """Reporters of this election whose phone has something unsent, or was long unheard of."""
        sent = Assignment.objects.filter(contest__election=self.election).values("reporter")
        known = Phone.objects.filter(reporter__in=sent).select_related("reporter")
        return [
            {
                "who": str(phone.reporter.get_full_name() or phone.reporter),
                "unsent": phone.unsent,
                "asked": phone.asked,
                "seen": phone.seen_at,
                "quiet": self.now - phone.seen_at > PHONE_QUIET,
            }
            for phone in known.order_by("-unsent", "seen_at")[:LISTED]
        ]

    @property
    def layer(self) -> str:
        """Whether the channel layer answers; the database has by the time that this is asked."""
        try:
            return run_on_event_loop(_layer_answers, timeout=ASKED)
        except TimeoutError:
            return "degraded"

    @property
    def readers(self) -> int:
        """Sockets open on this election's pages, in all processes that have said so lately."""
        return ReaderCount.readers_of(self.election.slug, self.now)


_URGENCY = {
    ReviewItem.Kind.RESULT: 1,
    ReviewItem.Kind.CORRECTION: 1,
    ReviewItem.Kind.QUOTE: 2,
    ReviewItem.Kind.PHOTO: 2,
}


def _page_of(contest: Contest) -> str:
    return reverse("admin:results_contest_change", args=[contest.pk])


async def _layer_answers() -> str:
    layer = get_channel_layer()
    if layer is None:
        return "none"
    try:
        await layer.group_send("night-screen", {"type": "night.screen"})
    except Exception:
        return "degraded"
    return "ok"


def night_view(
    request: HttpRequest, election_pk: int, *, model_admin: "ModelAdmin[Any]"
) -> HttpResponse:
    """The screen; to htmx, its changing part alone."""
    if not request.user.has_perm("results.view_contest"):
        raise PermissionDenied
    election = get_object_or_404(Election, pk=election_pk)
    part = bool(request.headers.get("HX-Request"))
    template = "editor/_night.html" if part else "editor/night.html"
    with in_zone_of(election):
        context = {
            **model_admin.admin_site.each_context(request),
            "opts": model_admin.opts,
            "title": _("The night: %(name)s") % {"name": election.name},
            "election": election,
            "screen": NightDashboard(election),
        }
        return TemplateResponse(request, template, context).render()
