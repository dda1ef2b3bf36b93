"""The answer while the database does not answer: 503, and when to ask again."""

import errno
import sqlite3
import sys
import time
from collections.abc import ItemsView
from http import HTTPStatus
from types import FrameType
from typing import Any

from django.core.signals import got_request_exception
from django.db import InterfaceError, InternalError, OperationalError
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.template import loader
from django.views.debug import SafeExceptionReporterFilter

from electiondesk.embed_frames import allow_frames_of_embeds

RETRY_AFTER_SECONDS = 5
#: Numbers of the system's errors of a disk, or a part of it, that is full.
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
#: PostgreSQL's codes of a database that takes nothing new, and of a transaction that its
#: administrator has ended for its length: of the same type as errors of a program.
#: https://www.postgresql.org/docs/current/errcodes-appendix.html
_PASSING = frozenset({"25006", "25P03", "25P04"})
#: Its code of a disk without room, and for how long after one it is taken to be still without:
#: longer than a phone waits before it sends again.
_DISK_FULL = "53100"
DISK_FULL_SECONDS = 60.0


class FullDisk:
    """When PostgreSQL last refused to write because its disk is full.

    It goes on answering as if it took everything, so that nothing but a refusal tells.
    """

    def __init__(self) -> None:
        self._refused_at = float("-inf")

    def note(self, exc: BaseException | None) -> None:
        """Remember an exception that is such a refusal."""
        if getattr(exc.__cause__ if exc else None, "sqlstate", None) == _DISK_FULL:
            self._refused_at = time.monotonic()

    def was_met(self) -> bool:
        """Whether this process was refused in the last minute."""
        return time.monotonic() - self._refused_at < DISK_FULL_SECONDS


full_disk = FullDisk()


@receiver(got_request_exception)
def note_full_disk(**_arguments: object) -> None:
    """Note the exception that ends a request; the API, which answers its own, notes those."""
    full_disk.note(sys.exc_info()[1])


def is_unavailable(exc: BaseException | None) -> bool:
    """Whether an exception says that the database cannot be asked now, but will be again.

    Or that a disk has no room for a file. SQLite's of a missing table or column is of the same type
    as its others: no waiting adds that.
    """
    if isinstance(exc, OSError):
        return exc.errno in NO_ROOM
    if isinstance(exc, OperationalError):
        return getattr(exc.__cause__, "sqlite_errorcode", None) != sqlite3.SQLITE_ERROR
    if isinstance(exc, InternalError):
        return getattr(exc.__cause__, "sqlstate", None) in _PASSING
    return isinstance(exc, InterfaceError)


class ExceptionFilter(SafeExceptionReporterFilter):
    """What DEBUG's page shows of an exception: no variables while the database does not answer.

    A variable that is a queryset would ask it again, and wait for it: together for minutes.
    """

    def get_traceback_frame_variables(
        self, request: HttpRequest | None, tb_frame: FrameType
    ) -> ItemsView[str, Any]:
        if is_unavailable(sys.exc_info()[1]):
            return dict[str, Any]().items()
        return super().get_traceback_frame_variables(request, tb_frame)


def _sent_by(request: HttpRequest) -> str:
    """What has sent a form that failed: the browser's page, or a script; empty where none was.

    Only a page is still there to be loaded again: a script's form is, with all that was typed.
    """
    if request.method != "POST":
        return ""
    is_page = request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
    return "page" if is_page else "script"


def server_error(request: HttpRequest) -> HttpResponse:
    """The page of a request that failed: 503 if it will not fail for ever, else 500."""
    page = loader.get_template("500.html").render({"sent": _sent_by(request)})
    response = HttpResponseServerError(page)
    if is_unavailable(sys.exc_info()[1]):
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    response.headers["Cache-Control"] = "no-store"
    return allow_frames_of_embeds(request, response)
