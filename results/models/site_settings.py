"""Settings of the whole site that are set in the browser."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class SiteSettings(models.Model):
    """Settings of the site in one row; without one, the defaults apply."""

    ONLY = 1

    phone_address = models.CharField(
        _("address that phones use"), max_length=200, blank=True, default="", db_default=""
    )

    class Meta:
        verbose_name = _("settings of the site")
        verbose_name_plural = _("settings of the site")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    @classmethod
    def load(cls) -> Self:
        """Return the stored row, or an unsaved one with the defaults."""
        return cls.objects.filter(pk=cls.ONLY).first() or cls(pk=cls.ONLY)
