"""The log of everything published, and the records that make publishing idempotent."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from . import clock
from .append_only import AppendOnly
from .chain_entry import Chained
from .contest import Contest
from .declaration import Declaration
from .election import Election
from .external_figures import ExternalFigures
from .headline import Headline
from .photo import Photo
from .post import Post
from .publication import Publication
from .quote import Quote


class Bulletin(Chained):
    """One numbered entry of the log, with the HTML fragments of the pages that it changed.

    `sequence` is dense from 1 within an election and assigned under the lock of its `Night`.
    `fragments` is `{element id: html}`; each replaces the whole element. One that held words which
    were erased is null.
    """

    class Kind(models.TextChoices):
        DECLARATION = "declaration", _("Declaration")
        WINNER_ONLY = "winner_only", _("Winner only")
        UPDATE = "update", _("Update")
        CORRECTION = "correction", _("Correction")
        WITHDRAWAL = "withdrawal", _("Withdrawn")
        STATUS = "status", _("Count")
        QUOTE = "quote", _("Quote")
        PHOTO = "photo", _("Photo")
        POST = "post", _("From the desk")
        HEADLINE = "headline", _("Headline")
        EXTERNAL_FIGURES = "external", _("External figures")
        DETAILS = "details", _("Details")
        ERASURE = "erasure", _("Withdrawn for good")
        UNOPPOSED = "unopposed", _("Elected unopposed")
        INCOMPLETE = "incomplete", _("Incomplete totals")
        CLOSE = "close", _("Close of poll")

    election = models.ForeignKey(Election, models.CASCADE, related_name="bulletins")
    epoch = models.UUIDField(editable=False)
    sequence = models.PositiveIntegerField(_("number"))
    #: The number of its entry in the feed: its own, that of the first revision of what it rewords
    #: or withdraws, or that of the winner whose full figures it has.
    first_sequence = models.PositiveIntegerField(_("first number"), editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    summary = models.CharField(_("summary"), max_length=400, blank=True)
    contest = models.ForeignKey(
        Contest, models.CASCADE, null=True, blank=True, related_name="bulletins"
    )
    declaration = models.OneToOneField(
        Declaration, models.RESTRICT, null=True, blank=True, related_name="bulletin"
    )
    quote = models.OneToOneField(
        Quote, models.RESTRICT, null=True, blank=True, related_name="bulletin"
    )
    photo = models.OneToOneField(
        Photo, models.RESTRICT, null=True, blank=True, related_name="bulletin"
    )
    post = models.OneToOneField(
        Post, models.RESTRICT, null=True, blank=True, related_name="bulletin"
    )
    headline = models.OneToOneField(
        Headline, models.RESTRICT, null=True, blank=True, related_name="bulletin"
    )
    external_figures = models.OneToOneField(
        ExternalFigures, models.RESTRICT, null=True, blank=True, related_name="bulletin"
    )
    fragments = models.JSONField(default=dict)
    #: The fingerprint of the release that rendered the fragments; empty for earlier releases.
    release = models.CharField(max_length=8, blank=True, default="", editable=False)
    #: The sequence of the bulletin whose words this one hides from readers.
    hides = models.PositiveIntegerField(null=True, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="bulletins")
    published_at = models.DateTimeField(_("published at"), default=clock.now, editable=False)

    class Meta:
        ordering = ["election", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["election", "sequence"], name="one_of_each_bulletin"),
            models.CheckConstraint(condition=models.Q(sequence__gte=1), name="bulletins_from_one"),
        ]
        verbose_name = _("bulletin")
        verbose_name_plural = _("bulletins")

    def __str__(self) -> str:
        return f"{self.sequence}: {self.summary}"

    @classmethod
    def newest_at(cls, election: Election) -> datetime | None:
        """Return when an election's newest bulletin was published; None without one."""
        log = cls.objects.filter(election=election).order_by("-sequence")
        return log.values_list("published_at", flat=True).first()

    @classmethod
    def newest_known_at(cls, election: Election) -> datetime | None:
        """Return `newest_at`, or None where that bulletin is of a declaration without a time.

        Results from files may have no time, and the time of loading is not that of the result.
        """
        log = cls.objects.filter(election=election).order_by("-sequence")
        row = log.values_list("published_at", "kind", "declaration__declared_at").first()
        return cls.known_at(*row) if row else None

    @classmethod
    def known_at(
        cls, published_at: datetime, kind: str, declared_at: datetime | None
    ) -> datetime | None:
        """Return `published_at`, or None for a declaration without a time."""
        return None if kind == cls.Kind.DECLARATION and declared_at is None else published_at

    @property
    def publication(self) -> Publication | None:
        """The quote, photo, post, headline or external figures that it published, if any."""
        names = ("quote", "photo", "post", "headline", "external_figures")
        return next((getattr(self, name) for name in names if getattr(self, f"{name}_id")), None)


class IdempotencyRecord(AppendOnly):
    """The response to a request to publish, returned again when the request is repeated.

    The form or the phone makes one `idempotency_key` per request. `fingerprint` distinguishes a
    repetition from another request under the same key. A record without a `bulletin` is of a
    request that its sender took back before it had an answer: the request is refused if it arrives
    later.
    """

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="idempotency_records"
    )
    idempotency_key = models.CharField(max_length=80)
    fingerprint = models.CharField(max_length=64)
    bulletin = models.ForeignKey(
        Bulletin, models.CASCADE, null=True, related_name="idempotency_records"
    )
    unchanged = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["by", "idempotency_key"], name="one_record_per_key")
        ]
        verbose_name = _("idempotency record")
        verbose_name_plural = _("idempotency records")

    def __str__(self) -> str:
        return f"{self.idempotency_key} → {self.bulletin_id}"
