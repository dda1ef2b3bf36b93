"""Passes: sign-in links and codes that let a reporter in without a password."""

import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .contest import Contest
from .keyed_hash import keyed_hash
from .sign_in_link import SignInLink

#: Crockford's Base32: without I, L, O and U, which are easily mistaken when read out.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 8
_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})
#: The session key that holds the pass which opened the session.
OPENED_BY = "pass"
#: How long a pass lasts after it is issued, or after the last close of poll of its reporter's
#: contests where that is later.
LASTS = timedelta(hours=36)


class Issued(NamedTuple):
    """A new pass with its secrets, which are shown once and stored only as keyed hashes."""

    issued: "ReporterPass"
    token: str
    code: str

    @property
    def spoken(self) -> str:
        """The code in the form in which it is printed and read out: “7K3M 9QRT”."""
        return f"{self.code[:4]} {self.code[4:]}"


class ReporterPass(SignInLink):
    """Sign-in for one reporter on one phone, until it expires or is revoked.

    Only the first phone that uses it can use it again, for when its session is lost: a forwarded
    link, or one from a log, is useless afterwards.
    """

    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="passes", verbose_name=_("reporter")
    )
    code_hash = models.CharField(max_length=64, unique=True, editable=False)
    phone_hash = models.CharField(max_length=64, blank=True, editable=False)
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
        """Create a pass. Raises `ValueError` for staff: a pass gives access to counts only."""
        if reporter.is_staff or reporter.is_superuser:
            raise ValueError(f"{reporter} sits at the desk and signs in with a password.")
        token = secrets.token_urlsafe(24)
        code = "".join(secrets.choice(ALPHABET) for _place in range(CODE_LENGTH))
        issued = cls.objects.create(
            reporter=reporter,
            link_hash=keyed_hash("pass.link", token),
            code_hash=keyed_hash("pass.code", code),
            issued_by=by,
            expires_at=expires_at or _end_for(reporter),
        )
        return Issued(issued, token, code)

    @classmethod
    def of_link(cls, token: str) -> "ReporterPass | None":
        return cls._with(link_hash=keyed_hash("pass.link", token))

    @classmethod
    def of_code(cls, code: str) -> "ReporterPass | None":
        """Return the pass with this code, ignoring case, spaces and easily mistaken letters."""
        plain = "".join(sign for sign in code.upper() if sign.isalnum()).translate(_MISREAD)
        return cls._with(code_hash=keyed_hash("pass.code", plain))

    @classmethod
    def of_phone(cls, phone: str) -> "ReporterPass | None":
        """The pass last used on the phone with this id."""
        used = cls.objects.select_related("reporter").filter(
            phone_hash=keyed_hash("pass.phone", phone)
        )
        return used.order_by("-last_used_at").first()

    @classmethod
    def _with(cls, **hashed: str) -> "ReporterPass | None":
        return cls.objects.select_related("reporter").filter(**hashed).first()

    @property
    def is_live(self) -> bool:
        ended = self.revoked_at is not None or self.expires_at <= timezone.now()
        return not ended and self.reporter.is_active and not self.reporter.is_staff

    def take(self, phone: str) -> bool:
        """Use the pass on the phone with this id; return False where another phone has used it."""
        phone_hash = keyed_hash("pass.phone", phone)
        usable = ReporterPass.objects.filter(pk=self.pk, phone_hash__in=["", phone_hash])
        return bool(usable.update(phone_hash=phone_hash, last_used_at=timezone.now()))

    def revoke(self) -> None:
        ReporterPass.objects.filter(pk=self.pk, revoked_at=None).update(revoked_at=timezone.now())


def _end_for(reporter: User) -> datetime:
    closing = Contest.objects.filter(assignments__reporter=reporter).aggregate(
        last=models.Max("election__polls_close")
    )["last"]
    return max(timezone.now(), closing or timezone.now()) + LASTS
