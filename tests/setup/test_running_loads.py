"""Loads that wait for a worker, are being worked on, or lost their worker."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, get_date_max

from results.models import Election, Load, ReaderCount
from results.models.reader_count import WORKER
from results.setup.progress import Progress, progress_of
from tests import nights
from tests.setup.conftest import page

pytestmark = pytest.mark.django_db


def test_running_load_shows_how_far_it_is(chief: Client, draft: Election) -> None:
    load = Load.objects.create(
        election=draft, what="candidates", state="applying", done=3, total=12,
        started_at=timezone.now(),
        by=nights.user("chief"),
    )  # fmt: skip
    text = page(chief, load)
    assert 'value="3"' in text
    assert "hx-trigger" in text


@pytest.mark.parametrize(
    ("after", "reported"),
    [(timedelta(seconds=20), True), (timedelta(seconds=90), False), (timedelta(hours=-1), False)],
    ids=["a moment ago", "long ago", "by a clock that was set back"],
)
def test_waiting_load_says_whether_a_worker_is_running(
    chief: Client,
    draft: Election,
    monkeypatch: pytest.MonkeyPatch,
    after: timedelta,
    reported: bool,
) -> None:
    monkeypatch.setattr("results.desk.worker_status.needs_worker", lambda: True)
    ReaderCount.report(f"{WORKER}one", {"ge": 3})
    ReaderCount.objects.update(seen_at=timezone.now() - after)
    assert ReaderCount.readers_of("ge", timezone.now()) == (3 if reported else 0)
    load = Load.objects.create(
        election=draft, what="candidates", state="reading", by=nights.user("chief")
    )
    text = page(chief, load)
    assert "The worker has not begun yet." in text
    assert ("No worker has reported" in text) is not reported


def test_load_whose_worker_died_says_so(chief: Client, draft: Election) -> None:
    task = DBTaskResult.objects.create(
        task_path="results.setup.tasks.apply_files",
        args_kwargs={"args": [], "kwargs": {}},
        status="FAILED",
        run_after=get_date_max(),
        backend_name="default",
    )
    load = Load.objects.create(
        election=draft, what="candidates", state="applying", task_id=str(task.pk),
        by=nights.user("chief"),
    )  # fmt: skip
    assert "The worker ended each time" in page(chief, load)
    load.refresh_from_db()
    assert load.state == "failed"


@pytest.mark.db
@pytest.mark.django_db(transaction=True)
def test_progress_is_seen_from_outside_of_the_open_transaction() -> None:
    load = Load.objects.create(
        election=nights.election(), what="candidates", state="applying", by=nights.user("chief")
    )
    progress = Progress(load)
    with transaction.atomic():
        nights.election("other")
        progress(3, 12)
        other = connection.copy()
        try:
            with other.cursor() as cursor:
                cursor.execute("SELECT done, total FROM results_load")
                stored = cursor.fetchone()
        finally:
            other.close()
        load.done, load.total = stored
        assert progress_of(load) == (3, 12)
    progress.end()
