"""Cost of the editors’ night dashboard by number of contests: `python -m bench.night_dashboard`.

Prints milliseconds of CPU and queries of its first page, of an update, and of actions, with 40, 650
and 3,000 contests, half of them declared; then the ratio of the most contests to the fewest. The
nights are in one database and are measured in turn, so that other load meets all of them.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

CONTESTS = (40, 650, 3000)
#: Rounds that are measured, after one that fills the caches.
ROUNDS = 9
#: Results that wait for a second person in each night, and quotes.
RESULTS, QUOTES = 16, 40
#: Reporters with a phone in each night, each sent to one count.
REPORTERS = 20
HTMX = {"HX-Request": "true"}


@dataclass(frozen=True)
class ActionCost:
    """Milliseconds of CPU of one request, and its queries."""

    cpu: float
    queries: int


def costs(contests: tuple[int, ...] = CONTESTS) -> dict[str, dict[int, ActionCost]]:
    """Measure each action in DATABASE_URL's database; return costs by name and contests."""
    from django.contrib.auth.models import User
    from django.test import Client

    nights = {size: _night(size) for size in contests}
    editor = User.objects.create_superuser("bench-editor")
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(editor)
    measured: dict[str, dict[int, list[ActionCost]]] = {}
    for _round in range(ROUNDS + 1):
        for size, night in nights.items():
            for name, request in _actions(client, night):
                by_size = measured.setdefault(name, {each: [] for each in contests})
                by_size[size].append(_cost(request))
    return {
        name: {
            size: ActionCost(
                median(each.cpu for each in some[1:]), max(each.queries for each in some[1:])
            )
            for size, some in by_size.items()
        }
        for name, by_size in measured.items()
    }


def _cost(request: Callable[[], Any]) -> ActionCost:
    from django.core.cache import cache
    from django.db import connection, reset_queries
    from django.test.utils import CaptureQueriesContext

    # Each as the first of all viewers who asks: the others are sent what it was sent.
    cache.clear()
    reset_queries()
    with CaptureQueriesContext(connection) as queries:
        start = time.thread_time()
        response = request()
        cpu = (time.thread_time() - start) * 1000
    assert response.status_code == 200, response
    return ActionCost(cpu, len(queries))


def _actions(client: Any, night: Any) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Yield an editor's requests by name. Each publishes or settles another item in each round."""
    from results.models import Contest, ReviewItem, Standing

    base = f"/admin/results/election/{night.pk}/night/"
    waiting = ReviewItem.objects.filter(contest__election=night, state="waiting").order_by("pk")
    contests = Contest.objects.filter(election=night)
    result = waiting.filter(kind=ReviewItem.Kind.RESULT).first()
    quotes = list(waiting.filter(kind=ReviewItem.Kind.QUOTE)[:2])
    declared = contests.filter(standing__status=Standing.Status.DECLARED).last()
    to_come = (
        contests.exclude(standing__status=Standing.Status.DECLARED)
        .exclude(review_items__state=ReviewItem.State.WAITING)
        .last()
    )
    assert result is not None
    assert declared is not None
    assert to_come is not None

    def action(name: str, **data: object) -> Callable[[], Any]:
        return lambda: client.post(
            f"{base}action/", {"action": name, **data}, headers=HTMX, secure=True
        )

    def get(path: str, **headers: str) -> Callable[[], Any]:
        return lambda: client.get(path, headers=headers, secure=True)

    yield "the first page", get(base)
    yield "an update", get(base, **HTMX)
    yield "approve a result", action("approve", item=result.pk)
    yield "set a quote aside", action("aside", item=quotes[0].pk, note="Who said it?")
    yield "undo that", action("reopen", item=quotes[0].pk)
    yield "publish two quotes", action("approve", item=[each.pk for each in quotes])
    yield "find a count", get(f"{base}find/?q=a")
    yield "open a count", get(f"{base}count/{to_come.pk}/")
    yield "declare: the form", get(f"/admin/results/contest/{to_come.pk}/declare/?night={night.pk}")
    yield (
        "correct: the form",
        get(f"/admin/results/contest/{declared.pk}/correct/?night={night.pk}"),
    )
    yield "write a headline", get(f"{base}headline/")
    yield "the review queue", get("/admin/results/reviewitem/")


