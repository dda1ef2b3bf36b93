"""Declarations that an editor has compared with the returning officer's notice."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .append_only import AppendOnly
from .declaration import Declaration


class Verified(AppendOnly):
    """The check of one revision. The next revision is not verified by it."""

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
