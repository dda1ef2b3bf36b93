"""App config of the site: registers system checks and signal receivers, on every server."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "electiondesk"

    def ready(self) -> None:
        from electiondesk import (  # noqa: F401 - importing them registers their checks
            access_logs,
            demo_accounts,
            sessions,
            storage,
        )

        sessions.connect_signals()
        access_logs.redact_access_logs()
