"""Abstract base of quotes, posts, photos, headlines and external figures, with their revisions."""

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from . import clock
from .append_only import AppendOnly, AppendOnlyQuerySet
from .contest import Contest
from .election import Election


class PublicationQuerySet(AppendOnlyQuerySet):
    def current(self) -> Self:
        """Filter publications that readers see: neither replaced nor withdrawn."""
        return self.filter(replaced_by=None, withdrawn=False)

    def newest_first(self) -> Self:
        """Order as the feed does: by what was published first, whatever was edited since."""
        return self.order_by("-first_sequence")

    def standing(self, election: Election) -> Any:
        """Return the election's newest publication, or None where that one was withdrawn.

        For headlines and external figures: the newest is shown, and the one before does not
        return when it is withdrawn.
        """
        published = self.filter(election=election, withdrawn=False).select_related("replaced_by")
        newest = published.order_by("-pk").first()
        return newest if newest is not None and newest.is_current else None


class Publication(AppendOnly):
    """Abstract base of one revision of a publication other than a declaration.

    A new wording is another row that `replaces` this one; a withdrawal is a row that replaces it
    and is `withdrawn`. All revisions are one entry of the feed, numbered by `first_sequence`.
    """

    election = models.ForeignKey(Election, models.CASCADE)
    sequence = models.PositiveIntegerField(_("bulletin"))
    first_sequence = models.PositiveIntegerField(_("first bulletin"), editable=False)
    replaces = models.OneToOneField(
        "self", models.RESTRICT, null=True, blank=True, related_name="replaced_by"
    )
    withdrawn = models.BooleanField(_("withdrawn"), default=False)
    #: The sequence of the bulletin that erased its words for good.
    erased_by = models.PositiveIntegerField(null=True, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)
    created_at = models.DateTimeField(_("published at"), default=clock.now, editable=False)

    objects = PublicationQuerySet.as_manager()  # type: ignore[misc]  # narrows the base class’s

    class Meta:
        abstract = True

    @property
    def first_published_at(self) -> datetime:
        """When its first wording was published, which is where it stands in the feed."""
        if self.sequence == self.first_sequence:
            return self.created_at
        of_election = type(self).objects.filter(election_id=self.election_id)
        first: datetime = of_election.get(sequence=self.first_sequence).created_at
        return first

    @property
    def bulletin_field(self) -> str:
        """The field of `Bulletin` that refers to this model."""
        relation = self._meta.get_field("bulletin").remote_field
        assert relation is not None
        return relation.name

    @property
    def is_current(self) -> bool:
        """Whether readers see it: `PublicationQuerySet.current` for one row."""
        return not self.withdrawn and not hasattr(self, "replaced_by")

    @property
    def newest(self) -> Self:
        """The newest revision of this publication, which may be its withdrawal."""
        revision = self
        while (later := getattr(revision, "replaced_by", None)) is not None:
            revision = later
        return revision

    @property
    def full_text(self) -> str:
        """The full text that readers see, for the audit trail."""
        return str(self)


class SeatPublication(Publication):
    """Abstract base of a publication that may belong to one contest."""

    contest = models.ForeignKey(Contest, models.CASCADE, null=True, blank=True)

    class Meta:
        abstract = True
