"""Configuration of the `results` app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResultsConfig(AppConfig):
    name = "results"
    verbose_name = _("Results")

    def ready(self) -> None:
        from results.desk import audit  # noqa: F401 - importing it registers its receivers
