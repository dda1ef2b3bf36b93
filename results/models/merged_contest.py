"""Contests that an editor has merged into another."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .contest import Contest
from .election import Election


class MergedContest(models.Model):
    """What a contest was called that is another one now, which is deleted by the merge.

    Its address leads to the other contest for good, and files that identify a ballot by its name,
    code or ballot paper id find the other one.
    """

    election = models.ForeignKey(Election, models.CASCADE, related_name="merged_contests")
    contest = models.ForeignKey(
        Contest, models.CASCADE, related_name="merged", verbose_name=_("contest")
    )
    slug = models.SlugField(_("earlier address"), max_length=120)
    name = models.CharField(_("name"), max_length=160)
    body = models.CharField(_("body"), max_length=160)
    code = models.CharField(_("official code"), max_length=20, blank=True)
    ballot_paper_id = models.CharField(_("ballot paper id"), max_length=200, blank=True)
    by_election = models.BooleanField(_("by-election"), default=False)

    class Meta:
        ordering = ["slug"]
        constraints = [
            models.UniqueConstraint(fields=["election", "slug"], name="merged_contest_address")
        ]
        verbose_name = _("merged contest")
        verbose_name_plural = _("merged contests")

    def __str__(self) -> str:
        return f"{self.name} ({self.slug})"


def contest_at(election: Election, slug: str) -> Contest | None:
    """Return the contest with this address, or the one that it was merged into."""
    contest = Contest.objects.filter(election=election, slug=slug).first()
    if contest is not None:
        return contest
    merged = MergedContest.objects.filter(election=election, slug=slug).select_related("contest")
    found = merged.first()
    return found.contest if found else None
