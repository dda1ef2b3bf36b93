"""App config of the site: registers system checks and signal receivers, on every server."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "electiondesk"

    def ready(self) -> None:
        from electiondesk import (  # noqa: F401 - importing them registers checks and receivers
            access_logs,
            csrf_failures,
            demo_accounts,
            deployment_checks,
            sessions,
            settings_checks,
            storage,
        )

        access_logs.redact_access_logs()
