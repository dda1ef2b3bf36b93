"""Posts: a few sentences by the editors in the feed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .publication import SeatPublication
from .text_limits import LONGEST_POST, LONGEST_TITLE


class Post(SeatPublication):
    title = models.CharField(_("title"), max_length=LONGEST_TITLE, blank=True)
    text = models.TextField(_("text"), max_length=LONGEST_POST)

    class Meta:
        ordering = ["-sequence"]
        default_related_name = "posts"
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(text="") | models.Q(erased_by__isnull=False),
                name="a_post_has_a_text",
            )
        ]
        verbose_name = _("post")
        verbose_name_plural = _("posts")

    def __str__(self) -> str:
        return self.title or self.text[:60]

    @property
    def full_text(self) -> str:
        return self.text
