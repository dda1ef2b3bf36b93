"""Tokens with which other systems publish through the API."""

import secrets
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .election import Election
from .keyed_hash import keyed_hash

#: Prefix of every token, by which scanners recognise one in a log or a repository.
PREFIX = "edesk_"
#: How long a token lasts by default: an election's night and its aftermath.
LASTS = timedelta(days=30)
#: Writes of one token are counted by the minute.
WINDOW = timedelta(minutes=1)


class NewToken(NamedTuple):
    """A token with its secret, which is shown once and stored only as a keyed hash."""

    token: "ApiToken"
    secret: str


def validate_scopes(scopes: Any) -> None:
    """Raise ValidationError for anything but a list of scopes, with at least one."""
    known = set(ApiToken.Scope.values)
    if not isinstance(scopes, list) or not scopes or not set(scopes) <= known:
        raise ValidationError(_("Choose what the token may do."))


class ApiToken(models.Model):
    """Permission for one newsroom's system to publish, until it ends or is revoked.

    `account` is the user in whose name it publishes: one for each newsroom, so that no newsroom is
    its own second person, and an idempotency key means the same to all of its tokens.
    """

    class Scope(models.TextChoices):
        DECLARE = "declare", _("results, and corrections asked for")
        QUOTE = "quote", _("quotes")
        HEADLINE = "headline", _("the headline")
        STATUS = "status", _("states of counts")

    newsroom = models.CharField(_("newsroom"), max_length=60)
    scopes = models.JSONField(_("may publish"), default=list, validators=[validate_scopes])
    election = models.ForeignKey(
        Election,
        models.CASCADE,
        null=True,
        blank=True,
        verbose_name=_("election"),
        help_text=_("Leave empty for every election."),
    )
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="api_tokens", editable=False
    )
    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    #: Its last characters, to tell tokens apart.
    ending = models.CharField(_("ends in"), max_length=4, editable=False)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("issued by"),
    )
    issued_at = models.DateTimeField(_("issued at"), auto_now_add=True)
    expires_at = models.DateTimeField(_("ends at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, editable=False)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)
    #: Writes since the window began.
    window_began = models.DateTimeField(null=True, editable=False)
    window_writes = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["-issued_at", "-pk"]
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return f"{self.newsroom} …{self.ending}"

    @classmethod
    def issue(cls, **fields: Any) -> NewToken:
        """Create a token; `fields` are columns, with `account` and `expires_at` among them."""
        secret = PREFIX + secrets.token_urlsafe(32)
        values = {**fields, "secret_hash": keyed_hash("api-token", secret), "ending": secret[-4:]}
        return NewToken(cls.objects.create(**values), secret)

    @classmethod
    def of_secret(cls, secret: str) -> "ApiToken | None":
        """The token with this secret, whether it is still good or not."""
        found = cls.objects.select_related("account", "election")
        return found.filter(secret_hash=keyed_hash("api-token", secret)).first()

    @property
    def is_live(self) -> bool:
        return self.revoked_at is None and timezone.now() < self.expires_at

    @property
    def state(self) -> str:
        if self.revoked_at:
            return str(_("Revoked"))
        return str(_("In use") if self.is_live else _("Ended"))

    def may(self, scope: str, election: Election) -> bool:
        return scope in self.scopes and self.election_id in (None, election.pk)

    def count_write(self, limit: int) -> datetime | None:
        """Count one write; return None, or the time of the next where `limit` a minute is reached.

        Each path is one statement, so that parallel requests in any number of processes are all
        counted.
        """
        now = timezone.now()
        own = ApiToken.objects.filter(pk=self.pk)
        # A window that begins later was begun before the clock was set back, and is over.
        begun = Q(window_began__gt=now - WINDOW, window_began__lte=now + WINDOW)
        if own.filter(begun, window_writes__lt=limit).update(
            window_writes=F("window_writes") + 1, last_used_at=now
        ):
            return None
        if own.exclude(begun).update(window_began=now, window_writes=1, last_used_at=now):
            return None
        began = own.values_list("window_began", flat=True).first()
        return (began or now) + WINDOW

    def revoke(self) -> None:
        ApiToken.objects.filter(pk=self.pk, revoked_at=None).update(revoked_at=timezone.now())
