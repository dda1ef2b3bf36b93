"""The logs: where they go, without tokens of sign-in links and tracebacks of refusals."""

import logging
import re
from typing import Any

from django.core.exceptions import ImproperlyConfigured, PermissionDenied

_SIGN_IN = re.compile(
    r"((?:/|%2f)(?:count(?:/|%2f)sign-in|admin(?:/|%2f)login)(?:/|%2f))"
    r"""(?!\[token\])[^/\s"'?%&<>\\]+""",
    re.IGNORECASE,
)


def without_tokens(text: str) -> str:
    """Return `text` with the token of every sign-in link replaced by `[token]`."""
    return _SIGN_IN.sub(r"\1[token]", text)


class WithoutTokens(logging.Filter):
    """Logging filter that redacts sign-in tokens in each record, and drops no record."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            # Each argument by itself where that is enough: some formatters read the arguments.
            record.args = tuple(
                without_tokens(arg) if isinstance(arg, str) else arg for arg in record.args
            )
        message = record.getMessage()
        clean = without_tokens(message)
        if clean != message:
            record.msg, record.args = clean, ()
        if record.exc_info and record.exc_info[0]:
            traceback = record.exc_text or logging.Formatter().formatException(record.exc_info)
            record.exc_text = without_tokens(traceback)
        return True


class RefusalsOnOneLine(logging.Filter):
    """Logging filter that leaves out the traceback of a request without the right, and no record.

    The refusal is an answer like any other, and its line has the address.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and isinstance(record.exc_info[1], PermissionDenied):
            record.exc_info = record.exc_text = None
        return True


def logging_settings(level: str, debug: bool) -> dict[str, Any]:
    """The setting LOGGING, as `logging.config.dictConfig` takes it.

    Raises ImproperlyConfigured for a level that `logging` does not know.
    """
    if level not in logging.getLevelNamesMapping():
        raise ImproperlyConfigured("LOG_LEVEL must be DEBUG, INFO, WARNING, ERROR or CRITICAL")
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {
            "without_tokens": {"()": "electiondesk.logs.WithoutTokens"},
            "refusals_on_one_line": {"()": "electiondesk.logs.RefusalsOnOneLine"},
            "with_request": {"()": "electiondesk.request_ids.WithRequestId"},
        },
        "formatters": {
            "line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
            "json": {"()": "electiondesk.request_ids.JsonFormatter"},
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                # Text for a person in development, JSON for a program on a public site.
                "formatter": "line" if debug else "json",
                "filters": ["refusals_on_one_line", "without_tokens", "with_request"],
            }
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": {"handlers": [], "propagate": True},
            # At INFO the worker logs each time that it finds the queue empty.
            "django_tasks_db": {"level": "WARNING"},
            "daphne": {"level": "WARNING"},  # at INFO it logs at every start that HTTP/2 is missing
            # At DEBUG it would log statements with their values: session keys, hashes of passes.
            "django.db.backends": {"level": "INFO"},
        },
    }
