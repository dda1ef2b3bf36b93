"""What the site does once when it starts, whichever server runs it."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "electiondesk"

    def ready(self) -> None:
        from electiondesk import (  # noqa: F401 - the checks register themselves
            access_logs,
            demo_accounts,
            sessions,
            storage,
        )

        sessions.listen()
        access_logs.leave_tokens_out()
