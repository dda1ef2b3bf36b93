"""Audit trail: who did what, when, and from which network address."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .append_only import AppendOnly

#: Actions as they are stored, by earlier releases or for bulletins, and as they are named.
EARLIER_WORDS = {
    f"{kind}: declined": f"{kind}: set aside" for kind in ("result", "quote", "photo", "correction")
} | {"external": "external figures", "close": "close of poll", "status": "state of the count"}


class AuditEntry(AppendOnly):
    """One action, as text without references: it outlives the people and elections it names."""

    at = models.DateTimeField(_("at"), auto_now_add=True, db_index=True)
    user = models.CharField(_("who"), max_length=150, blank=True, db_index=True)
    network = models.GenericIPAddressField(_("from"), null=True, blank=True)
    what = models.CharField(_("what"), max_length=60, db_index=True)
    election = models.CharField(_("election"), max_length=60, blank=True)
    contest = models.CharField(_("contest"), max_length=160, blank=True, db_index=True)
    about = models.CharField(_("about"), max_length=400, blank=True)
    before = models.TextField(_("before"), blank=True)
    after = models.TextField(_("after"), blank=True)
    #: The bulletin that erased words from this entry.
    erased_by = models.PositiveIntegerField(null=True, editable=False)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("action")
        verbose_name_plural = _("who did what")

    def __str__(self) -> str:
        return f"{self.user}: {self.what_in_words} {self.about}".strip()

    @property
    def what_in_words(self) -> str:
        """The action in the words of the screens, for entries of earlier releases as well."""
        return EARLIER_WORDS.get(self.what, self.what)
