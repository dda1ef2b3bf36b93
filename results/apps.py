"""Configuration of the `results` app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResultsConfig(AppConfig):
    name = "results"
    verbose_name = _("Results")

    def ready(self) -> None:
        # Importing them registers their receivers.
        from results.desk import audit  # noqa: F401
        from results.push import subscriptions  # noqa: F401
