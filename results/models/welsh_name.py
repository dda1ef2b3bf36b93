"""Abstract base of models with a second name for pages in Welsh."""

from django.db import models
from django.utils.translation import get_language, gettext_lazy as _


class WelshName(models.Model):
    """Abstract base of models that have a `name` and may have another in Welsh."""

    name_cy = models.CharField(
        _("name in Welsh"),
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text=_("On pages in Welsh. Left empty, the other name serves."),
    )

    class Meta:
        abstract = True

    @property
    def local_name(self) -> str:
        """The name in the language that is active."""
        welsh = self.name_cy if get_language() == "cy" else ""
        name: str = welsh or self.name  # type: ignore[attr-defined]  # of the model itself
        return name
