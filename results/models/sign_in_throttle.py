"""Counters of failed sign-ins, shared by all server processes."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SignInThrottle(models.Model):
    """Failed attempts under one limit in its present window.

    Names and addresses are stored as keyed hashes only: `key` of the whole limit, `account` of the
    name, by which the rows of one account can be found and deleted.
    """

    class Kind(models.TextChoices):
        PASSWORD = "password", _("password")
        CODE = "code", _("code from the desk")
        LINK = "link", _("sign-in link")
        SECOND_FACTOR = "second factor", _("second factor")

    class Scope(models.TextChoices):
        DEVICE = "device", _("on a device that has signed in before")
        ACCOUNT_AND_ADDRESS = "account and address", _("on new devices at one address")
        ACCOUNT = "account", _("on new devices everywhere")
        ADDRESS = "address", _("everybody on new devices at one address")
        EVERYWHERE = "everywhere", _("everybody on new devices everywhere")

    key = models.CharField(max_length=64, unique=True, editable=False)
    account = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    kind = models.CharField(_("what was tried"), max_length=20, choices=Kind, editable=False)
    scope = models.CharField(_("where"), max_length=20, choices=Scope, editable=False)
    tries = models.PositiveIntegerField(_("tries"), default=0, editable=False)
    ends_at = models.DateTimeField(_("locked until"), db_index=True, editable=False)

    class Meta:
        ordering = ["-ends_at", "pk"]
        verbose_name = _("locked sign-in")
        verbose_name_plural = _("locked sign-ins")

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.get_scope_display()}"
