"""Serve the desk: pages, forms and readers' sockets."""

import os
from argparse import ArgumentParser
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.management.base import CommandError
from django.db import DatabaseError, connection

from electiondesk import launcher, worker_supervisor
from electiondesk.command_errors import NO_TABLES
from electiondesk.database_state import has_migrations_to_apply
from electiondesk.lifecycle.timeouts import PING_SECONDS
from results.live.capacity import files_needed
from results.management.amounts import port_number, positive_number
from results.management.desk_command import DeskCommand


class Command(DeskCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--port", type=port_number, default=8000, help="port to listen on")
        parser.add_argument(
            "--role",
            choices=settings.ROLES,
            default=settings.ROLE,
            help="what it serves: all, readers' pages and sockets, or reporters and editors",
        )
        parser.add_argument(
            "--server",
            choices=launcher.SERVERS,
            default="auto",
            help="the server program; auto is uvicorn for readers if it is installed, or Daphne",
        )
        parser.add_argument(
            "--backlog",
            type=positive_number,
            default=launcher.BACKLOG,
            help="connections that wait to be accepted",
        )
        parser.add_argument(
            "--processes",
            type=positive_number,
            default=1,
            help="server processes behind the one port",
        )
        parser.add_argument(
            "--no-worker",
            action="store_true",
            help="start no worker for background tasks: another process is one (manage.py work)",
        )
        parser.add_argument(
            "--ping-seconds",
            type=positive_number,
            default=PING_SECONDS,
            help="how often an idle socket is pinged, and how long its answer may take",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        # The URLs, imported later, read the setting; child processes read the environment.
        settings.ROLE = os.environ["ROLE"] = options["role"]
        try:
            server = launcher.choose_server(options["server"], options["role"])
            server_options = launcher.ServerOptions(
                server=server,
                host=options["host"],
                port=options["port"],
                backlog=options["backlog"],
                processes=options["processes"],
                ping_seconds=options["ping_seconds"],
            )
            self._run_checks()
            launcher.require_address(server_options)
        except (launcher.ServerMissingError, launcher.AddressError) as exc:
            raise CommandError(str(exc)) from None
        self._raise_open_file_limit()
        self._warn_of_missing_tables()
        if options["role"] == "all" and not options["no_worker"]:
            worker_supervisor.start()
        host = f"[{options['host']}]" if ":" in options["host"] else options["host"]
        self.stdout.write(f"Serving the desk on http://{host}:{options['port']}/ (Ctrl-C ends it)")
        self.stdout.flush()
        launcher.run(server_options)

    def _run_checks(self) -> None:
        """Raise CommandError if a check of the desk reports an error and DEBUG is off."""
        messages = checks.run_checks(tags=["electiondesk"], include_deployment_checks=True)
        errors = [message for message in messages if message.is_serious()]
        if errors and not settings.DEBUG:
            raise CommandError("\n".join(str(message) for message in errors))

    def _warn_of_missing_tables(self) -> None:
        """Say what to do where each page would fail with “no such table”.

        Of SQLite alone: PostgreSQL may be waited for, and `/readyz` says it of both.
        """
        if connection.vendor != "sqlite":
            return
        with suppress(DatabaseError):
            if has_migrations_to_apply():
                self.stderr.write(NO_TABLES)
        connection.close()

    def _raise_open_file_limit(self) -> None:
        allowed = launcher.raise_open_file_limit(files_needed())
        if allowed < files_needed():
            self.stderr.write(
                f"Open files are limited to {allowed}, fewer than READERS_PER_PROCESS "
                f"({settings.READERS_PER_PROCESS}) needs: readers beyond that are asked to poll. "
                "Raise the limit (ulimit -n, LimitNOFILE) or lower the setting."
            )
