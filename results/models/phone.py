"""What a reporter's phone last said of itself: when, and how much it has not been able to send."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Phone(models.Model):
    """Of one reporter. Written over each time: it is a sign of life, and no record."""

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
