"""Figures for whoever watches the machine: /metrics, in the text that Prometheus reads.

Of this process alone, and for the machine's own network alone: what came through a proxy is not
answered. No name, address, token or quote is among them.
"""

import ipaddress
import time
from collections.abc import Callable, Iterator

from django.http import HttpRequest, HttpResponse
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

from electiondesk.proxies import PASSED_ON
from results.live.event_loop import run_on_event_loop
from results.live.hub import get_hub
from results.models import Night, ReviewItem
from results.reader import pages  # noqa: F401 - what it counts is there from the start

REQUESTS = Counter("desk_requests_total", "Requests answered.", ["wing", "status"])
SECONDS = Histogram(
    "desk_request_seconds",
    "Time to answer, from the first middleware to the last.",
    ["wing"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
IN_PROGRESS = Gauge("desk_requests_in_progress", "Requests being answered, this one included.")
WINGS = {"admin": "editor", "count": "reporter"}


class _Night(Collector):
    """What is read when it is asked for: the log, the sockets, what waits at the desk."""

    def collect(self) -> Iterator[GaugeMetricFamily | CounterMetricFamily]:
        numbers = GaugeMetricFamily(
            "desk_bulletin", "Number of the last bulletin.", labels=["election"]
        )
        for slug, sequence in Night.objects.values_list("election__slug", "sequence"):
            numbers.add_metric([slug], sequence)
        yield numbers
        waiting = ReviewItem.objects.filter(state=ReviewItem.State.WAITING).count()
        yield GaugeMetricFamily("desk_waiting", "Offers waiting at the desk.", value=waiting)
        try:
            readers, handed_over, send_failures, age = run_on_event_loop(_hub, timeout=2.0)
        except TimeoutError:
            return
        open_sockets = GaugeMetricFamily(
            "desk_readers", "Sockets open in this process.", labels=["election"]
        )
        for slug, count in readers.items():
            open_sockets.add_metric([slug], count)
        yield open_sockets
        yield CounterMetricFamily(
            "desk_handed_over", "Readers turned to asking for updates: no room.", value=handed_over
        )
        yield CounterMetricFamily(
            "desk_send_failures",
            "Sockets closed because a frame could not be sent to a reader who was there.",
            value=send_failures,
        )
        if age is not None:
            yield GaugeMetricFamily(
                "desk_hub_age_seconds", "Since the hub last read the log.", value=age
            )

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Nothing is read at the start, when there may be no database yet."""
        yield from ()


async def _hub() -> tuple[dict[str, int], int, int, float | None]:
    hub = get_hub()
    readers = {slug: stream.readers for slug, stream in hub.streams.items()}
    return readers, hub.turned_away, hub.send_failures.total, hub.seconds_since_poll


REGISTRY.register(_Night())


def metrics_middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Count and time every answer, by wing; answer /metrics to the machine's own network."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with IN_PROGRESS.track_inprogress():
            return answered(request)

    def answered(request: HttpRequest) -> HttpResponse:
        if request.path == "/metrics":
            return _metrics(request)
        wing = WINGS.get(request.path.split("/")[1], "reader")
        start = time.perf_counter()
        response = get_response(request)
        SECONDS.labels(wing).observe(time.perf_counter() - start)
        REQUESTS.labels(wing, f"{response.status_code // 100}xx").inc()
        return response

    return middleware


def _metrics(request: HttpRequest) -> HttpResponse:
    if not _is_of_this_network(request):
        return HttpResponse(status=404)
    response = HttpResponse(generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)
    response.headers["Cache-Control"] = "no-store"
    return response


def _is_of_this_network(request: HttpRequest) -> bool:
    """Straight from the machine or its inner network: a proxy says whom it speaks for."""
    if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    if getattr(request, "scope", {}).get(PASSED_ON):
        return False  # by a proxy that nobody declared: its headers are gone, the fact is not
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_private
    except ValueError:
        return False
