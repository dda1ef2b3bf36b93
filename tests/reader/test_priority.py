"""Readers' requests wait for those of reporters and editors, for a bounded time."""

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.db import connection, connections
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import reverse

from electiondesk import middleware
from results.live.seat import Seat
from results.models import Assignment
from results.reader import priority
from results.reader.priority import Renderings, StaffRequests
from results.reporter.views import STEPS
from tests import nights

#: No test waits this long: it is for bounds that must not be reached.
NEVER = 3600.0


class WatchedRequests(StaffRequests):
    """Requests in progress that tell when somebody begins to wait for them."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float] = []
        self.waiting = threading.Event()

    def wait(self, seconds: float) -> None:
        if self.any():
            self.waits.append(seconds)
            self.waiting.set()
        super().wait(seconds)


@pytest.fixture
def requests() -> WatchedRequests:
    return WatchedRequests()


@pytest.fixture
def start() -> Iterator[Callable[[Callable[[], Any]], threading.Thread]]:
    """`start(work)` runs it in a thread, which has ended at the end of the test."""
    threads: list[threading.Thread] = []

    def start(work: Callable[[], Any]) -> threading.Thread:
        def run() -> None:
            try:
                work()
            finally:
                connections.close_all()

        threads.append(threading.Thread(target=run))
        threads[-1].start()
        return threads[-1]

    yield start
    for thread in threads:
        thread.join(timeout=60)
        assert not thread.is_alive()


def renderings(requests: StaffRequests, **seconds: float) -> Renderings:
    return Renderings(requests, **{"render_seconds": NEVER, "turn_seconds": NEVER} | seconds)


def rendering(requests: WatchedRequests) -> tuple[Callable[[], None], threading.Event]:
    """A function that waits for its turn to render, and the event that it sets then."""
    rendered, queue = threading.Event(), renderings(requests)

    def render() -> None:
        with queue.turn():
            rendered.set()

    return render, rendered


@pytest.mark.django_db
class TestRendering:
    def test_waits_for_a_request_in_progress(
        self, requests: WatchedRequests, start: Callable[..., threading.Thread]
    ) -> None:
        render, rendered = rendering(requests)
        with requests.in_progress():
            reader = start(render)
            assert requests.waiting.wait(timeout=60)
            assert not rendered.is_set()
        reader.join(timeout=60)
        assert rendered.is_set()

    def test_waits_until_the_last_of_several_requests_ends(
        self, requests: WatchedRequests, start: Callable[..., threading.Thread]
    ) -> None:
        render, rendered = rendering(requests)
        with requests.in_progress():
            with requests.in_progress():
                reader = start(render)
                assert requests.waiting.wait(timeout=60)
            assert not rendered.is_set()
        reader.join(timeout=60)
        assert rendered.is_set()

    def test_queries_of_a_page_being_rendered_wait_too(
        self, requests: WatchedRequests, start: Callable[..., threading.Thread]
    ) -> None:
        began, asked, queried = threading.Event(), threading.Event(), threading.Event()
        queue = renderings(requests)

        def render() -> None:
            with queue.turn():
                began.set()
                assert asked.wait(timeout=60)
                User.objects.count()
                queried.set()

        reader = start(render)
        assert began.wait(timeout=60)
        with requests.in_progress():
            asked.set()
            assert requests.waiting.wait(timeout=60)
            assert not queried.is_set()
        reader.join(timeout=60)
        assert queried.is_set()

    def test_goes_on_after_its_bound_and_waits_no_more(self, requests: WatchedRequests) -> None:
        """All its waits together are bounded, not each of them."""
        with requests.in_progress(), renderings(requests, render_seconds=0.01).turn():
            assert len(requests.waits) == 1
            for _query in range(3):
                User.objects.count()
        assert len(requests.waits) == 1

    def test_failure_releases_the_turn(self, requests: WatchedRequests) -> None:
        queue = renderings(requests)
        with pytest.raises(OSError, match="disk"), queue.turn():
            raise OSError("the disk is full")
        with queue.turn():
            pass

    def test_failure_to_close_the_connection_releases_the_turn(
        self, requests: WatchedRequests, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fails() -> None:
            raise OSError("the connection is gone")

        queue = renderings(requests, render_seconds=0.0, turn_seconds=0.0)
        with monkeypatch.context() as patch, requests.in_progress():
            patch.setattr(priority, "_release_connection", fails)
            with pytest.raises(OSError, match="gone"), queue.turn():
                pass
        assert queue._turn.acquire(blocking=False)


@pytest.mark.django_db
class TestTurns:
    def test_pages_are_rendered_one_at_a_time(
        self,
        requests: WatchedRequests,
        start: Callable[..., threading.Thread],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        queue, order = renderings(requests), list[str]()
        waiting = threading.Event()
        monkeypatch.setattr(priority, "_release_connection", waiting.set)

        def second() -> None:
            with queue.turn():
                order.append("second")

        with queue.turn():
            reader = start(second)
            assert waiting.wait(timeout=60)
            order.append("first")
        reader.join(timeout=60)
        assert order == ["first", "second"]

    def test_page_is_rendered_beside_one_that_takes_too_long(
        self, requests: WatchedRequests, start: Callable[..., threading.Thread]
    ) -> None:
        queue, rendered = renderings(requests, turn_seconds=0.01), threading.Event()

        def second() -> None:
            with queue.turn():
                rendered.set()

        with queue.turn():
            start(second)
            assert rendered.wait(timeout=60)
        # The turn still belongs to the first alone, and is free afterwards.
        with queue.turn():
            pass


@pytest.mark.django_db(transaction=True)
def test_page_that_waits_holds_no_connection(
    requests: WatchedRequests, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection that is held while nothing is read is missing in the pool."""
    held = []
    monkeypatch.setattr(requests, "wait", lambda _seconds: held.append(connection.connection))
    User.objects.count()
    assert connection.connection is not None
    with requests.in_progress(), renderings(requests).turn():
        assert User.objects.count() == 0
    assert held[0] is None


