"""The publisher's house style: name, logo, colours, corrections policy, and defaults."""

import hashlib
from typing import Any, Self

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _, gettext_lazy

from .election import STORED_LANGUAGES, validate_timezone

#: The name of the desk where no publisher is named.
PRODUCT = "Election Desk"
COLOUR = RegexValidator(r"^#[0-9a-fA-F]{6}$", gettext_lazy("A colour reads like #dc241f."))


class HouseStyle(models.Model):
    """The publisher's settings in one row; without one, pages are Election Desk's.

    The logo is a PNG of at most `results.desk.logos.MAX_BYTES`. It is in the row, so that every
    process and every backup has it.
    """

    ONLY = 1

    name = models.CharField(
        gettext_lazy("publisher’s name"),
        max_length=60,
        blank=True,
        help_text=gettext_lazy("In place of “Election Desk” on every page, feed, card and embed."),
    )
    logo = models.BinaryField(default=bytes)
    logo_width = models.PositiveSmallIntegerField(default=0)
    logo_height = models.PositiveSmallIntegerField(default=0)
    ground = models.CharField(
        gettext_lazy("colour of the masthead"), max_length=7, blank=True, validators=[COLOUR]
    )
    ink = models.CharField(
        gettext_lazy("colour of its text"), max_length=7, blank=True, validators=[COLOUR]
    )
    system_serif = models.BooleanField(
        gettext_lazy("the system’s serif in place of ours"),
        default=False,
        help_text=gettext_lazy(
            "Headlines are then in a serif that each reader has: another on each system, and 29 kB "
            "less on a first visit."
        ),
    )
    corrections_text = models.CharField(
        gettext_lazy("corrections policy"),
        max_length=300,
        blank=True,
        help_text=gettext_lazy(
            "At the foot of every page, as “We correct mistakes in public: desk@example.org.”"
        ),
    )
    corrections_address = models.URLField(
        gettext_lazy("page of the corrections policy"), max_length=300, blank=True
    )
    timezone = models.CharField(
        gettext_lazy("time zone of new elections"),
        max_length=64,
        default=settings.TIME_ZONE,
        validators=[validate_timezone],
    )
    language = models.CharField(
        gettext_lazy("language of new elections"),
        max_length=8,
        choices=STORED_LANGUAGES,
        default=settings.LANGUAGE_CODE,
    )
    #: A hash of all that readers see of the style; empty for the default one.
    version = models.CharField(max_length=16, blank=True, editable=False)

    class Meta:
        verbose_name = gettext_lazy("publisher’s style")
        verbose_name_plural = gettext_lazy("publisher’s style")

    def __str__(self) -> str:
        return self.publisher

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.version = self.current_version()
        super().save(*args, **kwargs)

    @classmethod
    def load(cls) -> Self:
        """Return the stored row without the logo's bytes, or an unsaved one with the defaults."""
        return cls.objects.defer("logo").filter(pk=cls.ONLY).first() or cls(pk=cls.ONLY)

    @classmethod
    def stored_version(cls) -> Coalesce:
        """Return `version` as an expression, for a query that reads something else as well."""
        rows = cls.objects.filter(pk=cls.ONLY).values("version")[:1]
        return Coalesce(models.Subquery(rows), models.Value(""))

    def current_version(self) -> str:
        """Return the hash of what readers see of the row; time zone and language are no part."""
        shown = (
            *(self.name, self.ground, self.ink, self.corrections_text, self.corrections_address),
            *(bytes(self.logo).hex(), self.logo_width, self.logo_height),
        )
        # A style that was stored before the choice of serif existed keeps its version.
        chosen = ("system serif",) if self.system_serif else ()
        if not any((*shown, *chosen)):
            return ""
        return hashlib.sha256(repr((*shown, *chosen)).encode()).hexdigest()[:16]

    @property
    def publisher(self) -> str:
        return self.name or _(PRODUCT)

    @property
    def has_logo(self) -> bool:
        return bool(self.logo_width)

    @property
    def has_stylesheet(self) -> bool:
        return bool(self.ground) or self.has_logo or self.system_serif
