"""Connections to SQLite and to PostgreSQL: their options, and a configuration from a URL."""

import os
import tempfile
import warnings
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

#: Options of SQLite that its URL may have. Others are set below, or stop each connection with a
#: TypeError.
SQLITE_OPTIONS = {"timeout"}
SQLITE: dict[str, Any] = {
    "OPTIONS": {
        # Take the write lock when a transaction starts. A deferred transaction that reads and then
        # writes fails at once if another one has written, whatever the timeout.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # FULL, not NORMAL: an acknowledged declaration survives a power cut.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL",
    },
    # A file, because some tests use threads; named by process, so that runs can overlap.
    "TEST": {"NAME": os.path.join(tempfile.gettempdir(), f"electiondesk-{os.getpid()}.sqlite3")},
}
POSTGRESQL: dict[str, Any] = {
    # Under ASGI every request has its own thread, so persistent connections by thread would leak.
    # The pool keeps connections instead, and checks each before use.
    "CONN_MAX_AGE": 0,
    "CONN_HEALTH_CHECKS": True,
    "OPTIONS": {
        # While PostgreSQL is down a request waits for 10 seconds. The pool tries to reconnect after
        # 1, 3 and 7 seconds, then gives up, so that the next request starts again.
        "pool": {"min_size": 1, "max_size": 12, "timeout": 10, "reconnect_timeout": 10},
        # Detect a dead server within half a minute; the system's defaults take 15 minutes.
        "connect_timeout": 5,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 25_000,
    },
}


def database_settings(url: str) -> dict[str, Any]:
    """The entry of DATABASES for a URL. Raises ImproperlyConfigured for another database."""
    try:
        with warnings.catch_warnings():
            # Of another database, with its password.
            warnings.simplefilter("ignore")
            configured: dict[str, Any] = environ.Env.db_url_config(url)
    except ValueError:  # whose text may have a part of the password
        raise ImproperlyConfigured(
            "DATABASE_URL cannot be read: its port must be a number, and in a password other"
            " characters than letters and digits are % and their code, such as %2F for /"
        ) from None
    defaults = {
        "django.db.backends.sqlite3": SQLITE,
        "django.db.backends.postgresql": POSTGRESQL,
    }.get(configured.get("ENGINE", ""))
    if defaults is None:
        raise ImproperlyConfigured("DATABASE_URL must begin with sqlite:// or postgres://")
    is_named = configured.get("NAME") or "service" in configured.get("OPTIONS", {})
    if not is_named or configured["NAME"] == ":memory:":  # which each connection has its own of
        raise ImproperlyConfigured(
            "DATABASE_URL must name a database, as postgres://host/name or sqlite:////folder/file"
        )
    if defaults is SQLITE:
        _check_file(configured)
    return {
        **defaults,
        **configured,
        "OPTIONS": defaults["OPTIONS"] | configured.get("OPTIONS", {}),
    }


def _check_file(configured: dict[str, Any]) -> None:
    """Raise ImproperlyConfigured for a file that SQLite is to open in a way of its own.

    One that is opened to be read is not seen to be so (`database_state.is_read_only`).
    """
    if configured["NAME"].startswith("file:"):
        raise ImproperlyConfigured("DATABASE_URL must name a file as sqlite:////folder/file")
    options = configured.get("OPTIONS", {})
    if not isinstance(options.get("timeout", 0), int | float):
        raise ImproperlyConfigured("DATABASE_URL: its timeout must be a number of seconds")
    if unknown := sorted(options.keys() - SQLITE_OPTIONS):
        raise ImproperlyConfigured(
            f"DATABASE_URL: of a SQLite file only a timeout can be set, not {', '.join(unknown)}"
        )
