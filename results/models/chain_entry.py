"""Entries of the public log's hash chain, which docs/record.md describes for those who check it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .append_only import AppendOnly
from .election import Election

#: Codename of the permission to erase words and pictures.
WITHDRAW_FOR_GOOD = "withdraw_for_good"


class Chained(AppendOnly):
    """Abstract: a row that is an entry of its election's chain.

    `chain_number` is dense from 1 within an election, whatever the epoch and the table. `header`
    and `content` are JSON in the canonical form of `results.arithmetic.hash_chain`; the header
    commits to the head of the entry before it, and with `salt` to the content. `content` and `salt`
    are null once words were erased. All are null for bulletins of earlier releases.
    """

    chain_number = models.PositiveIntegerField(null=True, editable=False)
    header = models.TextField(null=True, editable=False)
    head = models.CharField(max_length=64, null=True, editable=False)
    salt = models.CharField(max_length=32, null=True, editable=False)
    content = models.TextField(null=True, editable=False)
    #: The bulletin that erased words from this row.
    erased_by = models.PositiveIntegerField(null=True, editable=False)

    class Meta:
        abstract = True


class ChainEntry(Chained):
    """A chain entry without a bulletin; bulletins have theirs in their own rows."""

    class Kind(models.TextChoices):
        EARLIER = "earlier", _("Bulletins that were there before")
        EPOCH = "epoch", _("Every page published again")
        FACTS = "facts", _("Facts that no page shows")
        RESTORED = "restored", _("Restored from a backup")

    election = models.ForeignKey(Election, models.CASCADE, related_name="chain")
    #: Salts in an entry of `Kind.EARLIER`: `{bulletin: salt of its digest}`, null once erased.
    salts = models.JSONField(null=True)

    class Meta:
        ordering = ["election", "chain_number"]
        permissions = [(WITHDRAW_FOR_GOOD, _("Can withdraw words and pictures for good"))]
        verbose_name = _("entry of the public log")
        verbose_name_plural = _("public log")

    def __str__(self) -> str:
        return f"{self.chain_number}: {(self.head or '')[:16]}"
