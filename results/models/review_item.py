"""Review queue: items sent by reporters that another person must approve."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from results.arithmetic import BallotCounts

from .bulletin import Bulletin
from .contest import Contest
from .text_limits import LONGEST_SET_ASIDE


class ReviewItem(models.Model):
    """An item that is published once another person approves it. `content` by kind:

    result: `{"act": kind of the revision, "figures": BallotCounts.to_json(), "base_revision",
    "declared_at": ISO as typed, or None, "sent_at": ISO or None, "recount", "source", "reason" for
    readers, "warning_reason", "warnings": [sentence], "names": {id of a candidate: name, as the
    sender saw them}}`;
    quote: `{"words", "candidate": id or None, "speaker", "role", "location", "reported",
    "said_at": ISO}`;
    photo: `{"name" of the stored picture, "caption", "alt", "credit"}`;
    correction: `{"figures", "base_revision", "reason", "names"}`, and `"warning_reason"` if given.
    """

    class Kind(models.TextChoices):
        RESULT = "result", _("Result, for a second person")
        QUOTE = "quote", _("Quote")
        PHOTO = "photo", _("Photo")
        CORRECTION = "correction", _("Correction asked for")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        PUBLISHED = "published", _("Published")
        DECLINED = "declined", _("Set aside")
        REPLACED = "replaced", _("Replaced by another")

    contest = models.ForeignKey(Contest, models.CASCADE, related_name="review_items")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    content = models.JSONField(_("content"))
    state = models.CharField(
        _("state"), max_length=12, choices=State.choices, default=State.WAITING
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="review_items",
        verbose_name=_("sent by"),
    )
    idempotency_key = models.CharField(max_length=80)
    fingerprint = models.CharField(max_length=64)
    created_at = models.DateTimeField(_("sent at"), auto_now_add=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("settled by"),
    )
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    # Shown to other editors, so that two do not work on the same item.
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    opened_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(
        _("why"), max_length=LONGEST_SET_ASIDE, blank=True, help_text=_("The reporter sees it.")
    )
    bulletin = models.ForeignKey(
        Bulletin, models.RESTRICT, null=True, blank=True, related_name="review_items"
    )

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["by", "idempotency_key"], name="one_review_item_per_key"
            )
        ]
        verbose_name = _("review item")
        verbose_name_plural = _("review queue")

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.contest.full_name}"

    @property
    def waits(self) -> bool:
        return self.state == self.State.WAITING

    @property
    def ballot_counts(self) -> BallotCounts | None:
        """The ballot counts of a result or of a requested correction."""
        counts: Any = self.content.get("figures")
        return BallotCounts.from_json(counts) if counts else None
