"""What the newsroom adds to the figures: quotes from the count, and headlines."""

from django.conf import settings
from django.db import models
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from . import clock
from .append_only import AppendOnly, AppendOnlyQuerySet, Reworded
from .contest import Candidate, Contest
from .election import Election

#: Who has it needs nobody's approval: what they file goes straight to the readers.
PUBLISH_UNREVIEWED = "publish_unreviewed"


class QuoteQuerySet(AppendOnlyQuerySet):
    def current(self) -> "QuoteQuerySet":
        """Quotes that nothing has replaced and that are not withdrawn, newest first."""
        standing = self.filter(replaced_by__isnull=True, withdrawn=False)
        return standing.order_by(F("said_at").desc(), "-pk")


class Quote(Reworded):
    """Something said, by whom, as what and where. A changed wording is another row."""

    election = models.ForeignKey(Election, models.CASCADE, related_name="quotes")
    contest = models.ForeignKey(
        Contest, models.CASCADE, null=True, blank=True, related_name="quotes"
    )
    candidate = models.ForeignKey(
        Candidate, models.RESTRICT, null=True, blank=True, related_name="quotes"
    )
    speaker = models.CharField(_("speaker"), max_length=200)
    role = models.CharField(_("role"), max_length=200, blank=True)
    location = models.CharField(_("location"), max_length=200, blank=True)
    words = models.TextField(_("words"))
    reported = models.BooleanField(
        _("reported speech"), default=False, help_text=_("Shown without quotation marks.")
    )
    said_at = models.DateTimeField(_("said at"), db_default=Now())
    withdrawn = models.BooleanField(_("withdrawn"), default=False)
    replaces = models.OneToOneField(
        "self", models.RESTRICT, null=True, blank=True, related_name="replaced_by"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="quotes")
    created_at = models.DateTimeField(_("filed at"), default=clock.now, editable=False)

    objects = QuoteQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["-said_at", "-pk"]
        permissions = [
            (
                PUBLISH_UNREVIEWED,
                _("Quotes and photos go straight out, without the desk’s approval"),
            )
        ]
        constraints = [
            models.CheckConstraint(condition=~models.Q(words=""), name="a_quote_has_words"),
            models.CheckConstraint(condition=~models.Q(speaker=""), name="a_quote_has_a_speaker"),
        ]
        verbose_name = _("quote")
        verbose_name_plural = _("quotes")

    def __str__(self) -> str:
        return f"{self.speaker}: {self.words[:60]}"


class PostQuerySet(AppendOnlyQuerySet):
    def current(self) -> "PostQuerySet":
        """Posts that nothing has replaced and that are not withdrawn, newest first."""
        return self.filter(replaced_by__isnull=True, withdrawn=False).order_by("-sequence")


class Post(Reworded):
    """A few sentences of the desk's own in the feed. Other words, or none, are another row."""

    election = models.ForeignKey(Election, models.CASCADE, related_name="posts")
    contest = models.ForeignKey(
        Contest, models.CASCADE, null=True, blank=True, related_name="posts"
    )
    title = models.CharField(_("title"), max_length=120, blank=True)
    text = models.TextField(_("text"), max_length=1000)
    withdrawn = models.BooleanField(_("withdrawn"), default=False)
    replaces = models.OneToOneField(
        "self", models.RESTRICT, null=True, blank=True, related_name="replaced_by"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="posts")
    created_at = models.DateTimeField(_("written at"), default=clock.now, editable=False)

    objects = PostQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["-sequence"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(text=""), name="a_post_has_a_text")
        ]
        verbose_name = _("post")
        verbose_name_plural = _("posts")

    def __str__(self) -> str:
        return self.title or self.text[:60]


class HeadlineQuerySet(AppendOnlyQuerySet):
    def standing(self, election: Election) -> "Headline | None":
        """The headline above the election's pages; None where the one written by rule is."""
        written = self.filter(election=election, withdrawn=False).select_related("replaced_by")
        newest: Headline | None = written.first()
        taken_away = newest is None or not newest.text or hasattr(newest, "replaced_by")
        return None if taken_away else newest

    def public(self) -> "HeadlineQuerySet":
        """Those that readers may see: not withdrawn, though another may stand in their place."""
        return self.filter(replaced_by__isnull=True).exclude(text="")


class Headline(AppendOnly):
    """An editor's headline. Another one takes its place, and leaves it in the feed.

    Withdrawing it is a row without text that replaces it: then it is gone from the feed as well,
    and where it stood above the pages the headline written by rule returns.
    """

    election = models.ForeignKey(Election, models.CASCADE, related_name="headlines")
    text = models.CharField(_("headline"), max_length=160, blank=True)
    sequence = models.PositiveIntegerField(_("bulletin"), null=True)
    withdrawn = models.BooleanField(_("withdrawn"), default=False)
    replaces = models.OneToOneField(
        "self", models.RESTRICT, null=True, blank=True, related_name="replaced_by"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="headlines")
    created_at = models.DateTimeField(_("written at"), default=clock.now, editable=False)

    objects = HeadlineQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("headline")
        verbose_name_plural = _("headlines")

    def __str__(self) -> str:
        return self.text or str(_("(written by rule)"))
