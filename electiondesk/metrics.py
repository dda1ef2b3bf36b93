"""Metrics of this process at /metrics, in the text format of Prometheus.

Only clients in a private network get them, and only without a proxy in between. They hold no name,
address, token or quote.
"""

import ipaddress
import time
from collections import Counter as Counts
from collections.abc import Callable, Iterator

from django.http import HttpRequest, HttpResponse
from django_tasks_db.models import DBTaskResult
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from electiondesk.lifecycle.timeouts import EVENT_LOOP_SECONDS
from electiondesk.proxies import PASSED_ON
from results.desk.signed_in_sockets import get_signed_in_sockets
from results.live.event_loop import run_on_event_loop
from results.live.hub import get_hub
from results.models import Night, ReviewItem
from results.reader import pages  # noqa: F401 - registers its counters from the start

REQUESTS = Counter("desk_requests_total", "Requests answered.", ["audience", "status"])
SECONDS = Histogram(
    "desk_request_seconds",
    "Time to answer, from the first middleware to the last.",
    ["audience"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
IN_PROGRESS = Gauge("desk_requests_in_progress", "Requests being answered, this one included.")
#: Values of the label `audience`, by the first part of the path; "reader" for any other.
APPS = {"admin": "editor", "count": "reporter"}


class _NightCollector(Collector):
    """Collects the state of log, sockets and review queue when /metrics is asked for."""

    def collect(self) -> Iterator[GaugeMetricFamily | CounterMetricFamily]:
        yield from self._from_database()
        try:
            readers, handed_over, send_failures, age = run_on_event_loop(
                _hub_state, timeout=EVENT_LOOP_SECONDS
            )
            signed_in = run_on_event_loop(_signed_in_state, timeout=EVENT_LOOP_SECONDS)
        except TimeoutError:
            return
        yield from _signed_in_metrics(*signed_in)
        open_sockets = GaugeMetricFamily(
            "desk_readers", "Sockets open in this process.", labels=["election"]
        )
        for slug, count in readers.items():
            open_sockets.add_metric([slug], count)
        yield open_sockets
        yield CounterMetricFamily(
            "desk_handed_over", "Readers asked to poll: no room for a socket.", value=handed_over
        )
        yield CounterMetricFamily(
            "desk_send_failures",
            "Sockets closed because a frame could not be sent to a connected reader.",
            value=send_failures,
        )
        if age is not None:
            yield GaugeMetricFamily(
                "desk_hub_age_seconds", "Since the hub last read the log.", value=age
            )

    def _from_database(self) -> Iterator[GaugeMetricFamily]:
        numbers = GaugeMetricFamily(
            "desk_bulletin", "Number of the last bulletin.", labels=["election"]
        )
        for slug, sequence in Night.objects.values_list("election__slug", "sequence"):
            numbers.add_metric([slug], sequence)
        yield numbers
        waiting = ReviewItem.objects.filter(state=ReviewItem.State.WAITING).count()
        yield GaugeMetricFamily("desk_waiting", "Items in the review queue.", value=waiting)
        tasks = DBTaskResult.objects.ready().count()
        yield GaugeMetricFamily("desk_tasks_waiting", "Background tasks to be done.", value=tasks)
        failed = DBTaskResult.objects.failed().count()
        yield GaugeMetricFamily(
            "desk_tasks_failed", "Background tasks that failed in the last week.", value=failed
        )

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Describe nothing: by default registering collects, with no database yet perhaps."""
        yield from ()


async def _hub_state() -> tuple[dict[str, int], int, int, float | None]:
    hub = get_hub()
    readers = {slug: stream.readers for slug, stream in hub.streams.items()}
    return readers, hub.turned_away, hub.send_failures.total, hub.seconds_since_poll


async def _signed_in_state() -> tuple[Counts[str], int, Counts[str]]:
    sockets = get_signed_in_sockets()
    return Counts(each.page for each in sockets.open), sockets.turned_away, sockets.closed.copy()


def _signed_in_metrics(
    open_pages: Counts[str], turned_away: int, closed: Counts[str]
) -> Iterator[GaugeMetricFamily | CounterMetricFamily]:
    open_sockets = GaugeMetricFamily(
        "desk_signed_in_sockets", "Sockets of people who are signed in.", labels=["page"]
    )
    for page, count in open_pages.items():
        open_sockets.add_metric([page], count)
    yield open_sockets
    yield CounterMetricFamily(
        "desk_signed_in_turned_away", "Asked to poll: no room for a socket.", value=turned_away
    )
    ended = CounterMetricFamily(
        "desk_signed_in_closed", "Closed by the server, by the reason.", labels=["reason"]
    )
    for reason, count in closed.items():
        ended.add_metric([reason], count)
    yield ended


REGISTRY.register(_NightCollector())


def metrics_middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Count and time every response, by app, and serve /metrics."""

    @IN_PROGRESS.track_inprogress()
    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path == "/metrics":
            return _metrics(request)
        app = APPS.get(request.path.split("/")[1], "reader")
        start = time.perf_counter()
        response = get_response(request)
        SECONDS.labels(app).observe(time.perf_counter() - start)
        REQUESTS.labels(app, f"{response.status_code // 100}xx").inc()
        return response

    return middleware


def _metrics(request: HttpRequest) -> HttpResponse:
    if not _is_from_private_network(request):
        return HttpResponse(status=404)
    return HttpResponse(
        generate_latest(REGISTRY),
        content_type=CONTENT_TYPE_LATEST,
        headers={"Cache-Control": "no-store"},
    )


def _is_from_private_network(request: HttpRequest) -> bool:
    """Whether the client is in a private network and asks without a proxy."""
    if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    if getattr(request, "scope", {}).get(PASSED_ON):
        return False  # from a proxy that is not trusted, whose headers were stripped
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_private
    except ValueError:
        return False
