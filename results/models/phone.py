"""The last report of each reporter's phone: its time, and how much is still unsent."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Phone(models.Model):
    """The state of one reporter's phone, overwritten with each report."""

    reporter = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="phone"
    )
    seen_at = models.DateTimeField(_("seen at"))
    unsent = models.PositiveSmallIntegerField(_("not sent yet"), default=0)
    asked = models.PositiveSmallIntegerField(_("asked something"), default=0)

    class Meta:
        verbose_name = _("phone")
        verbose_name_plural = _("phones")

    def __str__(self) -> str:
        return f"{self.reporter}: {self.unsent}"
