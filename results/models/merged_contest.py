"""Contests that an editor has merged into another, and addresses that contests had before."""

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from .contest import Contest
from .election import Election


class MergedContest(models.Model):
    """The earlier names and address of a contest that was merged or moved.

    A merge deletes the contest that was merged into another; an editor may also change the address
    of one contest. The earlier address redirects for good, and files that identify a ballot by its
    earlier name, code or ballot paper id find the present contest.
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


def keep_address(before: Contest, into: Contest) -> None:
    """Redirect an earlier address of a contest to another, or to its own present address."""
    MergedContest.objects.filter(election=into.election, slug=into.slug, contest=into).delete()
    MergedContest.objects.create(
        election=into.election,
        contest=into,
        slug=before.slug,
        name=before.name,
        body=before.body.name,
        code=before.code,
        ballot_paper_id=before.ballot_paper_id,
        by_election=before.by_election,
    )


def contest_at(election: Election, slug: str) -> Contest | None:
    """Return the contest with this address, or the one that it was merged into."""
    contest = Contest.objects.filter(election=election, slug=slug).first()
    if contest is not None:
        return contest
    merged = MergedContest.objects.filter(election=election, slug=slug).select_related("contest")
    found = merged.first()
    return found.contest if found else None


def is_contest_address(election_slug: str, slug: str) -> bool:
    """Whether a contest has or had this address."""
    own = {"election": OuterRef("pk"), "slug": slug}
    found = Exists(Contest.objects.filter(**own)) | Exists(MergedContest.objects.filter(**own))
    return Election.objects.filter(found, slug=election_slug).exists()