class TestMiddleware:
    @pytest.fixture
    def ask(
        self, requests: WatchedRequests, monkeypatch: pytest.MonkeyPatch
    ) -> Callable[..., list[bool]]:
        """`ask(path, user)` returns whether a request was in progress when the view ran."""
        monkeypatch.setattr(middleware, "staff_requests", requests)

        def ask(path: str, user: Any, error: Exception | None = None) -> list[bool]:
            in_progress = []

            def view(request: HttpRequest) -> HttpResponse:
                in_progress.append(requests.any())
                if error is not None:
                    raise error
                return HttpResponse()

            request = HttpRequest()
            request.path_info, request.user = path, user
            with suppress(OSError):
                middleware.priority_middleware(view)(request)
            return in_progress

        return ask

    @pytest.mark.parametrize("path", ["/count/", "/count/ge/seat/", "/admin/", "/admin/login/"])
    def test_counts_requests_of_people_who_are_signed_in(
        self, requests: WatchedRequests, ask: Callable[..., list[bool]], path: str
    ) -> None:
        assert ask(path, User(username="reporter")) == [True]
        assert not requests.any()

    def test_request_that_fails_is_no_longer_in_progress(
        self, requests: WatchedRequests, ask: Callable[..., list[bool]]
    ) -> None:
        assert ask("/count/", User(username="reporter"), OSError("the disk is full")) == [True]
        assert not requests.any()

    def test_service_worker_is_served_without_asking_who_it_is_for(
        self, ask: Callable[..., list[bool]]
    ) -> None:
        assert reverse("worker") == middleware.WORKER
        # A request without a user, as where the database does not answer.
        assert ask(middleware.WORKER, None) == [False]

    def test_anonymous_requests_do_not_delay_readers(self, ask: Callable[..., list[bool]]) -> None:
        assert ask("/admin/", AnonymousUser()) == [False]

    def test_anonymous_and_staff_requests_do_not_wait(
        self, requests: WatchedRequests, ask: Callable[..., list[bool]]
    ) -> None:
        with requests.in_progress():
            ask("/count/sign-in/", AnonymousUser())
            ask("/count/ge/seat/", User(username="reporter"))
        assert requests.waits == []

    def test_readers_wait_for_a_bounded_time(
        self, requests: WatchedRequests, ask: Callable[..., list[bool]]
    ) -> None:
        with requests.in_progress():
            assert ask("/ge/", AnonymousUser()) == [True]
        assert requests.waits == [priority.START_SECONDS]


@pytest.mark.django_db(transaction=True)
def test_page_is_served_after_the_post_in_progress(
    requests: WatchedRequests,
    start: Callable[..., threading.Thread],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The whole stack: a reader asks while a reporter's form is being answered."""
    monkeypatch.setattr(middleware, "staff_requests", requests)
    monkeypatch.setattr(middleware, "START_SECONDS", NEVER)
    seat = nights.islington_north(nights.election())
    reporter = nights.user()
    Assignment.objects.create(reporter=reporter, contest=seat)
    posting, order = threading.Event(), list[str]()

    def step(_request: HttpRequest, _seat: Seat) -> HttpResponse:
        posting.set()
        assert requests.waiting.wait(timeout=60)
        order.append("post")
        return HttpResponse()

    def post() -> None:
        phone = Client()
        phone.force_login(reporter)
        phone.post(f"/count/ge/{seat.slug}/", {"step": "status"})

    def read() -> None:
        assert Client().get("/ge/").status_code == 200
        order.append("page")

    monkeypatch.setitem(STEPS, "status", step)
    phone = start(post)
    assert posting.wait(timeout=60)
    reader = start(read)
    phone.join(timeout=60)
    reader.join(timeout=60)
    assert order == ["post", "page"]
