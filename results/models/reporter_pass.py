"""Passes: how a reporter gets in without a password, from a link, a picture of it, or a code."""

import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from .contest import Contest

#: Crockford's alphabet: no I, L, O or U, which are misheard over a telephone.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 8
_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})
#: Under this name a session notes the pass that opened it.
OPENED_BY = "pass"
#: After the last close of poll that its reporter is sent to.
LASTS = timedelta(hours=36)


class Issued(NamedTuple):
    """A new pass with its secrets, which are nowhere else: shown once, stored only as marks."""

    issued: "ReporterPass"
    token: str
    code: str

    @property
    def spoken(self) -> str:
        """The code as it is printed and read out: “7K3M 9QRT”."""
        return f"{self.code[:4]} {self.code[4:]}"


class ReporterPass(models.Model):
    """A way in for one reporter and one phone, until it ends or is revoked.

    The first phone to use it is the only one: a link that was forwarded, or read in a log, opens
    nothing any more. That phone may use it again, since sessions get lost in sports halls.
    """

    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="passes", verbose_name=_("reporter")
    )
    link_mark = models.CharField(max_length=64, unique=True, editable=False)
    code_mark = models.CharField(max_length=64, unique=True, editable=False)
    phone_mark = models.CharField(max_length=64, blank=True, editable=False)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("issued by"),
    )
    issued_at = models.DateTimeField(_("issued at"), auto_now_add=True)
    expires_at = models.DateTimeField(_("ends at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True, editable=False)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-issued_at"]
        verbose_name = _("pass")
        verbose_name_plural = _("passes")

    def __str__(self) -> str:
        return f"{self.reporter}, {self.issued_at:%d/%m/%Y %H:%M}"

    @classmethod
    def issue(
        cls, reporter: User, *, by: User | None = None, expires_at: datetime | None = None
    ) -> Issued:
        """A new pass. Raises ValueError for who may use the desk: passes open counts alone."""
        if reporter.is_staff or reporter.is_superuser:
            raise ValueError(f"{reporter} sits at the desk and signs in with a password.")
        token = secrets.token_urlsafe(24)
        code = "".join(secrets.choice(ALPHABET) for _place in range(CODE_LENGTH))
        issued = cls.objects.create(
            reporter=reporter,
            link_mark=_mark("link", token),
            code_mark=_mark("code", code),
            issued_by=by,
            expires_at=expires_at or _end_for(reporter),
        )
        return Issued(issued, token, code)

    @classmethod
    def of_link(cls, token: str) -> "ReporterPass | None":
        return cls._of(link_mark=_mark("link", token))

    @classmethod
    def of_code(cls, typed: str) -> "ReporterPass | None":
        """By the code as typed: case, blanks and letters that are misread forgiven."""
        plain = "".join(sign for sign in typed.upper() if sign.isalnum()).translate(_MISREAD)
        return cls._of(code_mark=_mark("code", plain))

    @classmethod
    def of_phone(cls, phone: str) -> "ReporterPass | None":
        """The pass that was last used on the phone that calls itself ``phone``."""
        used = cls.objects.select_related("reporter").filter(phone_mark=_mark("phone", phone))
        return used.order_by("-last_used_at").first()

    @classmethod
    def _of(cls, **mark: str) -> "ReporterPass | None":
        return cls.objects.select_related("reporter").filter(**mark).first()

    @property
    def is_live(self) -> bool:
        ended = self.revoked_at is not None or self.expires_at <= timezone.now()
        return not ended and self.reporter.is_active and not self.reporter.is_staff

    def take(self, phone: str) -> bool:
        """Use it from the phone that calls itself ``phone``; False where another has used it."""
        mark = _mark("phone", phone)
        mine = ReporterPass.objects.filter(pk=self.pk, phone_mark__in=["", mark])
        return bool(mine.update(phone_mark=mark, last_used_at=timezone.now()))

    def revoke(self) -> None:
        ReporterPass.objects.filter(pk=self.pk, revoked_at=None).update(revoked_at=timezone.now())


def _mark(kind: str, secret: str) -> str:
    """What is stored in a secret's place. Keyed, so that a stolen table cannot be searched."""
    return salted_hmac(f"results.pass.{kind}", secret, algorithm="sha256").hexdigest()


def _end_for(reporter: User) -> datetime:
    closing = Contest.objects.filter(assignments__reporter=reporter).aggregate(
        last=models.Max("election__polls_close")
    )["last"]
    return max(timezone.now(), closing or timezone.now()) + LASTS
