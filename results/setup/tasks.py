"""Read and apply the files of a load, in the background.

Both may run twice: reading changes nothing, and applying stores that it is done in the transaction
in which it is done.
"""

import tempfile
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from results import desk
from results.exchange.errors import FileErrors, FileQuestions
from results.exchange.loading import LoadRequest
from results.exchange.parties import collected_questions
from results.exchange.preview import differences, preview, stored_state
from results.exchange.progress import reporting_to
from results.models import Load, LoadFile
from results.setup import reports
from results.setup.answers import request_of
from results.setup.progress import Progress
from results.setup.steps import STEPS
from results.setup.undo import NOT_UNDONE, store_snapshot

State = Load.State


class ChangedSinceRead(Exception):
    """Applying the files changes something else now than their page says: `changes`."""

    def __init__(self, changes: list[list[Any]]) -> None:
        super().__init__(len(changes))
        self.changes = changes


@task()
def read_files(load_pk: int) -> None:
    """Read the files, and store what applying them would change, or what is wrong with them."""
    load = _load(load_pk, State.READING)
    if load is None:
        return
    with _storing_failure(load), _request(load) as request:
        step = STEPS[Load.What(load.what)]
        report: dict[str, Any] = {"tables": reports.tables(step, request)}
        try:
            with collected_questions() as parties:
                lines = preview(load.election.slug, lambda: step.loader(request))
        except FileErrors as exc:
            folder = request.files[0].parent
            is_asked = isinstance(exc, FileQuestions)
            report |= reports.errors(exc, folder, load.election)
            load.become(State.QUESTIONS if is_asked else State.REFUSED, report=report)
            return
        folder = request.files[0].parent
        report |= {
            "changes": _changes(lines, request),
            "notes": [
                reports.readable(note, folder, load.election) for note in request.reading.notes
            ],
            "parties": parties,
        }
        load.become(State.READY, report=report)


@task()
def apply_files(load_pk: int) -> None:
    """Load the files, and forget their content."""
    load = _load(load_pk, State.APPLYING)
    if load is None:
        return
    with _storing_failure(load), _request(load) as request, transaction.atomic():
        step = STEPS[Load.What(load.what)]
        if load.what not in NOT_UNDONE:
            # What undoing restores is read under the lock under which it is changed.
            load.election = desk.locked_election(load.election)
        try:
            with transaction.atomic():
                store_snapshot(load)
                before = stored_state(load.election.slug)
                lines = step.loader(request)
                _require_as_read(load, before, request)
        except ChangedSinceRead as exc:
            report = load.report | {"changes": exc.changes, "changed_meanwhile": True}
            load.become(State.READY, report=report)
            return
        except FileErrors as exc:
            # What was read a minute ago is refused now: the election has changed meanwhile.
            report = load.report | reports.errors(exc, request.files[0].parent, load.election)
            load.become(State.REFUSED, report=report)
            return
        prefix = f"{load.election.slug}: "
        load.report["lines"] = [line.removeprefix(prefix) for line in lines]
        load.report["polls"] = request.polls
        load.become(State.DONE, report=load.report, finished_at=timezone.now())
        LoadFile.objects.filter(load=load).update(content=b"")
        desk.record_action(
            load.by,
            "loaded files",
            election=load.election,
            about=f"{load.get_what_display()}: {load.names}",
            after="; ".join(load.report["lines"])[:400],
        )


def _changes(lines: Iterable[str], request: LoadRequest) -> list[list[Any]]:
    return reports.changes(lines, request.files[0].parent) + reports.counted(request.counted)


def _require_as_read(load: Load, before: Mapping[str, str], request: LoadRequest) -> None:
    """Raise ChangedSinceRead if a load that was just applied changed other things than it said.

    Another editor may have applied files, or changed the same rows, since these were read.
    """
    lines = differences(before, stored_state(load.election.slug))
    changes = _changes(lines, request)
    if changes != load.report.get("changes"):
        raise ChangedSinceRead(changes)


def enqueue(load: Load, state: Load.State) -> None:
    """Enqueue reading or applying the files, to start once the transaction is committed."""
    load.become(state, done=0, total=0, started_at=None)
    doing = read_files if state == State.READING else apply_files
    task_id = str(doing.enqueue(load.pk).id)
    Load.objects.filter(pk=load.pk).update(task_id=task_id)


def fail_if_dead(load: Load) -> None:
    """Mark a load as failed if its task has, such as after its worker died each time."""
    with suppress(ValueError):
        dead = DBTaskResult.objects.failed().filter(pk=uuid.UUID(load.task_id or "none"))
        if load.is_running and dead.exists():
            words = _("The worker ended each time that it tried this. Nothing was changed.")
            load.become(State.FAILED, report=load.report | {"failure": words})


def _load(pk: int, state: Load.State) -> Load | None:
    """Return the load if it is still to be done; None if it was done or deleted meanwhile."""
    loads = Load.objects.filter(pk=pk, state=state)
    loads.update(started_at=timezone.now())
    return loads.select_related("election", "by").prefetch_related("files").first()


@contextmanager
def _request(load: Load) -> Iterator[LoadRequest]:
    """The loader's request, with the files in a temporary folder."""
    progress = Progress(load)
    with tempfile.TemporaryDirectory(prefix="load-") as folder:
        files = []
        for number, file in enumerate(load.files.all()):
            # In a folder of its own: two files may have one name, and none begins with a dot.
            path = Path(folder, f".{number}" if number else "", file.name)
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(bytes(file.content))
            files.append(path)
        try:
            with reporting_to(progress):
                yield request_of(load, files)
        finally:
            progress.end()


@contextmanager
def _storing_failure(load: Load) -> Iterator[None]:
    """Store why the load failed, as a sentence; raise unexpected exceptions again."""
    try:
        yield
    except (ValidationError, desk.DeskError) as exc:
        texts = exc.messages if isinstance(exc, ValidationError) else [str(exc)]
        load.become(State.FAILED, report=load.report | {"failure": " ".join(texts)})
    except Exception:
        words = _("The desk could not do this. Nothing was changed. Its log has the reason.")
        load.become(State.FAILED, report=load.report | {"failure": words})
        raise
