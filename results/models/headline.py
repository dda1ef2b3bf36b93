"""Headlines by the editors, above the generated one."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from .publication import Publication, PublicationQuerySet
from .text_limits import LONGEST_HEADLINE


class HeadlineQuerySet(PublicationQuerySet):
    def current(self) -> Self:
        # Earlier releases stored a withdrawal as a headline without text.
        return super().current().exclude(text="")


class Headline(Publication):
    """A headline by an editor. The newest stands above the pages; earlier ones stay in the feed.

    Withdrawing one removes it from the feed as well. Where it stood above the pages, the
    generated headline returns.
    """

    text = models.CharField(_("headline"), max_length=LONGEST_HEADLINE, blank=True)

    objects = HeadlineQuerySet.as_manager()  # type: ignore[misc]  # narrows the base class’s

    class Meta:
        ordering = ["-pk"]
        default_related_name = "headlines"
        verbose_name = _("headline")
        verbose_name_plural = _("headlines")

    def __str__(self) -> str:
        return self.text or str(_("(written by rule)"))

    @property
    def is_current(self) -> bool:
        return bool(self.text) and super().is_current
