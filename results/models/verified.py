"""Figures that somebody has held against the returning officer's notice."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .append_only import AppendOnly
from .declaration import Declaration


class Verified(AppendOnly):
    """Of one revision: the next one is unverified again."""

    declaration = models.OneToOneField(Declaration, models.CASCADE, related_name="verified")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )
    created_at = models.DateTimeField(_("verified at"), auto_now_add=True)

    class Meta:
        verbose_name = _("verified against the notice")
        verbose_name_plural = _("verified against the notice")

    def __str__(self) -> str:
        return str(self.declaration)
