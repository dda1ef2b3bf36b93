"""The dashboard's parts as HTML, rendered once for all viewers who see the same."""

import hashlib
from dataclasses import replace

from django.core.cache import cache
from django.db.models import Count, Max, Q
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from results.editor.annotations import Context
from results.editor.night.done import done_lately
from results.editor.night.filters import Filters
from results.editor.night.page_now import PageNow
from results.editor.night.queue import Queue
from results.editor.night.system_status import SystemStatus
from results.editor.night.viewer import Viewer
from results.models import AuditEntry, Election, Message, MessageReading, Night, ReviewItem

#: Longest time until ages and phones are rendered again; everything else is at once.
STEP_SECONDS = 5
#: Number of the newest actions in the cache's key: PostgreSQL may commit an older one later.
NEWEST = 20
#: Placeholder of the viewer's own CSRF token in the shared HTML.
TOKEN = "token-of-the-viewer"  # noqa: S105 - replaced by the token


def parts(request: HttpRequest, election: Election, filters: Filters) -> str:
    """The parts of the dashboard that change, for the person who asks. Cached between viewers."""
    viewer, state = _state(election, Viewer.of(request))
    key = hashlib.sha256(
        repr((election.pk, election.final, filters, viewer, state)).encode()
    ).hexdigest()
    html: str | None = cache.get(f"night-{key}")
    if html is None:
        html = render_to_string("editor/night/_parts.html", context_of(election, filters, viewer))
        cache.set(f"night-{key}", html, 2 * STEP_SECONDS)
    return html.replace(TOKEN, get_token(request))


def context_of(election: Election, filters: Filters, viewer: Viewer) -> Context:
    return {
        "election": election,
        "filters": filters,
        "viewer": viewer,
        "token": TOKEN,
        # Once: each row has several forms.
        "action_address": _action_address(election, filters),
        "queue": Queue(election, filters, with_items=viewer.sees_items),
        "page": PageNow(election, filters),
        "status": SystemStatus(election),
        "done": done_lately(election, filters, viewer) if viewer.sees_items else [],
        "now": timezone.now(),
    }


def _action_address(election: Election, filters: Filters) -> str:
    """The address that the forms of the rows post to; the answer is narrowed by the filters."""
    return reverse("admin:results_election_night_action", args=[election.pk]) + filters.address


def _state(election: Election, viewer: Viewer) -> tuple[Viewer, object]:
    """The viewer and the state of the night, for the cache's key. Five queries.

    `pk` is 0 unless a submission of the viewer waits, which they may not publish themselves.
    """
    waits = Q(state=ReviewItem.State.WAITING)
    items = ReviewItem.objects.filter(contest__election=election).aggregate(
        newest=Max("pk"),
        settled=Max("settled_at"),
        opened=Max("opened_at"),
        waiting=Count("pk", filter=waits),
        own=Count("pk", filter=waits & Q(by=viewer.pk)),
    )
    night = Night.objects.filter(election=election).values_list("epoch", "sequence").first()
    message = Message.objects.filter(election=election).aggregate(newest=Max("pk"))
    answers = MessageReading.objects.filter(message__election=election)
    answered = answers.aggregate(newest=Max("answered_at"))
    # What changes neither of these has an entry: a verified result, a count's reporter.
    actions = tuple(AuditEntry.objects.order_by("-pk").values_list("pk", flat=True)[:NEWEST])
    step = int(timezone.now().timestamp()) // STEP_SECONDS
    state = (items, night, message, answered, actions, step)
    return viewer if items["own"] else replace(viewer, pk=0), state
