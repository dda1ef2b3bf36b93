"""Invitations: links by which an editor sets a password, once."""

import secrets
from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .keyed_hash import keyed_hash
from .sign_in_link import SignInLink

#: How long an invitation may wait to be used.
LASTS = timedelta(days=7)


class NewInvitation(NamedTuple):
    """A new invitation with its token, which is shown once and stored only as a keyed hash."""

    issued: "Invitation"
    token: str


class Invitation(SignInLink):
    """Lets one member of staff choose a password, once, until it expires or is revoked.

    It replaces a password that somebody else would have typed. Whoever has a second factor is asked
    for it after that, so a link alone does not open an account that has one.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="invitations",
        verbose_name=_("for whom"),
    )
    used_at = models.DateTimeField(_("used at"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-issued_at", "-pk"]
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")

    def __str__(self) -> str:
        return f"{self.user}, {self.issued_at:%d/%m/%Y %H:%M}"

    @classmethod
    def issue(cls, user: User, *, by: User | None = None) -> NewInvitation:
        """Create an invitation, and revoke the user's earlier ones that are open."""
        token = secrets.token_urlsafe(24)
        with transaction.atomic():
            cls.revoke_all(user)
            issued = cls.objects.create(
                user=user,
                link_hash=keyed_hash("invitation", token),
                issued_by=by,
                expires_at=timezone.now() + LASTS,
            )
        return NewInvitation(issued, token)

    @classmethod
    def revoke_all(cls, user: User) -> int:
        """End every invitation of the user that is open; return how many there were."""
        return cls._open(user=user).update(revoked_at=timezone.now())

    @classmethod
    def of_link(cls, token: str) -> "Invitation | None":
        """Return the invitation of a link, if it can still be used; else None."""
        found = cls._open(
            link_hash=keyed_hash("invitation", token), user__is_active=True, user__is_staff=True
        )
        return found.filter(expires_at__gt=timezone.now()).select_related("user").first()

    @classmethod
    def _open(cls, **lookup: object) -> "models.QuerySet[Invitation]":
        return cls.objects.filter(used_at=None, revoked_at=None, **lookup)

    def use(self) -> bool:
        """Mark it as used; False if it was used or revoked meanwhile."""
        return bool(self._open(pk=self.pk).update(used_at=timezone.now()))

    @property
    def is_open(self) -> bool:
        return self.used_at is None and self.revoked_at is None and self.expires_at > timezone.now()