def _night(size: int) -> Any:
    """A rehearsal of so many contests, half declared, with phones and things that wait."""
    from results import desk
    from results.models import Election
    from results.rehearsal.generator import generate_night
    from results.rehearsal.night import Playback
    from results.rehearsal.setting_up import rehearsal_user, set_up

    night = generate_night(1, size)
    slug = f"bench-{size}"
    play = Playback(set_up(slug, night), night, rehearsal_user())
    declarations = [at for at, event in enumerate(night.events) if event.action == "declare"]
    for events in desk.in_batches(night.events[: declarations[size // 2]]):
        with desk.batch(play.election):
            for event in events:
                play.play(event, at=play.time_of(event))
    Election.objects.filter(slug=slug).update(second_person="always")
    election = Election.objects.get(slug=slug)
    reporters = [rehearsal_user(f"bench-{size}-{number}") for number in range(REPORTERS)]
    contests = list(election.contests.order_by("pk")[:REPORTERS])
    _assign(reporters, contests)
    _submit_results(election, reporters, {seat.name: seat for seat in night.seats})
    _queue_quotes(contests, reporters)
    return election


def _assign(reporters: Sequence[Any], contests: Sequence[Any]) -> None:
    """Send each reporter to a count, with a phone that was just seen."""
    from django.utils import timezone

    from results.models import Assignment, Phone

    for reporter, contest in zip(reporters, contests, strict=False):
        Assignment.objects.create(reporter=reporter, contest=contest)
        Phone.objects.create(reporter=reporter, seen_at=timezone.now())


def _submit_results(election: Any, reporters: Sequence[Any], invented: Mapping[str, Any]) -> None:
    """Send `RESULTS` results, each of which waits for a second person."""
    from results import desk
    from results.models import Declaration, Standing
    from results.rehearsal.night import ballot_counts_of

    awaited = election.contests.filter(standing__status=Standing.Status.AWAITING)
    open_counts = awaited.select_related("election").order_by("pk")[:RESULTS]
    for number, contest in enumerate(open_counts):
        desk.submit_result(
            contest,
            ballot_counts_of(invented[contest.name], contest),
            desk.RevisionRequest(
                kind=Declaration.Kind.DECLARATION,
                by=reporters[number],
                idempotency_key=f"result-{number}",
                warning_reason="As read out.",
            ),
        )


def _queue_quotes(contests: Sequence[Any], reporters: Sequence[Any]) -> None:
    from django.utils import timezone

    from results import desk
    from results.models import ReviewItem

    for number in range(QUOTES):
        said_at = timezone.now().isoformat()
        content = {"words": f"Well, {number}.", "speaker": "The mayor", "said_at": said_at}
        desk.queue_for_review(
            contests[number % REPORTERS],
            ReviewItem.Kind.QUOTE,
            content,
            by=reporters[number % REPORTERS],
            idempotency_key=f"quote-{number}",
        )


def table(measured: Mapping[str, Mapping[int, ActionCost]]) -> str:
    """Format the costs as a Markdown table, with the ratio of the most contests to the fewest."""
    sizes = list(next(iter(measured.values())))
    head = [f"{size:,}" for size in sizes]
    lines = [
        f"| CPU ms (queries) | {' | '.join(head)} | × |",
        f"| --- |{' ---: |' * (len(sizes) + 1)}",
    ]
    for name, by_size in measured.items():
        cells = [f"{by_size[size].cpu:.0f} ({by_size[size].queries})" for size in sizes]
        ratio = by_size[sizes[-1]].cpu / by_size[sizes[0]].cpu
        lines.append(f"| {name} | {' | '.join(cells)} | {ratio:.2f} |")
    return "\n".join(lines)


if __name__ == "__main__":
    import sys

    import django

    from electiondesk import garbage

    garbage.collect_less_often()  # as in a server
    django.setup()
    measured = costs()
    as_json = "--json" in sys.argv
    plain = {
        name: {size: asdict(cost) for size, cost in by_size.items()}
        for name, by_size in measured.items()
    }
    print(json.dumps(plain) if as_json else table(measured))
